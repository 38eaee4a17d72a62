using System.Globalization;
using System.Text.RegularExpressions;

namespace RvkApp.AppHost.Verification;

/// <summary>What holds of every security group and every rule.</summary>
internal static partial class RuleChecks
{
    /// <summary>The quota "Inbound or outbound rules per security group" of Amazon VPC.</summary>
    private const int MaximumRules = 60;

    private static readonly string[] Workloads = ["lambda", "mongo", "efs"];

    /// <summary>Each workload has one group of its own.</summary>
    public static Check GroupPerTier(CheckContext context)
    {
        var check = new Check("group-per-tier", "Each tier has one security group, and no other tier has it");
        foreach (var node in Workloads)
        {
            var groups = context.Network.GroupsOf(node);
            var owner = context.Network.Find(node)?.LogicalId;
            if (groups is not [var group])
            {
                check.Fails(owner, $"{node} has {(groups.IsEmpty ? "no security group" : $"the security groups {string.Join(", ", groups.Select(its => its.Name))}")}", "give it the group of its tier, and only that");
                continue;
            }

            foreach (var other in context.Network.Nodes.Where(other => other.Name != node && context.Network.GroupsOf(other.Name).Contains(group)))
            {
                check.Fails(other.LogicalId, $"{other.Name} ({other.LogicalId}) has the security group {group.Name} of {node}", "give it a group of its own");
            }

            check.Holds(owner!, $"{node} ({owner}) has {group.Name}");
        }

        return check;
    }

    /// <summary>What one group lets out to another, that one lets in, and the reverse.</summary>
    public static Check Mirrors(CheckContext context)
    {
        var check = new Check("mirror-rules", "Every rule between groups has its mirror in the other group");
        foreach (var rule in context.Network.Groups.SelectMany(group => group.Rules).Where(rule => rule is { Peer: GroupPeer, IsImplicit: false }))
        {
            var peer = context.Network.Groups.First(group => group.Id == ((GroupPeer)rule.Peer).GroupId);
            var mirror = peer.Rules.FirstOrDefault(other => other.IsEgress != rule.IsEgress && other.Peer is GroupPeer back && back.GroupId == rule.Group && other.Traffic.Covers(rule.Traffic));
            var direction = rule.IsEgress ? "Ingress" : "Egress";
            check.Expect(mirror is not null, rule.LogicalId, $"'{rule.Text}' is mirrored by '{mirror?.Text}'",
                $"'{rule.Text}' has no mirror: {peer.Name} has no rule {(rule.IsEgress ? "in" : "out")}: {rule.Traffic} {(rule.IsEgress ? "from" : "to")} {rule.GroupName}",
                $"add an AWS::EC2::SecurityGroup{direction} with GroupId of {peer.Id}, {rule.Traffic}, {(rule.IsEgress ? "SourceSecurityGroupId" : "DestinationSecurityGroupId")} of {rule.Group}, or remove {rule.LogicalId}");
        }

        return check;
    }

    /// <summary>No rule beyond the table, and none wider than its row.</summary>
    public static Check AsSpecified(CheckContext context)
    {
        var check = new Check("rules-as-specified", "No security group has a rule that the specification does not list");
        var flows = IntendedFlows.Of(context.Options).Where(flow => flow.Protocol is "tcp" or "udp").ToArray();
        var roles = Workloads.ToDictionary(node => node, node => context.Network.GroupsOf(node).Select(group => group.Id).ToHashSet(StringComparer.Ordinal));
        bool IsOf(string node, string group) => roles.TryGetValue(node, out var groups) && groups.Contains(group);
        bool IsPeer(Peer peer, string node) => peer switch
        {
            GroupPeer group => IsOf(node, group.GroupId),
            AddressPeer { Ranges: [var range] } => node == "internet" && range == AddressRange.AnyV4,
            _ => false,
        };

        foreach (var group in context.Network.Groups)
        {
            foreach (var rule in group.Rules.Where(rule => group.Resource is not null || !rule.IsImplicit))
            {
                var flow = Array.Find(flows, flow => rule.IsCertain && rule.Traffic == Requirements.TrafficOf(flow)
                    && (rule.IsEgress ? IsOf(flow.From, group.Id) && IsPeer(rule.Peer, flow.To) : IsOf(flow.To, group.Id) && IsPeer(rule.Peer, flow.From)));
                check.Expect(rule.PermitsNothing || flow is not null, rule.LogicalId, flow is null ? $"{rule.Text}, which permits nothing" : $"{rule.Text}: {flow.Why}",
                    $"'{rule.Text}' is not specified{(rule.IsCertain ? "" : $", and cannot be resolved: {string.Join("; ", rule.Doubts)}")}", "remove it, or make it the row of the table that was meant: same port, the other group's id");
            }
        }

        check.Fails(context.Network.StrayRules);
        check.Fails(context.Network.Groups.SelectMany(group => group.Rules.Where(rule => !rule.IsImplicit).GroupBy(rule => (rule.IsEgress, rule.Traffic, rule.Peer.Text)).Where(same => same.Count() > 1)
            .Select(same => new Problem(same.Last().LogicalId, $"'{same.Last().Text}' is there {same.Count()} times, and EC2 refuses a duplicate", "keep one of them"))));
        return check;
    }

    /// <summary>No rule is for all protocols.</summary>
    public static Check NoAllProtocols(CheckContext context)
    {
        var check = new Check("no-all-protocols", "No rule is for all protocols or all ports");
        foreach (var group in context.Network.Groups)
        {
            var wide = group.Rules.Where(rule => !rule.PermitsNothing && (rule.Traffic.IsAllProtocols || rule.Traffic is { From: 0, To: 65535 }) && (group.Resource is not null || !rule.IsImplicit)).ToArray();
            check.Fails(wide.Select(rule => new Problem(rule.LogicalId, $"'{rule.Text}' is for {rule.Traffic}", "name the protocol and the one port that is needed")));
            if (wide.Length == 0)
            {
                check.Holds(group.Resource?.Id ?? group.Id, $"{group.Name}: {(group.Rules.IsEmpty ? "no rules" : string.Join(", ", group.Rules.Where(rule => !rule.PermitsNothing).Select(rule => rule.Traffic.ToString()).Distinct()))}");
            }
        }

        return check;
    }

    /// <summary>EC2 adds an allow-all rule to a group that says nothing about egress.</summary>
    public static Check ExplicitEgress(CheckContext context)
    {
        var check = new Check("explicit-egress", "Every security group says what it lets out; one that lets nothing out says so by a rule that permits nothing");
        foreach (var group in context.Network.Groups.Where(group => group.Resource is not null))
        {
            var isSilent = group.Egress.Any(rule => rule.IsImplicit);
            check.Expect(!isSilent, group.Id, $"{group.Name} {(group.Egress.All(rule => rule.PermitsNothing) ? "lets nothing out: " : "lets out: ")}{string.Join("; ", group.Egress.Select(rule => rule.Text))}",
                $"{group.Name} ({group.Id}) lists no egress rule of its own, so EC2 lets out all protocols to 0.0.0.0/0",
                $"list the egress rules in SecurityGroupEgress of {group.Id}; for none, list one that permits nothing (CidrIp 255.255.255.255/32, IpProtocol icmp, FromPort 252, ToPort 86)");
        }

        return check;
    }

    /// <summary>The default group of a VPC allows nothing and nothing has it.</summary>
    public static Check DefaultGroups(CheckContext context)
    {
        var check = new Check("default-security-group", "The VPC's default security group allows nothing, and nothing uses it");
        foreach (var vpc in context.World.OfType("AWS::EC2::VPC"))
        {
            var group = context.Network.Groups.First(group => group.Id == SecurityGroupReader.DefaultGroupOf(vpc.Id));
            check.Fails(group.Rules.Select(rule => new Problem(rule.LogicalId, $"'{rule.Text}'", $"add a custom resource that names {vpc.Id}.DefaultSecurityGroup and whose function may ec2:RevokeSecurityGroupIngress and ec2:RevokeSecurityGroupEgress on it (as the CDK's restrictDefaultSecurityGroup), and no rule on the default group")));
            check.Fails(context.Network.Nodes.Where(node => context.Network.GroupsOf(node.Name).Contains(group))
                .Select(node => new Problem(node.LogicalId, $"{node.Name} ({node.LogicalId}) has the default security group of {vpc.Id}", "name a security group of its own")));
            if (group.Rules.IsEmpty)
            {
                var closer = SecurityGroupReader.Closer(context.World, vpc.Id)!;
                check.Holds(closer.Id, $"{closer.Id} takes the rules of the {group.Name} away, through {closer.At("ServiceToken")}");
            }
        }

        return check;
    }

    /// <summary>Descriptions exist and EC2 takes them.</summary>
    public static Check Descriptions(CheckContext context)
    {
        var check = new Check("descriptions", "Every group and every rule has a description that EC2 accepts: its characters, at most 255");
        foreach (var group in context.Network.Groups)
        {
            var texts = group.Rules.Where(rule => !rule.IsImplicit).Select(rule => (rule.LogicalId, Of: $"the rule '{rule.Text}'", Text: rule.Description, IsReference: rule.Peer is GroupPeer));
            foreach (var (id, of, text, isReference) in group.Resource is null ? texts : texts.Prepend((group.Id, $"the group {group.Name}", group.Resource.Text("GroupDescription"), false)))
            {
                var fault = string.IsNullOrWhiteSpace(text) ? "has no description"
                    : text.Length > 255 ? string.Create(CultureInfo.InvariantCulture, $"has a description of {text.Length} characters")
                    : !Allowed().IsMatch(text) ? $"has a description with a character that EC2 refuses: '{text}'"
                    : isReference && text.Contains('&', StringComparison.Ordinal) ? $"refers to a group and has '&' in its description, which EC2 refuses there: '{text}'" : null;
                check.Expect(fault is null, id, $"{of}: {text}", $"{of} {fault}", "say why it exists, in a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*, at most 255 characters");
            }
        }

        return check;
    }

    /// <summary>The quota of rules is kept.</summary>
    public static Check Limits(CheckContext context)
    {
        var check = new Check("rule-limit", "No security group has more rules than EC2's quota of 60 a direction");
        foreach (var group in context.Network.Groups)
        {
            var (ingress, egress) = (group.Ingress.Count(), group.Egress.Count());
            check.Expect(Math.Max(ingress, egress) <= MaximumRules, group.Resource?.Id ?? group.Id, string.Create(CultureInfo.InvariantCulture, $"{group.Name}: {ingress} in, {egress} out"),
                string.Create(CultureInfo.InvariantCulture, $"{group.Name} has {ingress} rules in and {egress} out"), "name groups instead of many address ranges");
        }

        return check;
    }

    [GeneratedRegex(@"^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
