using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Topology.Steps;

namespace RvkApp.AppHost.Topology.Live;

/// <summary>The topology as a resource of a run: it runs nothing, and carries the picture that a dashboard may show (docs/decisions/0073).</summary>
/// <param name="name">Its name.</param>
internal sealed class TopologyResource(string name) : Resource(name);

/// <summary>Hands the topology to the dashboard.</summary>
internal static class TopologyResourceExtensions
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Drawing for the first time takes a processor for a moment, and the first requests come when the entrance is healthy.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>Adds the topology. Drawn 3 s after the entrance is healthy, or after 23 s: nothing that people wait for gets slower by it.</summary>
    /// <param name="builder">The application's builder, in run mode.</param>
    /// <param name="options">Section <c>Aws</c>.</param>
    /// <param name="api">The API.</param>
    /// <param name="entrance">What clients talk to; the API itself where it listens itself.</param>
    /// <param name="mongo">MongoDB.</param>
    public static void AddTopology(
        this IDistributedApplicationBuilder builder, TopologyOptions options, IResource api, IResource entrance, IResource mongo)
    {
        var output = new TopologyOutput(TopologyOutput.DefaultDirectory(builder.AppHostDirectory));
        var running = new RunningParts(api.Name, entrance.Name, mongo.Name);
        builder.AddResource(new TopologyResource("topology"))
            .ExcludeFromManifest()
            .WithRelationship(entrance, "Shows")
            .WithRelationship(mongo, "Shows")
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Topology", State = "Not drawn yet", Properties = [] })
            .OnInitializeResource((resource, started, stopping) => FollowAsync(resource, started.Notifications, options, running, output, stopping));
    }

    private static async Task FollowAsync(
        TopologyResource resource, ResourceNotificationService notifications, TopologyOptions options, RunningParts running, TopologyOutput output, CancellationToken stopping)
    {
        try
        {
            await WaitForEntranceAsync(notifications, running.Entrance, stopping);
            await Task.Delay(Pause, stopping);
            var checklist = new PublishedChecklist(output, options, File.GetLastWriteTimeUtc(typeof(TopologyResource).Assembly.Location));
            var facts = TopologyProperties.Of(options, running);
            using var timer = new PeriodicTimer(Poll);
            (DateTime, DateTime)? read = null;
            do
            {
                var stamp = checklist.Stamp;
                if (stamp != read)
                {
                    read = stamp;
                    var found = checklist.Read();
                    await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = StateOf(found), Properties = [.. facts, TopologyProperties.Checklist(found)] });
                }
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private static async Task WaitForEntranceAsync(ResourceNotificationService notifications, string entrance, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        try
        {
            await notifications.WaitForResourceHealthyAsync(entrance, WaitBehavior.WaitOnResourceUnavailable, patience.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // It does not come up, and the picture helps to see why.
        }
    }

    private static ResourceStateSnapshot StateOf(ChecklistDocument checklist)
    {
        var score = string.Create(CultureInfo.InvariantCulture, $"{checklist.Passed}/{checklist.Checks.Length}");
        return checklist.State switch
        {
            "current" when checklist.Passed == checklist.Checks.Length => new($"Verified {score}", KnownResourceStateStyles.Success),
            "current" => new($"Failed verification {score}", KnownResourceStateStyles.Error),
            "outdated" => new("Verification out of date", KnownResourceStateStyles.Warn),
            "unreadable" => new("Verification unreadable", KnownResourceStateStyles.Warn),
            _ => new("Not verified", KnownResourceStateStyles.Info),
        };
    }
}

/// <summary>The resources of this run that stand for parts of the cloud.</summary>
/// <param name="Api">The API.</param>
/// <param name="Entrance">What clients talk to; the API itself where there is no gateway.</param>
/// <param name="Mongo">MongoDB.</param>
internal sealed record RunningParts(string Api, string Entrance, string Mongo)
{
    /// <summary>The gateway; <see langword="null"/> where the API listens itself.</summary>
    public string? Gateway => Entrance == Api ? null : Entrance;
}

/// <summary>The properties that a dashboard understands.</summary>
internal static class TopologyProperties
{
    /// <summary>The picture as SVG.</summary>
    public const string DiagramName = "topology.diagram";

    /// <summary>The flows.</summary>
    public const string FlowsName = "topology.flows";

    /// <summary>The parts.</summary>
    public const string PartsName = "topology.parts";

    /// <summary>The security groups.</summary>
    public const string GroupsName = "topology.groups";

    /// <summary>What was verified.</summary>
    public const string ChecklistName = "topology.checklist";

    /// <summary>Those that do not change during a run.</summary>
    /// <param name="options">Section <c>Aws</c>.</param>
    /// <param name="running">What stands for which part.</param>
    /// <returns>The properties.</returns>
    public static ImmutableArray<ResourcePropertySnapshot> Of(TopologyOptions options, RunningParts running)
    {
        var model = DeclaredDiagram.Make(options);
        var json = TopologyDocumentsContext.Default;
        return
        [
            new(DiagramName, Diagram.Render(model, DiagramMetrics.Wide).ToString()),
            new(FlowsName, JsonSerializer.Serialize(Flows(options, running), json.Flows)),
            new(PartsName, JsonSerializer.Serialize([.. model.Nodes.Select(node => new PartDocument(node.Id, node.Title, node.Detail, node.Group, ResourceOf(node.Id, running)))], json.Parts)),
            new(GroupsName, JsonSerializer.Serialize([.. Handshake.Groups.Select(group => Group(group, options))], json.Groups)),
        ];
    }

    /// <summary>The one that changes.</summary>
    /// <param name="checklist">What was verified.</param>
    /// <returns>The property.</returns>
    public static ResourcePropertySnapshot Checklist(ChecklistDocument checklist)
        => new(ChecklistName, JsonSerializer.Serialize(checklist, TopologyDocumentsContext.Default.Checklist));

    private static ImmutableArray<FlowDocument> Flows(TopologyOptions options, RunningParts running) =>
    [
        .. DeclaredDiagram.Flows(options).Select((flow, index) =>
        {
            var arrow = DeclaredDiagram.Arrow(flow, index);
            return new FlowDocument(arrow.Id, flow.Protocol, flow.Port, flow.Label, flow.Reason, arrow.From, arrow.To, TelemetryOf(arrow, running));
        }),
    ];

    // What leaves for the internet, and what MongoDB writes to its disk, nobody measures on this machine.
    private static FlowTelemetry? TelemetryOf(DiagramArrow arrow, RunningParts running) => (arrow.From, arrow.To) switch
    {
        ("client", "api") => new(null, running.Entrance),
        ("api", "lambda") when running.Gateway is { } gateway => new(gateway, running.Api),
        ("lambda", "mongo") => new(running.Api, running.Mongo),
        _ => null,
    };

    private static string? ResourceOf(string part, RunningParts running) => part switch
    {
        "api" => running.Gateway,
        "lambda" => running.Api,
        "mongo" => running.Mongo,
        _ => null,
    };

    private static GroupDocument Group(GroupSpec group, TopologyOptions options)
    {
        var flows = Handshake.Flows(options.AllowHttpEgress);
        return new GroupDocument(
            group.Name,
            group.Tier.ToString(),
            group.Description,
            [
                .. flows.Where(flow => flow.To == group.Tier).Select(flow => new RuleDocument("in", Label(flow), NameOf(flow.From), flow.MirrorReason ?? flow.Reason)),
                .. flows.Where(flow => flow.From == group.Tier).Select(flow => new RuleDocument("out", Label(flow), flow.To is { } to ? NameOf(to) : "0.0.0.0/0", flow.Reason)),
            ]);
    }

    private static string NameOf(Tier tier) => Handshake.Groups.First(group => group.Tier == tier).Name;

    private static string Label(FlowSpec flow) => Ports.Label(flow.Protocol == Protocol.Tcp ? "tcp" : "udp", flow.Port.ToString(CultureInfo.InvariantCulture));
}
