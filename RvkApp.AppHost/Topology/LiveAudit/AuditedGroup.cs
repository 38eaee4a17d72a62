using System.Collections.Immutable;
using System.Globalization;

namespace RvkApp.AppHost.Topology.LiveAudit;

/// <summary>A security group, as a template declares it or as EC2 has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description.</param>
/// <param name="Tags">Its tags, without those of AWS itself (<c>aws:</c>).</param>
/// <param name="Rules">Its rules.</param>
internal sealed record AuditedGroup(string Name, string Description, ImmutableSortedDictionary<string, string> Tags, ImmutableArray<AuditedRule> Rules);

/// <summary>A rule of a security group.</summary>
/// <param name="IsEgress">Whether it is about connections that the group's members open.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, a number, or <c>-1</c> for all.</param>
/// <param name="From">The first port; -1 where the protocol has none or all are meant.</param>
/// <param name="To">The last port.</param>
/// <param name="Peer">The other side: an address range, a prefix list's id, or a group's name.</param>
/// <param name="Description">Why it exists; empty where nobody said.</param>
internal sealed record AuditedRule(bool IsEgress, string Protocol, int From, int To, string Peer, string Description)
{
    /// <summary>Whether both allow the same, whatever they say about it.</summary>
    public bool AllowsSameAs(AuditedRule other) => this with { Description = other.Description } == other;

    /// <summary>The rule in words: <c>out: TCP 27017 to RVK-ecs-mongo-sg</c>.</summary>
    public override string ToString()
    {
        var ports = From == To ? From.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{From}-{To}");
        var what = Protocol == "-1" ? "everything" : From == -1 ? Protocol.ToUpperInvariant() : $"{Protocol.ToUpperInvariant()} {ports}";
        return $"{(IsEgress ? "out" : "in")}: {what} {(IsEgress ? "to" : "from")} {Peer}";
    }
}
