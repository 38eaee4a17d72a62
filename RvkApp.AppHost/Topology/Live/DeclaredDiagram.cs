using System.Collections.Immutable;
using System.Globalization;
using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Live;

/// <summary>
/// The picture of what a publish would make, from the <see cref="Handshake"/>, the <see cref="AddressPlan"/> and the options: without the CDK, which takes
/// seconds to start. A test holds it to the picture of the synthesized template, part by part.
/// </summary>
internal static class DeclaredDiagram
{
    /// <summary>The picture.</summary>
    /// <param name="options">Section <c>Aws</c>.</param>
    /// <returns>Its model, equal to the one of the template that these options make.</returns>
    public static DiagramModel Make(TopologyOptions options) => new(
        TopologyDiagram.Name,
        TopologyDiagram.Description,
        Network(),
        [
            new("internet", DiagramPlace.Internet, "Internet", "any address"),
            new("client", DiagramPlace.Client, "Client", "any address"),
            Node("api", DiagramPlace.Entry, "HTTP API"),
            Node("lambda", DiagramPlace.Application, string.Create(CultureInfo.InvariantCulture, $"{options.LambdaMemory} MB, {options.LambdaTimeout} s"), Tier.Application),
            Node("mongo", DiagramPlace.Data, new FargateFacts(options.MongoSize.Cpu / 1024.0, options.MongoSize.Memory, 1, options.MongoImage).Summary, Tier.Data),
            Node("efs", DiagramPlace.Storage, $"mount targets: {string.Join(", ", AddressPlan.Data.Select((_, zone) => $"AZ {zone + 1}"))}", Tier.Storage),
        ],
        [.. Flows(options).Select((flow, index) => Arrow(flow, index))]);

    /// <summary>The flows: what comes in from outside of the security groups, then the handshake.</summary>
    /// <param name="options">Section <c>Aws</c>.</param>
    /// <returns>The flows, in the order of the report.</returns>
    public static ImmutableArray<DeclaredFlow> Flows(TopologyOptions options) =>
    [
        new("internet", "api", "https", 443, "Clients call the HTTP API, the only public entry point"),
        new("api", "lambda", "invoke", null, "API Gateway invokes the function; IAM allows it, no security group takes part"),
        .. Handshake.Flows(options.AllowHttpEgress).Select(flow => new DeclaredFlow(
            NodeOf(flow.From), flow.To is { } to ? NodeOf(to) : "internet", flow.Protocol == Protocol.Tcp ? "tcp" : "udp", flow.Port, flow.Reason)),
    ];

    /// <summary>The report's name for the workload of a tier.</summary>
    /// <param name="tier">The tier.</param>
    /// <returns>The name.</returns>
    public static string NodeOf(Tier tier) => tier switch { Tier.Application => "lambda", Tier.Data => "mongo", _ => "efs" };

    /// <summary>A flow as an arrow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="index">Its place.</param>
    /// <returns>The arrow.</returns>
    public static DiagramArrow Arrow(DeclaredFlow flow, int index) => new(
        TopologyDiagram.Anchor(index),
        TopologyDiagram.Node(flow.From, isSource: true),
        TopologyDiagram.Node(flow.To, isSource: false),
        flow.Label,
        TopologyDiagram.ArrowName(flow.From, flow.To, flow.Label, FlowState.Allowed),
        ArrowState.Allowed);

    private static DiagramNode Node(string name, DiagramPlace place, string detail, Tier? tier = null)
        => new(name, place, TopologyDiagram.TitleOf(name), detail, tier is { } of ? Handshake.Groups.First(group => group.Tier == of).Name : null);

    private static DiagramNetwork Network() => new(
        AddressPlan.NetworkName,
        AddressPlan.Network,
        "internet gateway",
        [
            new(SubnetRow.Public, 0, "public", AddressPlan.Public, ["NAT gateway"]),
            .. AddressPlan.Application.Select((range, zone) => new DiagramSubnet(SubnetRow.Application, zone, "application", range, [])),
            .. AddressPlan.Data.Select((range, zone) => new DiagramSubnet(SubnetRow.Data, zone, "data", range, [])),
        ]);
}

/// <summary>A connection of the topology.</summary>
/// <param name="From">The report's name of who opens it.</param>
/// <param name="To">The report's name of who answers.</param>
/// <param name="Protocol"><c>https</c>, <c>invoke</c>, <c>tcp</c> or <c>udp</c>.</param>
/// <param name="Port">The port; <see langword="null"/> for <c>invoke</c>.</param>
/// <param name="Reason">Why it exists.</param>
internal sealed record DeclaredFlow(string From, string To, string Protocol, int? Port, string Reason)
{
    /// <summary>The protocol and the port, such as <c>TCP 27017</c>.</summary>
    public string Label => Ports.Label(Protocol, Port?.ToString(CultureInfo.InvariantCulture) ?? string.Empty);
}
