using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>Whether a subnet has a way to the internet over IPv4, and every setting that is missing for it.</summary>
internal sealed class InternetPath(NetworkModel network)
{
    /// <summary>Every setting that stops an interface without a public address in a subnet from reaching the internet.</summary>
    public IEnumerable<Problem> Blockers(Interface face, Subnet subnet)
    {
        if (subnet.DefaultRoute(v6: false) is not { } route)
        {
            var table = subnet.RouteTable is { } id ? $"its route table {id} has no route for 0.0.0.0/0" : "it is associated with no route table, and the VPC's main table has no route for 0.0.0.0/0";
            yield return new(subnet.RouteTable ?? subnet.Id, $"the subnet {subnet.Name} has no way out: {table}",
                subnet.RouteTable is { } existing ? $"add an AWS::EC2::Route to {existing}: DestinationCidrBlock 0.0.0.0/0, NatGatewayId of the NAT gateway"
                    : "add an AWS::EC2::SubnetRouteTableAssociation with a table whose route for 0.0.0.0/0 leads to the NAT gateway");
            yield break;
        }

        switch (route.Target)
        {
            case RouteTarget.NatGateway:
                foreach (var problem in NatProblems(route))
                {
                    yield return problem;
                }

                break;
            case RouteTarget.InternetGateway when face.MayBePublic:
                foreach (var problem in GatewayProblems(route, subnet))
                {
                    yield return problem;
                }

                break;
            case RouteTarget.InternetGateway:
                yield return new(route.LogicalId, $"the subnet {subnet.Name} sends 0.0.0.0/0 to the internet gateway {route.TargetId}, which drops packets of a workload without a public address",
                    $"let {route.LogicalId} name the NAT gateway (NatGatewayId) instead of the internet gateway (GatewayId)");
                break;
            default:
                yield return new(route.LogicalId, $"the subnet {subnet.Name} sends 0.0.0.0/0 to {route.TargetId}, of which the template does not tell that it leads to the internet",
                    $"let {route.LogicalId} name the NAT gateway (NatGatewayId)");
                break;
        }
    }

    /// <summary>The routes that lead out, as evidence.</summary>
    public IEnumerable<Evidence> Proof(Subnet subnet)
    {
        if (subnet.DefaultRoute(v6: false) is not { } route)
        {
            yield break;
        }

        yield return new(route.LogicalId, $"subnet {subnet.Name} routes {route.Text}");
        if (route.Target == RouteTarget.NatGateway && NatSubnet(route.TargetId)?.DefaultRoute(v6: false) is { } onward)
        {
            yield return new(onward.LogicalId, $"subnet {NatSubnet(route.TargetId)!.Name} of the NAT gateway routes {onward.Text}");
        }
    }

    /// <summary>Whether a subnet may have a way to the internet, whatever is doubtful taken as open.</summary>
    public static bool MayLeave(Interface face, Subnet subnet, bool v6) => subnet.Routes.Any(route =>
        (route.Destination is not { } range || (range.IsV6 == v6 && range.ReachesInternet)) && (!v6 || subnet.RangeV6 is not null)
        && (route.Target != RouteTarget.InternetGateway || v6 || face.MayBePublic));

    private Subnet? NatSubnet(string natId) => network.World.Find(natId)?.At("SubnetId") is Reference reference ? network.Subnets.FirstOrDefault(subnet => subnet.Id == reference.Id) : null;

    private IEnumerable<Problem> NatProblems(Route route)
    {
        if (network.World.Find(route.TargetId) is not { Type: "AWS::EC2::NatGateway" } nat)
        {
            yield return new(route.LogicalId, $"the route {route.LogicalId} leads to the NAT gateway {route.TargetId}, which is not in the template", "let NatGatewayId be a Ref of an AWS::EC2::NatGateway");
            yield break;
        }

        if (nat.Text("ConnectivityType") == "private")
        {
            yield return new(nat.Id, $"the NAT gateway {nat.Id} is private: it reaches other VPCs, not the internet", "drop ConnectivityType, or set it to public");
        }
        else if (nat.At("AllocationId") is null)
        {
            yield return new(nat.Id, $"the NAT gateway {nat.Id} has no Elastic IP", "set AllocationId to the AllocationId of an AWS::EC2::EIP");
        }

        if (NatSubnet(nat.Id) is not { } subnet)
        {
            yield return new(nat.Id, $"the NAT gateway {nat.Id} is in no subnet of the template", "set SubnetId to a Ref of the public subnet");
            yield break;
        }

        if (subnet.DefaultRoute(v6: false) is not { Target: RouteTarget.InternetGateway } onward)
        {
            yield return new(nat.Id, $"the NAT gateway {nat.Id} is in the subnet {subnet.Name}, which has no route for 0.0.0.0/0 to an internet gateway",
                "put it into the public subnet, or add an AWS::EC2::Route for 0.0.0.0/0 to the internet gateway");
            yield break;
        }

        foreach (var problem in GatewayProblems(onward, subnet).Concat(network.Acls.Blockers(subnet, isSource: true, AddressRange.AnyV4, new("tcp", 443, 443))))
        {
            yield return problem;
        }
    }

    private IEnumerable<Problem> GatewayProblems(Route route, Subnet subnet)
    {
        var attached = network.World.OfType("AWS::EC2::VPCGatewayAttachment").Any(attachment =>
            (attachment.At("InternetGatewayId") as Reference)?.Id == route.TargetId && (attachment.At("VpcId") as Reference)?.Id == subnet.VpcId);
        if (!attached)
        {
            yield return new(route.TargetId, $"the internet gateway {route.TargetId} is not attached to the VPC {subnet.VpcId}", "add an AWS::EC2::VPCGatewayAttachment of the two");
        }
    }
}
