using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>Where in the picture a node stands; from the outside in.</summary>
internal enum DiagramPlace
{
    /// <summary>Any address, as somewhere that connections go to.</summary>
    Internet,

    /// <summary>Any address, as somewhere that connections come from.</summary>
    Client,

    /// <summary>The entry, outside of the network.</summary>
    Entry,

    /// <summary>The application's row.</summary>
    Application,

    /// <summary>The data's row, first.</summary>
    Data,

    /// <summary>The data's row, below.</summary>
    Storage,

    /// <summary>Whatever has no place in the picture: a row below.</summary>
    Elsewhere,
}

/// <summary>A row of subnets.</summary>
internal enum SubnetRow
{
    /// <summary>Those with a route to the internet gateway and no workload.</summary>
    Public,

    /// <summary>The application's.</summary>
    Application,

    /// <summary>The data's.</summary>
    Data,

    /// <summary>Those that nothing stands in.</summary>
    Other,
}

/// <summary>How an arrow is meant.</summary>
internal enum ArrowState
{
    /// <summary>Possible, and meant to be.</summary>
    Allowed,

    /// <summary>Meant to be possible, and is not.</summary>
    Missing,

    /// <summary>Possible, and not meant to be.</summary>
    Extra,
}

/// <summary>What a diagram shows. It knows nothing of templates or reports, so that a running system can be drawn as well.</summary>
/// <param name="Title">The picture's name, for those who cannot see it.</param>
/// <param name="Description">What the picture shows, in a sentence or two, for those who cannot see it.</param>
/// <param name="Network">The network around the subnets; <see langword="null"/> where there is none.</param>
/// <param name="Nodes">Who opens and answers connections.</param>
/// <param name="Arrows">The connections, in reading order, which is the order of the Tab key.</param>
internal sealed record DiagramModel(string Title, string Description, DiagramNetwork? Network, ImmutableArray<DiagramNode> Nodes, ImmutableArray<DiagramArrow> Arrows);

/// <summary>A network.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Detail">Its address range.</param>
/// <param name="InternetGateway">The internet gateway's label; <see langword="null"/> where there is none.</param>
/// <param name="Subnets">Its subnets.</param>
internal sealed record DiagramNetwork(string Title, string Detail, string? InternetGateway, ImmutableArray<DiagramSubnet> Subnets);

/// <summary>A subnet.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Zone">Its Availability Zone, counted from 0: its column.</param>
/// <param name="Title">What it is, such as <c>data</c>.</param>
/// <param name="Detail">Its address range.</param>
/// <param name="NatGateways">The labels of the NAT gateways in it.</param>
/// <param name="Alarm">What is wrong with it; <see langword="null"/> where nothing is.</param>
internal sealed record DiagramSubnet(SubnetRow Row, int Zone, string Title, string Detail, ImmutableArray<string> NatGateways, string? Alarm = null);

/// <summary>Somebody who opens or answers connections.</summary>
/// <param name="Id">The name arrows use.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Title">What it is.</param>
/// <param name="Detail">A few words more.</param>
/// <param name="Group">The security group around it; <see langword="null"/> where there is none.</param>
/// <param name="Absent">Whether an arrow needs it but it does not exist.</param>
internal sealed record DiagramNode(string Id, DiagramPlace Place, string Title, string Detail, string? Group = null, bool Absent = false);

/// <summary>A connection.</summary>
/// <param name="Anchor">The id of the element that explains it: what the arrow links to.</param>
/// <param name="From">Who opens it.</param>
/// <param name="To">Who answers.</param>
/// <param name="Label">The port, such as <c>TCP 27017</c>.</param>
/// <param name="Name">The whole of it in a sentence, for those who cannot see it.</param>
/// <param name="State">How it is meant.</param>
internal sealed record DiagramArrow(string Anchor, string From, string To, string Label, string Name, ArrowState State)
{
    /// <summary>Its stable name, the attribute <c>data-flow</c> of the picture: <c>lambda-mongo-tcp-27017</c>.</summary>
    public string Id => $"{From}-{To}-{Label}".Replace(' ', '-').ToLowerInvariant();
}
