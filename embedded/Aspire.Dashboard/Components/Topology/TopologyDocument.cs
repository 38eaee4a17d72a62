using System.Collections.Immutable;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Components.Topology;

/// <summary>Whose telemetry is the traffic of a flow.</summary>
/// <param name="Source">The resource that calls; null is somebody outside of the model.</param>
/// <param name="Target">The resource that is called.</param>
public sealed record FlowTelemetry(string? Source, string Target);

/// <summary>A connection that is allowed.</summary>
public sealed record FlowEntry(string Id, string Protocol, int? Port, string Label, string Reason, string Source, string Target, FlowTelemetry? Telemetry);

/// <summary>Somebody at an end of a flow.</summary>
/// <param name="Id">Its name in flows and in the picture.</param>
/// <param name="Title">What it is.</param>
/// <param name="Detail">A few words more.</param>
/// <param name="Group">The name of its security group; null where it has none.</param>
/// <param name="Resource">The resource that stands for it in this run; null where none does.</param>
public sealed record PartEntry(string Id, string Title, string Detail, string? Group, string? Resource);

/// <summary>A security group.</summary>
public sealed record GroupEntry(string Name, string Tier, string Description, IReadOnlyList<RuleEntry> Rules);

/// <summary>A rule of a security group.</summary>
/// <param name="Direction"><c>in</c> or <c>out</c>.</param>
/// <param name="Label">The protocol and the port.</param>
/// <param name="Peer">The other group's name, or an address range.</param>
/// <param name="Reason">Why it exists.</param>
public sealed record RuleEntry(string Direction, string Label, string Peer, string Reason);

/// <summary>What was verified.</summary>
/// <param name="State"><c>absent</c>, <c>unreadable</c>, <c>outdated</c> or <c>current</c>.</param>
/// <param name="Explanation">What that means.</param>
/// <param name="Command">What to run to verify anew.</param>
/// <param name="VerifiedUtc">When it was verified; null where it was not.</param>
/// <param name="Publish">The file that says so; null where there is none.</param>
/// <param name="Checks">The checks.</param>
public sealed record ChecklistEntry(string State, string Explanation, string Command, DateTime? VerifiedUtc, string? Publish, IReadOnlyList<CheckEntry> Checks);

/// <summary>A check.</summary>
public sealed record CheckEntry(string Id, string Title, bool Passed, IReadOnlyList<string> Evidence, IReadOnlyList<string> Problems);

/// <summary>A topology as a resource of the model hands it over in its properties (docs/decisions/0073).</summary>
/// <param name="Svg">The picture, checked to be harmless.</param>
/// <param name="Flows">The flows, in the picture's order.</param>
/// <param name="Parts">The parts.</param>
/// <param name="Groups">The security groups.</param>
/// <param name="Checklist">What was verified; null where nothing is said about it.</param>
public sealed record TopologyDocument(string Svg, IReadOnlyList<FlowEntry> Flows, IReadOnlyList<PartEntry> Parts, IReadOnlyList<GroupEntry> Groups, ChecklistEntry? Checklist)
{
    /// <summary>The property with the picture: a resource that has it hands over a topology.</summary>
    public const string Diagram = "topology.diagram";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Whether a property is a part of a topology.</summary>
    public static bool Has(ResourcePropertySnapshot property) => property.Name.StartsWith("topology.", StringComparison.Ordinal);

    /// <summary>What the page depends on: equal arrays, equal topology.</summary>
    public static ImmutableArray<ResourcePropertySnapshot> PropertiesOf(CustomResourceSnapshot snapshot)
        => snapshot.Properties.Any(p => p.Name == Diagram) ? snapshot.Properties : [];

    /// <summary>Reads the properties.</summary>
    /// <exception cref="FormatException">The picture is refused, or a property is not what it should be: which.</exception>
    public static TopologyDocument Read(ImmutableArray<ResourcePropertySnapshot> properties) => new(
        SafeSvg.Check(Text(properties, Diagram) ?? throw new FormatException($"The property {Diagram} is no text.")),
        Parse<FlowEntry[]>(properties, "topology.flows") ?? [],
        Parse<PartEntry[]>(properties, "topology.parts") ?? [],
        Parse<GroupEntry[]>(properties, "topology.groups") ?? [],
        Parse<ChecklistEntry>(properties, "topology.checklist"));

    /// <summary>The title of a part, or its name where it has none.</summary>
    public string TitleOf(string part) => Parts.FirstOrDefault(p => p.Id == part)?.Title ?? part;

    /// <summary>The security group of a part; null where it has none.</summary>
    public GroupEntry? GroupOf(string part) => Parts.FirstOrDefault(p => p.Id == part)?.Group is { } name ? Groups.FirstOrDefault(g => g.Name == name) : null;

    private static string? Text(ImmutableArray<ResourcePropertySnapshot> properties, string name) => properties.FirstOrDefault(p => p.Name == name)?.Value as string;

    private static T? Parse<T>(ImmutableArray<ResourcePropertySnapshot> properties, string name) where T : class
    {
        try
        {
            return Text(properties, name) is { } text ? JsonSerializer.Deserialize<T>(text, Json) : null;
        }
        catch (JsonException error)
        {
            throw new FormatException($"The property {name} cannot be read: {error.Message}", error);
        }
    }
}
