using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>A rule of a security group, however it was written.</summary>
/// <param name="LogicalId">The resource that has it: the group for an inline rule, the rule itself otherwise.</param>
/// <param name="Group">The group's key.</param>
/// <param name="GroupName">The group's name.</param>
/// <param name="IsEgress">Whether it lets out, not in.</param>
/// <param name="Traffic">What it lets through.</param>
/// <param name="Peer">To or from whom.</param>
/// <param name="Description">Its description; <see langword="null"/> where there is none or it is no literal.</param>
/// <param name="IsImplicit">Whether EC2 adds it because the template says nothing.</param>
/// <param name="Doubts">What of it the template does not tell; it is then taken at its widest.</param>
internal sealed record SecurityRule(
    string LogicalId, string Group, string GroupName, bool IsEgress, Traffic Traffic, Peer Peer, string? Description, bool IsImplicit, ImmutableArray<string> Doubts)
{
    /// <summary>Whether the rule surely lets its traffic through.</summary>
    public bool IsCertain => Doubts.IsEmpty;

    /// <summary>Whether the rule permits nothing, as the one that says "no egress".</summary>
    public bool PermitsNothing => Peer is AddressPeer { IsNobody: true };

    /// <summary>The rule for people, such as <c>RVK-ecs-mongo-sg in: TCP 27017 from RVK-mongo-db-sg</c>.</summary>
    public string Text => $"{GroupName} {(IsEgress ? "out" : "in")}: {Traffic} {(IsEgress ? "to" : "from")} {Peer.Text}{(IsImplicit ? " (added by EC2, as the template says nothing)" : "")}";

    /// <summary>The rule as evidence.</summary>
    public Evidence Evidence => new(LogicalId, Text);
}

/// <summary>A security group with all its rules.</summary>
/// <param name="Id">Its key: the logical id, or <c>VPC.DefaultSecurityGroup</c>.</param>
/// <param name="Name">Its name in EC2, else its <c>Name</c> tag, else the logical id.</param>
/// <param name="Resource">The resource; <see langword="null"/> for a default group.</param>
/// <param name="Rules">The rules.</param>
internal sealed record SecurityGroup(string Id, string Name, Resource? Resource, ImmutableArray<SecurityRule> Rules)
{
    /// <summary>The rules that let in.</summary>
    public IEnumerable<SecurityRule> Ingress => Rules.Where(rule => !rule.IsEgress);

    /// <summary>The rules that let out.</summary>
    public IEnumerable<SecurityRule> Egress => Rules.Where(rule => rule.IsEgress);
}
