using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>A network interface, or several of the same settings.</summary>
/// <param name="LogicalId">The resource that has it.</param>
/// <param name="Groups">Its groups.</param>
/// <param name="Subnets">The subnets it may be in.</param>
/// <param name="MayBePublic">Whether it gets, or may get, a public IPv4 address.</param>
/// <param name="Doubts">What of it the template does not tell: groups or subnets; it is then taken for open.</param>
internal sealed record Interface(string LogicalId, ImmutableArray<SecurityGroup> Groups, ImmutableArray<Subnet> Subnets, bool MayBePublic, ImmutableArray<string> Doubts)
{
    /// <summary>The names of its groups, for people.</summary>
    public string GroupNames => Groups.IsEmpty ? "no known security group" : string.Join(" and ", Groups.Select(group => group.Name));
}

/// <summary>Something that opens or answers connections.</summary>
/// <param name="Name"><c>lambda</c>, <c>mongo</c>, <c>efs</c>, or a logical id.</param>
/// <param name="LogicalId">The resource.</param>
/// <param name="Interfaces">Its network interfaces.</param>
internal sealed record Node(string Name, string LogicalId, ImmutableArray<Interface> Interfaces);
