using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>Reads subnets, route tables and routes.</summary>
internal sealed class SubnetReader(World world, SecurityGroupReader groups)
{
    /// <summary>The subnets in the order of the template.</summary>
    public ImmutableArray<Subnet> Read()
    {
        var routes = world.OfType("AWS::EC2::Route").Select(route => (Table: TableOf(route), Route: ReadRoute(route))).ToLookup(pair => pair.Table, pair => pair.Route);
        var tables = world.OfType("AWS::EC2::SubnetRouteTableAssociation").ToLookup(link => Id(link.At("SubnetId")), TableOf);
        var acls = world.OfType("AWS::EC2::SubnetNetworkAclAssociation").ToLookup(link => Id(link.At("SubnetId")), link => Id(link.At("NetworkAclId")));
        return
        [
            .. world.OfType("AWS::EC2::Subnet").Select(subnet =>
            {
                var table = tables[subnet.Id].FirstOrDefault();
                return new Subnet(
                    subnet, Id(subnet.At("VpcId")), groups.ReadRange(subnet.At("CidrBlock")), RangeV6(subnet),
                    (subnet.At("AvailabilityZone") ?? subnet.At("AvailabilityZoneId"))?.ToString() ?? $"unknown zone of {subnet.Id}",
                    table, table is null ? [] : [.. routes[table]], acls[subnet.Id].FirstOrDefault());
            }),
        ];
    }

    private AddressRange? RangeV6(Resource subnet) => subnet.At("Ipv6CidrBlock") is { } block ? groups.ReadRange(block) ?? AddressRange.AnyV6
        : subnet.At("Ipv6Native")?.AsBool == true || world.OfType("AWS::EC2::SubnetCidrBlock").Any(link => Id(link.At("SubnetId")) == subnet.Id) ? AddressRange.AnyV6 : null;

    private Route ReadRoute(Resource route)
    {
        var destination = route.At("DestinationCidrBlock") ?? route.At("DestinationIpv6CidrBlock") ?? route.At("DestinationPrefixListId");
        var (target, value, kind) =
            route.At("NatGatewayId") is { } nat ? (RouteTarget.NatGateway, nat, "NAT gateway")
            : route.At("EgressOnlyInternetGatewayId") is { } egressOnly ? (RouteTarget.EgressOnlyGateway, egressOnly, "egress-only gateway")
            : route.At("GatewayId") is { } gateway ? (IsInternetGateway(gateway) ? RouteTarget.InternetGateway : RouteTarget.Other, gateway, IsInternetGateway(gateway) ? "internet gateway" : "gateway")
            : OtherTarget(route);
        return new(route.Id, groups.ReadRange(destination), target, Id(value) ?? value.ToString(), $"{destination} to {kind} {Id(value) ?? value.ToString()}");
    }

    private static (RouteTarget Target, Value Value, string Kind) OtherTarget(Resource route)
    {
        foreach (var name in new[] { "TransitGatewayId", "VpcPeeringConnectionId", "InstanceId", "NetworkInterfaceId", "VpcEndpointId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn" })
        {
            if (route.At(name) is { } value)
            {
                return (RouteTarget.Other, value, name);
            }
        }

        return (RouteTarget.Other, new Scalar("nothing"), "target");
    }

    /// <summary>A gateway of an unknown kind is taken for an internet gateway, unless it is known to be a VPN gateway.</summary>
    private bool IsInternetGateway(Value gateway) => Id(gateway) is not { } id || world.Find(id)?.Type != "AWS::EC2::VPNGateway";

    private static string? TableOf(Resource resource) => Id(resource.At("RouteTableId"));

    private static string? Id(Value? value) => (value as Reference)?.Id;
}
