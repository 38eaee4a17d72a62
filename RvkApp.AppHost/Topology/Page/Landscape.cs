using System.Collections.Immutable;
using RvkApp.AppHost.Verification;
using Resource = RvkApp.AppHost.Verification.Resource;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>A subnet as the template has it.</summary>
/// <param name="Id">The logical id.</param>
/// <param name="Range">The address range.</param>
/// <param name="Zone">The Availability Zone, counted from 0.</param>
/// <param name="IsPublic">Whether its default route is the internet gateway.</param>
/// <param name="NatGateways">The logical ids of the NAT gateways in it.</param>
internal sealed record Subnet(string Id, string Range, int Zone, bool IsPublic, ImmutableArray<string> NatGateways);

/// <summary>A security group as the template has it.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Name">Its name in EC2, else what people call it.</param>
/// <param name="Rules">Its rules, wherever the template writes them.</param>
internal sealed record Group(Resource Resource, string Name, ImmutableArray<GroupRule> Rules);

/// <summary>A rule of a security group.</summary>
/// <param name="Id">The logical id of what writes it: a resource of its own, or the group.</param>
/// <param name="GroupId">The group's logical id.</param>
/// <param name="Outbound">Whether it lets out, and not in.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, … or <c>all</c>.</param>
/// <param name="FirstPort">The first port; 0 where it is not limited.</param>
/// <param name="LastPort">The last port; 65535 where it is not limited.</param>
/// <param name="Peer">The logical id of the other group, an address range, or what the template says instead.</param>
/// <param name="Description">Why it exists, as EC2 will show it; empty where the template does not say.</param>
internal sealed record GroupRule(
    string Id, string GroupId, bool Outbound, string Protocol, int FirstPort, int LastPort, string Peer, string Description)
{
    /// <summary>Whether no packet can match it: what "no rule" has to be written as, since EC2 lets everything out of a group without one.</summary>
    public bool PermitsNothing => AddressRange.TryParse(Peer, out var range) && range.IsUnroutable;

    /// <summary>The protocol and the ports, such as <c>TCP 27017</c>.</summary>
    public string Label => Ports.Label(Protocol, Protocol == "all" || FirstPort == 0 && LastPort == 65535 ? string.Empty : Ports.Range(FirstPort, LastPort));
}

/// <summary>Something that opens or answers connections.</summary>
/// <param name="Node">Its name in the report: <c>api</c>, <c>lambda</c>, <c>mongo</c> or <c>efs</c>.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Groups">The logical ids of its security groups.</param>
/// <param name="Subnets">The logical ids of the subnets its network interfaces are in.</param>
internal sealed record Workload(string Node, Resource Resource, ImmutableArray<string> Groups, ImmutableArray<string> Subnets);

/// <summary>The network of a template and what stands in it: what the picture and the matrix are made from.</summary>
/// <param name="Vpc">The VPC; <see langword="null"/> where there is none.</param>
/// <param name="InternetGateway">The internet gateway; <see langword="null"/> where there is none.</param>
/// <param name="Subnets">The subnets, by address.</param>
/// <param name="Groups">The security groups, those of the workloads first.</param>
/// <param name="Workloads">The workloads, from the outside in.</param>
internal sealed record Landscape(
    Resource? Vpc, Resource? InternetGateway, ImmutableArray<Subnet> Subnets, ImmutableArray<Group> Groups, ImmutableArray<Workload> Workloads)
{
    /// <summary>Who the report calls by a name.</summary>
    /// <param name="node">The name.</param>
    /// <returns>The workload; <see langword="null"/> for the internet, for a logical id, and for what the template does not have.</returns>
    public Workload? Find(string node) => Workloads.FirstOrDefault(workload => workload.Node == node);

    /// <summary>The rules that a flow is about.</summary>
    /// <param name="flow">The flow.</param>
    /// <returns>Those that let it out, then those that let it in.</returns>
    public ImmutableArray<GroupRule> RulesOf(FlowResult flow)
    {
        var (from, to) = (GroupsOf(flow.From), GroupsOf(flow.To));
        return
        [
            .. Groups.SelectMany(group => group.Rules).Where(rule => rule.Outbound && from.Contains(rule.GroupId) && Fits(rule, flow, flow.To, to)),
            .. Groups.SelectMany(group => group.Rules).Where(rule => !rule.Outbound && to.Contains(rule.GroupId) && Fits(rule, flow, flow.From, from)),
        ];
    }

    private ImmutableArray<string> GroupsOf(string node)
        => Find(node)?.Groups ?? [.. Groups.Where(group => group.Resource.Id == node).Select(group => group.Resource.Id)];

    private bool Fits(GroupRule rule, FlowResult flow, string peer, ImmutableArray<string> peerGroups)
        => !rule.PermitsNothing
            && (rule.Protocol == "all" || flow.Protocol is "all" or "any" || rule.Protocol == flow.Protocol)
            && Ports.Overlap(flow.Ports, rule.FirstPort, rule.LastPort)
            && (peerGroups.Contains(rule.Peer) || (AddressRange.TryParse(rule.Peer, out var range) && IsAt(peer, range)));

    private bool IsAt(string node, AddressRange range)
        => Find(node) is { } workload
            ? Subnets.Any(subnet => workload.Subnets.Contains(subnet.Id) && AddressRange.TryParse(subnet.Range, out var addresses) && addresses.Overlaps(range))
            : node != "internet" || range.ReachesInternet;
}
