using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>Where a route leads.</summary>
internal enum RouteTarget
{
    /// <summary>An internet gateway: to and from public addresses.</summary>
    InternetGateway,

    /// <summary>A NAT gateway: out only.</summary>
    NatGateway,

    /// <summary>An egress-only internet gateway: IPv6, out only.</summary>
    EgressOnlyGateway,

    /// <summary>Another network: peering, transit gateway, VPN, an instance, …</summary>
    Other,
}

/// <summary>A route of a route table.</summary>
/// <param name="LogicalId">The resource.</param>
/// <param name="Destination">The addresses; <see langword="null"/> where the template does not tell.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="TargetId">The gateway's logical id, or what the template says instead.</param>
/// <param name="Text">The route for people, such as <c>0.0.0.0/0 to NAT gateway Nat</c>.</param>
internal sealed record Route(string LogicalId, AddressRange? Destination, RouteTarget Target, string TargetId, string Text)
{
    /// <summary>Whether it is the default route of a family of addresses.</summary>
    public bool IsDefault(bool v6) => Destination is { IsEverything: true } range && range.IsV6 == v6;
}

/// <summary>A subnet with its routes.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="VpcId">The VPC's logical id; <see langword="null"/> where the template does not tell.</param>
/// <param name="Range">Its IPv4 addresses.</param>
/// <param name="RangeV6">Its IPv6 addresses, if it has any; every one where the template does not tell which.</param>
/// <param name="Zone">Its availability zone: equal text is the same zone.</param>
/// <param name="RouteTable">The route table's logical id; <see langword="null"/> is the VPC's main table, which has no routes but the local one.</param>
/// <param name="Routes">The routes, without the local one.</param>
/// <param name="Acl">The network ACL's logical id; <see langword="null"/> is the VPC's default one, which allows everything.</param>
internal sealed record Subnet(
    Resource Resource, string? VpcId, AddressRange? Range, AddressRange? RangeV6, string Zone, string? RouteTable, ImmutableArray<Route> Routes, string? Acl)
{
    /// <summary>The logical id.</summary>
    public string Id => Resource.Id;

    /// <summary>What people call it: name and addresses.</summary>
    public string Name => Range is { } range ? $"{Resource.DisplayName} ({range})" : Resource.DisplayName;

    /// <summary>The default route of a family of addresses.</summary>
    public Route? DefaultRoute(bool v6) => Routes.FirstOrDefault(route => route.IsDefault(v6));

    /// <summary>Whether a public address in it can be reached from the internet.</summary>
    public bool IsPublic => Routes.Any(route => route.Target == RouteTarget.InternetGateway);
}
