using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>What the page shows that neither the template nor the report says: how it was published and what to do next.</summary>
/// <param name="Environment">The environment's name, such as <c>Production</c>.</param>
/// <param name="Options">The settings the stack was made with, in the order to show them; no secret among them.</param>
/// <param name="Commands">What to run next, in the order to show them; without machine paths, so that two publishes give the same page.</param>
internal sealed record TopologyPageFacts(string Environment, ImmutableArray<OptionFact> Options, ImmutableArray<CommandFact> Commands);

/// <summary>A setting the stack was made with.</summary>
/// <param name="Name">Its full name, such as <c>Aws:AllowHttpEgress</c>.</param>
/// <param name="Value">Its value as configuration writes it.</param>
/// <param name="Meaning">What it does, in a few words.</param>
internal sealed record OptionFact(string Name, string Value, string Meaning);

/// <summary>A command that somebody may want to run.</summary>
/// <param name="Purpose">What it does, such as <c>Deploy</c>.</param>
/// <param name="Line">The command line.</param>
internal sealed record CommandFact(string Purpose, string Line);
