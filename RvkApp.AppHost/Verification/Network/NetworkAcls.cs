using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>
/// The network ACLs of a template. Unlike groups they have no memory, so answers need entries too: TCP and UDP answers go to a port from 1024 to
/// 65535. A subnet without an association has the VPC's default ACL, which allows everything.
/// </summary>
internal sealed class NetworkAcls(World world, SecurityGroupReader groups)
{
    private static readonly Traffic AnswerPorts = new("tcp", 1024, 65535);
    private readonly ILookup<string?, AclEntry> _entries = world.OfType("AWS::EC2::NetworkAclEntry")
        .Select(entry => Read(entry, groups)).OrderBy(entry => entry.Number).ToLookup(entry => entry.Acl);

    /// <summary>What stops a connection between a subnet and addresses; empty where nothing does for sure, and nothing has to be doubted.</summary>
    /// <param name="subnet">The subnet.</param>
    /// <param name="isSource">Whether the subnet opens the connection, not answers it.</param>
    /// <param name="other">The addresses on the other side.</param>
    /// <param name="traffic">What the connection needs.</param>
    public IEnumerable<Problem> Blockers(Subnet subnet, bool isSource, AddressRange other, Traffic traffic)
    {
        if (subnet.Acl is not { } acl)
        {
            yield break;
        }

        var answers = AnswerPorts with { Protocol = traffic.HasPorts ? traffic.Protocol : "tcp" };
        foreach (var (egress, needed) in new[] { (isSource, traffic), (!isSource, answers) })
        {
            if (!Allows(acl, egress, other, needed, certainly: true))
            {
                yield return new(acl, $"the network ACL {Name(acl)} of {subnet.Name} does not let {(egress ? "out" : "in")} {needed} {(egress ? "to" : "from")} {other}{(needed == answers ? " (the answers)" : "")}",
                    $"add an AWS::EC2::NetworkAclEntry to {acl}: Egress {(egress ? "true" : "false")}, RuleAction allow, CidrBlock {other}, {needed}, with a RuleNumber below the denials");
            }
        }
    }

    /// <summary>Whether a connection may get through, whatever is doubtful taken as allowed.</summary>
    public bool MayPass(Subnet subnet, bool isSource, AddressRange other, Traffic traffic) => subnet.Acl is not { } acl || Allows(acl, isSource, other, traffic, certainly: false);

    /// <summary>The entries that let a connection through, as evidence.</summary>
    public IEnumerable<Evidence> Evidence(Subnet subnet) => subnet.Acl is { } acl ? [new(acl, $"network ACL {Name(acl)} of {subnet.Name} lets it through")] : [];

    private string Name(string acl) => world.Find(acl)?.DisplayName ?? acl;

    private bool Allows(string acl, bool egress, AddressRange other, Traffic traffic, bool certainly)
    {
        // The first entry that matches decides. Certain: everything has to be allowed before anything is denied. Possible: anything has to be allowed before everything is denied.
        foreach (var entry in _entries[acl].Where(entry => entry.Egress == egress))
        {
            var covers = entry is { IsKnown: true, Range: { } range } && range.Contains(other) && entry.Traffic.Covers(traffic);
            var touches = entry.Range is not { } some || (some.Overlaps(other) && entry.Traffic.Intersect(traffic) is not null);
            if (certainly ? covers && entry.Allow : touches && entry.Allow)
            {
                return true;
            }

            if (certainly ? touches && !entry.Allow : covers && !entry.Allow)
            {
                return false;
            }
        }

        return false;
    }

    private static AclEntry Read(Resource entry, SecurityGroupReader groups)
    {
        var protocol = Traffic.ProtocolName(entry.Text("Protocol"));
        var (from, to) = (entry.At("PortRange", "From")?.AsInt, entry.At("PortRange", "To")?.AsInt);
        var traffic = protocol is "tcp" or "udp" && from is not null && to is not null ? new Traffic(protocol, from.Value, to.Value) : new Traffic(protocol ?? "all", 0, 65535);
        var range = groups.ReadRange(entry.At("CidrBlock") ?? entry.At("Ipv6CidrBlock"));
        return new((entry.At("NetworkAclId") as Reference)?.Id, entry.At("Egress")?.AsBool ?? false, entry.At("RuleNumber")?.AsInt ?? int.MaxValue,
            entry.Text("RuleAction") == "allow", range, traffic, protocol is not null && range is not null);
    }

    private sealed record AclEntry(string? Acl, bool Egress, int Number, bool Allow, AddressRange? Range, Traffic Traffic, bool IsKnown);
}
