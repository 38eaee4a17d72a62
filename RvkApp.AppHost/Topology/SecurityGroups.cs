using Amazon.CDK;
using Amazon.CDK.AWS.EC2;

namespace RvkApp.AppHost.Topology;

/// <summary>The three security groups, made from the <see cref="Handshake"/>.</summary>
internal sealed class SecurityGroups
{
    private readonly Dictionary<Tier, CfnSecurityGroup> _groups = [];

    public SecurityGroups(Stack stack, CfnVPC vpc, TopologyOptions options)
    {
        var flows = Handshake.Flows(options.AllowHttpEgress);
        foreach (var group in Handshake.Groups)
        {
            var outside = flows.Where(flow => flow.From == group.Tier && flow.To is null).Select(ToAnywhere).ToArray();
            var resource = new CfnSecurityGroup(stack, $"{group.Tier}SecurityGroup", new CfnSecurityGroupProps
            {
                VpcId = vpc.Ref,
                GroupName = group.Name,
                GroupDescription = group.Description,
                // EC2 gives a group without egress rules of its own one that allows everything.
                SecurityGroupEgress = outside.Length > 0 ? outside : [Nowhere],
            });
            resource.Name(group.Name);
            Tags.Of(resource).Add("Tier", group.Tier.ToString());
            _groups.Add(group.Tier, resource);
        }

        // The groups name each other, so these rules cannot be part of them: CloudFormation could make neither group first.
        foreach (var flow in flows)
        {
            if (flow.To is { } to)
            {
                AddBetween(stack, flow, to);
            }
        }
    }

    /// <summary>The rules between groups: what has to be there before a connection can be opened.</summary>
    public IReadOnlyList<CfnResource> Between => _between;

    // Replies to connections that were let in need no rule: security groups are stateful. The rule is one that nothing can match.
    private static CfnSecurityGroup.EgressProperty Nowhere { get; } = new()
    {
        Description = "Disallow all traffic",
        IpProtocol = "icmp",
        FromPort = 252,
        ToPort = 86,
        CidrIp = "255.255.255.255/32",
    };

    private readonly List<CfnResource> _between = [];

    /// <summary>The id of a tier's group.</summary>
    public string Id(Tier tier) => _groups[tier].AttrGroupId;

    private static CfnSecurityGroup.EgressProperty ToAnywhere(FlowSpec flow) => new()
    {
        Description = flow.Reason,
        IpProtocol = Name(flow.Protocol),
        FromPort = flow.Port,
        ToPort = flow.Port,
        CidrIp = "0.0.0.0/0",
    };

    private void AddBetween(Stack stack, FlowSpec flow, Tier to)
    {
        _between.Add(new CfnSecurityGroupEgress(stack, $"{flow.From}To{to}{flow.Port}", new CfnSecurityGroupEgressProps
        {
            GroupId = Id(flow.From),
            Description = flow.Reason,
            IpProtocol = Name(flow.Protocol),
            FromPort = flow.Port,
            ToPort = flow.Port,
            DestinationSecurityGroupId = Id(to),
        }));
        _between.Add(new CfnSecurityGroupIngress(stack, $"{to}From{flow.From}{flow.Port}", new CfnSecurityGroupIngressProps
        {
            GroupId = Id(to),
            Description = flow.MirrorReason ?? flow.Reason,
            IpProtocol = Name(flow.Protocol),
            FromPort = flow.Port,
            ToPort = flow.Port,
            SourceSecurityGroupId = Id(flow.From),
        }));
    }

    private static string Name(Protocol protocol) => protocol == Protocol.Tcp ? "tcp" : "udp";
}
