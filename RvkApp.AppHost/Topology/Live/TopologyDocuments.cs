using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RvkApp.AppHost.Topology.Live;

/// <summary>An entry of the property <c>topology.flows</c>. The schema is documented in docs/decisions/0073.</summary>
internal sealed record FlowDocument(
    string Id, string Protocol, int? Port, string Label, string Reason, string Source, string Target, FlowTelemetry? Telemetry);

/// <summary>Whose telemetry is the traffic of a flow.</summary>
/// <param name="Source">The resource that calls; <see langword="null"/> is somebody outside of the model.</param>
/// <param name="Target">The resource that is called.</param>
internal sealed record FlowTelemetry(string? Source, string Target);

/// <summary>An entry of the property <c>topology.parts</c>.</summary>
/// <param name="Id">The part's name in the diagram (<c>data-part</c>).</param>
/// <param name="Title">What it is.</param>
/// <param name="Detail">A few words more.</param>
/// <param name="Group">The name of its security group; <see langword="null"/> where it has none.</param>
/// <param name="Resource">The resource that stands for it in this run; <see langword="null"/> where none does.</param>
internal sealed record PartDocument(string Id, string Title, string Detail, string? Group, string? Resource);

/// <summary>An entry of the property <c>topology.groups</c>.</summary>
internal sealed record GroupDocument(string Name, string Tier, string Description, ImmutableArray<RuleDocument> Rules);

/// <summary>A rule of a group.</summary>
/// <param name="Direction"><c>in</c> or <c>out</c>.</param>
/// <param name="Label">The protocol and the port.</param>
/// <param name="Peer">The other group's name, or an address range.</param>
/// <param name="Reason">Why it exists.</param>
internal sealed record RuleDocument(string Direction, string Label, string Peer, string Reason);

/// <summary>The property <c>topology.checklist</c>.</summary>
/// <param name="State"><c>absent</c>, <c>unreadable</c>, <c>outdated</c> or <c>current</c>.</param>
/// <param name="Explanation">What that means here.</param>
/// <param name="Command">What to run to verify anew.</param>
/// <param name="VerifiedUtc">When it was verified; <see langword="null"/> where it was not.</param>
/// <param name="Publish">The file that says so, which the publish wrote; <see langword="null"/> where there is none.</param>
/// <param name="Checks">The checks; empty where nothing was verified.</param>
internal sealed record ChecklistDocument(string State, string Explanation, string Command, DateTime? VerifiedUtc, string? Publish, ImmutableArray<CheckDocument> Checks)
{
    /// <summary>How many hold.</summary>
    [JsonIgnore]
    public int Passed => Checks.Count(check => check.Passed);
}

/// <summary>A check.</summary>
/// <param name="Id">Its stable name.</param>
/// <param name="Title">What has to hold, as a sentence.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Evidence">What makes it hold.</param>
/// <param name="Problems">What is missing or wrong, and what to do about it.</param>
internal sealed record CheckDocument(string Id, string Title, bool Passed, ImmutableArray<string> Evidence, ImmutableArray<string> Problems);

/// <summary>The generated serializers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImmutableArray<FlowDocument>), TypeInfoPropertyName = "Flows")]
[JsonSerializable(typeof(ImmutableArray<PartDocument>), TypeInfoPropertyName = "Parts")]
[JsonSerializable(typeof(ImmutableArray<GroupDocument>), TypeInfoPropertyName = "Groups")]
[JsonSerializable(typeof(ChecklistDocument), TypeInfoPropertyName = "Checklist")]
internal sealed partial class TopologyDocumentsContext : JsonSerializerContext;
