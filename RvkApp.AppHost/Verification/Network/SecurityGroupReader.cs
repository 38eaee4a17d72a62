using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>Reads the security groups of a template and their rules, inline or separate.</summary>
internal sealed class SecurityGroupReader(World world)
{
    private const string GroupType = "AWS::EC2::SecurityGroup";
    private static readonly string[] RuleTypes = ["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"];
    private static readonly string[] RangeProperties = ["CidrIp", "CidrIpv6"];
    private static readonly string[] RevokeActions = ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"];

    /// <summary>Groups, default groups of the VPCs included, in the order of the template.</summary>
    public ImmutableArray<SecurityGroup> Read()
    {
        var separate = RuleTypes
            .SelectMany(type => world.OfType(type).SelectMany(rule => ReadRules(rule.Id, KeyOf(rule.At("GroupId")), rule.Properties, type.EndsWith("Egress", StringComparison.Ordinal))))
            .ToLookup(rule => rule.Group, StringComparer.Ordinal);
        var groups = ImmutableArray.CreateBuilder<SecurityGroup>();
        foreach (var group in world.OfType(GroupType))
        {
            var rules = ImmutableArray.CreateBuilder<SecurityRule>();
            rules.AddRange(group.List("SecurityGroupIngress").SelectMany(rule => ReadRules(group.Id, group.Id, rule, isEgress: false)));
            rules.AddRange(group.List("SecurityGroupEgress").SelectMany(rule => ReadRules(group.Id, group.Id, rule, isEgress: true)));
            if (!rules.Any(rule => rule.IsEgress))
            {
                // CloudFormation takes the default rule away when the group itself lists egress rules; of separate ones its documentation does not say so.
                rules.Add(AllowAll(group.Id, group.Id, isEgress: true));
            }

            rules.AddRange(separate[group.Id]);
            groups.Add(new(group.Id, NameOf(group.Id), group, rules.ToImmutable()));
        }

        foreach (var vpc in world.OfType("AWS::EC2::VPC"))
        {
            var id = DefaultGroupOf(vpc.Id);
            SecurityRule[] own = Closer(world, vpc.Id) is not null ? [] : [AllowItself(vpc.Id, id), AllowAll(vpc.Id, id, isEgress: true)];
            groups.Add(new(id, NameOf(id), null, [.. own, .. separate[id]]));
        }

        return groups.ToImmutable();
    }

    /// <summary>The rules that stand in no group of this template.</summary>
    public ImmutableArray<Problem> Stray() =>
    [
        .. RuleTypes.SelectMany(world.OfType)
            .Where(rule => KeyOf(rule.At("GroupId")) is not { } key || (world.Find(key) is null && !key.EndsWith(".DefaultSecurityGroup", StringComparison.Ordinal)))
            .Select(rule => new Problem(rule.Id, $"the rule {rule.Id} belongs to the group {rule.At("GroupId")?.ToString() ?? "(none)"}, which is not in the template",
                "give it the GroupId of a group in the template, or verify the template that has the group")),
    ];

    /// <summary>The key of the default group of a VPC.</summary>
    public static string DefaultGroupOf(string vpcId) => $"{vpcId}.DefaultSecurityGroup";

    /// <summary>
    /// The custom resource that takes the rules of a default group away, which CloudFormation itself cannot: it names the group, and the function it calls
    /// may revoke that group's rules. That the function does so is for its own tests to say.
    /// </summary>
    public static Resource? Closer(World world, string vpcId)
    {
        return world.Resources.FirstOrDefault(resource => (resource.Type.StartsWith("Custom::", StringComparison.Ordinal) || resource.Type == "AWS::CloudFormation::CustomResource")
            && resource.Properties.References.Any(IsDefaultGroup) && Targets.FunctionOf(world, resource.At("ServiceToken")) is { } function && MayRevoke(function));

        bool IsDefaultGroup(Reference reference) => reference.Attribute == "DefaultSecurityGroup" && reference.Id == vpcId;

        bool MayRevoke(Resource function)
        {
            var statements = Policies.OfRole(world, Policies.Role(world, function.At("Role"))).ToArray();
            return RevokeActions.All(action =>
                Array.Exists(statements, statement => statement.Names(action) && statement.Resources.Any(resource => resource.References.Any(IsDefaultGroup))));
        }
    }

    /// <summary>The key of the group that a value names; <see langword="null"/> where the template does not tell.</summary>
    public string? KeyOf(Value? value) => value switch
    {
        Reference { Attribute: null or "GroupId" or "Id" } reference when world.Find(reference.Id)?.Type == GroupType => reference.Id,
        Reference { Attribute: "DefaultSecurityGroup" } reference when world.Find(reference.Id)?.Type == "AWS::EC2::VPC" => DefaultGroupOf(reference.Id),
        _ => null,
    };

    /// <summary>What people call a group.</summary>
    public string NameOf(string key) => world.Find(key) is { } group ? group.Text("GroupName") ?? group.DisplayName
        : key.EndsWith(".DefaultSecurityGroup", StringComparison.Ordinal) ? $"default group of {world.Find(key[..key.IndexOf('.', StringComparison.Ordinal)])?.DisplayName}" : key;

    private SecurityRule AllowAll(string owner, string group, bool isEgress) =>
        new(owner, group, NameOf(group), isEgress, Traffic.All, new AddressPeer([AddressRange.AnyV4, AddressRange.AnyV6], "0.0.0.0/0 and ::/0"), null, IsImplicit: true, []);

    private SecurityRule AllowItself(string owner, string group) =>
        new(owner, group, NameOf(group), IsEgress: false, Traffic.All, new GroupPeer(group, NameOf(group)), null, IsImplicit: true, []);

    private IEnumerable<SecurityRule> ReadRules(string owner, string? group, Value rule, bool isEgress)
    {
        if (group is null)
        {
            yield break;
        }

        var doubts = new List<string>();
        var traffic = ReadTraffic(rule, doubts);
        foreach (var peer in ReadPeers(rule, isEgress))
        {
            ImmutableArray<string> all = peer is UnknownPeer unknown ? [.. doubts, $"its {(isEgress ? "destination" : "source")} is {unknown.Text}"] : [.. doubts];
            yield return new(owner, group, NameOf(group), isEgress, traffic, peer, rule["Description"]?.AsText, IsImplicit: false, all);
        }
    }

    private static Traffic ReadTraffic(Value rule, List<string> doubts)
    {
        var protocol = Traffic.ProtocolName(rule["IpProtocol"]?.AsText);
        if (protocol is null)
        {
            doubts.Add($"its protocol is {rule["IpProtocol"]?.ToString() ?? "missing"}");
            return Traffic.All;
        }

        if (protocol is not ("tcp" or "udp"))
        {
            // EC2 ignores the ports of the other protocols.
            return new(protocol, 0, 65535);
        }

        int? from = rule["FromPort"]?.AsInt, to = rule["ToPort"]?.AsInt;
        if (from is null or < 0 or > 65535 || to is null or < 0 or > 65535 || from > to)
        {
            doubts.Add($"its ports are {rule["FromPort"]?.ToString() ?? "missing"} to {rule["ToPort"]?.ToString() ?? "missing"}");
            return new(protocol, 0, 65535);
        }

        return new(protocol, from.Value, to.Value);
    }

    private IEnumerable<Peer> ReadPeers(Value rule, bool isEgress)
    {
        var found = false;
        var side = isEgress ? "Destination" : "Source";
        foreach (var name in RangeProperties)
        {
            if (rule[name] is { } block)
            {
                found = true;
                yield return ReadRange(block) is { } range ? new AddressPeer([range], range.ToString()) : new UnknownPeer(block.ToString());
            }
        }

        if (rule[$"{side}SecurityGroupId"] is { } group)
        {
            found = true;
            yield return KeyOf(group) is { } key ? new GroupPeer(key, NameOf(key)) : new UnknownPeer(group.ToString());
        }

        if (rule[$"{side}PrefixListId"] is { } list)
        {
            found = true;
            var ranges = world.Target(list, "AWS::EC2::PrefixList")?.List("Entries").Select(entry => ReadRange(entry["Cidr"])).ToArray();
            yield return ranges is not null && Array.TrueForAll(ranges, range => range is not null)
                ? new AddressPeer([.. ranges.Select(range => range!.Value)], $"prefix list {list}")
                : new UnknownPeer($"prefix list {list}");
        }

        if (rule["SourceSecurityGroupName"] is { } name2)
        {
            found = true;
            yield return new UnknownPeer($"the group named {name2}");
        }

        if (!found)
        {
            yield return new UnknownPeer("missing");
        }
    }

    /// <summary>The address range that a value is: written out, or the block of a VPC or subnet of the template.</summary>
    public AddressRange? ReadRange(Value? value)
    {
        if (value is Reference { Attribute: "CidrBlock" } reference && world.Find(reference.Id)?.At("CidrBlock") is { } block and not Reference)
        {
            return ReadRange(block);
        }

        return AddressRange.TryParse(value?.AsText, out var range) ? range : null;
    }
}
