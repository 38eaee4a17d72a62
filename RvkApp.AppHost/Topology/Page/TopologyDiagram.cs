using System.Collections.Immutable;
using System.Globalization;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>Makes a diagram of a template's network and of what verification found to flow in it.</summary>
/// <param name="landscape">The network.</param>
/// <param name="template">The template.</param>
/// <param name="report">The report.</param>
internal sealed class TopologyDiagram(Landscape landscape, Template template, VerificationReport report)
{
    /// <summary>The picture's name.</summary>
    public const string Name = "Network topology";

    /// <summary>What the picture shows.</summary>
    public const string Description =
        "Each arrow is a connection that can be opened, with its port, and a link to the rules that allow it. Solid arrows are meant to be; dashed ones are missing; thick red ones should not be possible.";

    /// <summary>The id of the element that explains a flow.</summary>
    /// <param name="index">The flow's place in the report.</param>
    /// <returns>The id.</returns>
    public static string Anchor(int index) => string.Create(CultureInfo.InvariantCulture, $"flow-{index + 1}");

    /// <summary>What people call one end of a flow.</summary>
    /// <param name="node">The report's name for it.</param>
    /// <param name="isSource">Whether it opens the connection.</param>
    /// <returns>The name.</returns>
    public static string NameOf(string node, bool isSource) => node switch
    {
        "internet" => isSource ? "Client" : "Internet",
        "api" => "API Gateway",
        "lambda" => "Lambda",
        "mongo" => "MongoDB",
        "efs" => "EFS",
        _ => node,
    };

    /// <summary>The diagram.</summary>
    /// <returns>Its model.</returns>
    public DiagramModel Make()
    {
        var arrows = report.Flows.Select((flow, index) => new DiagramArrow(
            Anchor(index),
            Node(flow.From, isSource: true),
            Node(flow.To, isSource: false),
            Ports.Label(flow.Protocol, flow.Ports),
            ArrowName(flow.From, flow.To, Ports.Label(flow.Protocol, flow.Ports), flow.State),
            flow.State switch { FlowState.Missing => ArrowState.Missing, FlowState.Extra => ArrowState.Extra, _ => ArrowState.Allowed }));
        return new DiagramModel(
            Name,
            Description,
            Network(),
            [.. Nodes()],
            [.. arrows]);
    }

    /// <summary>A connection in a sentence.</summary>
    /// <param name="from">The report's name of who opens it.</param>
    /// <param name="to">The report's name of who answers.</param>
    /// <param name="label">The port.</param>
    /// <param name="state">How it compares with the intention.</param>
    /// <returns>The sentence.</returns>
    public static string ArrowName(string from, string to, string label, FlowState state)
    {
        var connection = $"{NameOf(from, isSource: true)} to {NameOf(to, isSource: false)}, {label}";
        return state switch
        {
            FlowState.Missing => $"{connection}: missing, it should be possible and is not",
            FlowState.Extra => $"{connection}: extra, it is possible and should not be",
            _ => $"{connection}: allowed, as meant",
        };
    }

    /// <summary>What a workload is.</summary>
    /// <param name="node">The report's name for it.</param>
    /// <returns>The title of its box.</returns>
    public static string TitleOf(string node) => node switch
    {
        "api" => "API Gateway",
        "lambda" => "Lambda function",
        "mongo" => "MongoDB on ECS Fargate",
        _ => "EFS file system",
    };

    private IEnumerable<DiagramNode> Nodes()
    {
        var names = report.Flows.SelectMany(flow => new[] { Node(flow.From, isSource: true), Node(flow.To, isSource: false) }).Distinct().ToList();
        yield return new DiagramNode("internet", DiagramPlace.Internet, "Internet", "any address");
        yield return new DiagramNode("client", DiagramPlace.Client, "Client", "any address");
        foreach (var (node, place) in ((string, DiagramPlace)[])[("api", DiagramPlace.Entry), ("lambda", DiagramPlace.Application), ("mongo", DiagramPlace.Data), ("efs", DiagramPlace.Storage)])
        {
            if (landscape.Find(node) is { } workload)
            {
                var groups = landscape.Groups.Where(group => workload.Groups.Contains(group.Resource.Id)).Select(group => group.Name);
                yield return new DiagramNode(node, place, TitleOf(workload.Node), Detail(workload), string.Join(", ", groups) is { Length: > 0 } group ? group : null);
            }
            else if (names.Contains(node))
            {
                yield return new DiagramNode(node, place, NameOf(node, isSource: false), "not in the template", Absent: true);
            }
        }

        string[] known = ["internet", "client", "api", "lambda", "mongo", "efs"];
        foreach (var name in names.Except(known))
        {
            var resource = template.Resources.FirstOrDefault(resource => resource.Id == name);
            yield return new DiagramNode(name, DiagramPlace.Elsewhere, resource?.DisplayName ?? name, resource?.Type ?? string.Empty, Absent: resource is null);
        }
    }

    /// <summary>The picture's name for one end of a flow.</summary>
    /// <param name="name">The report's.</param>
    /// <param name="isSource">Whether it opens the connection.</param>
    /// <returns>The node's id.</returns>
    public static string Node(string name, bool isSource) => name == "internet" && isSource ? "client" : name;

    private string Detail(Workload workload) => workload.Node switch
    {
        "api" => workload.Resource.Text("ProtocolType") is "HTTP" ? "HTTP API" : $"{workload.Resource.At("ProtocolType")} API",
        "lambda" => $"{workload.Resource.At("MemorySize")?.ToString() ?? "128"} MB, {workload.Resource.At("Timeout")?.ToString() ?? "3"} s",
        "mongo" => FargateFacts.Of(template, workload.Resource).Summary,
        _ => string.Join(", ", landscape.Subnets.Where(subnet => workload.Subnets.Contains(subnet.Id)).Select(subnet => $"AZ {subnet.Zone + 1}")) is { Length: > 0 } zones
            ? $"mount targets: {zones}" : "no mount target",
    };

    private DiagramNetwork? Network()
    {
        if (landscape.Vpc is not { } vpc)
        {
            return null;
        }

        return new DiagramNetwork(
            vpc.DisplayName,
            vpc.At("CidrBlock")?.ToString() ?? string.Empty,
            landscape.InternetGateway is null ? null : "internet gateway",
            [.. landscape.Subnets.Select(subnet =>
            {
                var tenants = landscape.Workloads.Where(workload => workload.Subnets.Contains(subnet.Id)).Select(workload => workload.Node).ToList();
                var row = tenants.Contains("lambda") ? SubnetRow.Application : tenants.Count > 0 ? SubnetRow.Data : subnet.IsPublic ? SubnetRow.Public : SubnetRow.Other;
                var title = row switch { SubnetRow.Application => "application", SubnetRow.Data => "data", SubnetRow.Public => "public", _ => "private" };
                return new DiagramSubnet(row, subnet.Zone, title, subnet.Range, [.. subnet.NatGateways.Select(_ => "NAT gateway")], row != SubnetRow.Public && subnet.IsPublic ? "public!" : null);
            })]);
    }
}
