namespace RvkApp.Tests.Topology.Specification.Reading;

internal enum RuleDirection
{
    In,
    Out,
}

/// <summary>A rule of a security group, whether it is written inside the group or as a resource of its own.</summary>
/// <param name="Group">The name of the group it belongs to.</param>
/// <param name="Direction">In or out.</param>
/// <param name="Ports">The protocol and the ports, such as "tcp 443", "udp 53" or "tcp 1-100".</param>
/// <param name="Peer">The other group's name, an address range or a prefix list.</param>
/// <param name="Description">Its description; empty if it has none.</param>
/// <param name="Path">Where it is written.</param>
/// <param name="IsOwnResource">Whether it is a resource of its own.</param>
internal sealed record SecurityRule(string Group, RuleDirection Direction, string Ports, string Peer, string Description, string Path, bool IsOwnResource)
{
    private static readonly string[] AddressProperties = ["CidrIp", "CidrIpv6", "DestinationPrefixListId", "SourcePrefixListId"];

    /// <summary>
    /// A destination that no packet can have: how "nothing may leave" is written, because EC2 adds an allow-all rule to a group that has none.
    /// </summary>
    public bool PermitsNothing => Direction == RuleDirection.Out && Peer is "255.255.255.255/32" or "127.0.0.1/32" or "::1/128";

    /// <summary>Whether the other side is a group and not an address.</summary>
    public bool NamesGroup => !Peer.Contains('/', StringComparison.Ordinal) && !Peer.StartsWith("pl-", StringComparison.Ordinal);

    public override string ToString() => $"{Group} {Direction} {Ports} {Peer}";

    /// <summary>Every rule of every group of the template.</summary>
    public static IReadOnlyList<SecurityRule> In(PublishedTemplate template)
        =>
        [
            .. template.OfType("AWS::EC2::SecurityGroup").SelectMany(group =>
                group["SecurityGroupIngress"].Items.Select(rule => Read(NameOf(group), RuleDirection.In, rule, false))
                    .Concat(group["SecurityGroupEgress"].Items.Select(rule => Read(NameOf(group), RuleDirection.Out, rule, false)))),
            .. template.OfType("AWS::EC2::SecurityGroupIngress").Select(rule => Read(NameOf(rule["GroupId"]), RuleDirection.In, rule.Properties, true)),
            .. template.OfType("AWS::EC2::SecurityGroupEgress").Select(rule => Read(NameOf(rule["GroupId"]), RuleDirection.Out, rule.Properties, true)),
        ];

    private static SecurityRule Read(string group, RuleDirection direction, TemplateValue rule, bool own)
    {
        var other = rule[direction == RuleDirection.In ? "SourceSecurityGroupId" : "DestinationSecurityGroupId"];
        var peer = other.Exists ? NameOf(other) : AddressProperties.Select(p => rule[p].OptionalText).FirstOrDefault(text => text is not null) ?? "(no peer)";
        var (from, to) = (rule["FromPort"].OptionalText, rule["ToPort"].OptionalText);
        var ports = from is null ? "all ports" : from == to ? from : $"{from}-{to}";
        return new(group, direction, $"{rule["IpProtocol"].Text} {ports}", peer, rule["Description"].OptionalText ?? "", rule.Path, own);
    }

    private static string NameOf(PublishedResource group) => group["GroupName"].OptionalText ?? group.LogicalId;

    // A group that is not in the template (the default one of the VPC) goes by the text that refers to it.
    private static string NameOf(TemplateValue reference)
        => reference.Targets is [{ Type: "AWS::EC2::SecurityGroup" } group] ? NameOf(group) : reference.Text;
}
