using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>The VPC, its subnets and routes, and what of it can be seen from outside.</summary>
internal static class NetworkChecks
{
    private static readonly string[] Application = ["10.0.2.0/24", "10.0.3.0/24"];
    private static readonly string[] Data = ["10.0.4.0/24", "10.0.5.0/24"];
    private static readonly string[] FirstZone = ["10.0.1.0/24", "10.0.2.0/24", "10.0.4.0/24"];
    private static readonly string[] SecondZone = ["10.0.3.0/24", "10.0.5.0/24"];

    /// <summary>VPC and subnets are exactly those specified, and each workload is in its own.</summary>
    public static Check Layout(CheckContext context)
    {
        var check = new Check("network-layout", "One VPC 10.0.0.0/16 with DNS, five subnets in two zones, each workload in the subnets of its tier");
        var world = context.World;
        var vpcs = world.OfType("AWS::EC2::VPC").ToArray();
        if (vpcs is not [var vpc])
        {
            check.Fails(vpcs.LastOrDefault()?.Id, $"there are {vpcs.Length} VPCs, not one", "keep one AWS::EC2::VPC");
            return check;
        }

        check.ExpectProperty(vpc, "CidrBlock", "10.0.0.0/16");
        check.Expect(vpc.Tag("Name") == "RVK-lambda-vpc", vpc.Id, $"{vpc.Id} is named RVK-lambda-vpc", $"{vpc.Id} is named {vpc.Tag("Name") ?? "nothing"}, not RVK-lambda-vpc", "set its tag Name to RVK-lambda-vpc");
        check.Fails(DnsProblems(vpc));
        check.Holds(vpc.Id, $"{vpc.Id} DNS support {vpc.At("EnableDnsSupport")?.ToString() ?? "on by default"}, DNS hostnames {vpc.At("EnableDnsHostnames")}");

        var byRange = context.Network.Subnets.ToLookup(subnet => subnet.Range?.ToString() ?? subnet.Id, StringComparer.Ordinal);
        foreach (var zone in new[] { FirstZone, SecondZone })
        {
            foreach (var range in zone)
            {
                var found = byRange[range].ToArray();
                check.Expect(found.Length == 1, found.FirstOrDefault()?.Id ?? vpc.Id, $"subnet {found.FirstOrDefault()?.Name}", $"there are {found.Length} subnets {range}, not one", $"add one AWS::EC2::Subnet with CidrBlock {range}");
            }

            var zones = zone.SelectMany(range => byRange[range]).GroupBy(subnet => subnet.Zone).ToArray();
            check.Fails(zones.Skip(1).SelectMany(other => other).Select(subnet => new Problem(subnet.Id, $"the subnet {subnet.Name} is in {subnet.Zone}, not in {zones[0].Key} with {string.Join(", ", zone)}", "give it the availability zone of the others")));
        }

        foreach (var subnet in context.Network.Subnets.Where(subnet => !FirstZone.Concat(SecondZone).Contains(subnet.Range?.ToString())))
        {
            check.Fails(subnet.Id, $"the subnet {subnet.Name} is not specified", "remove it, or give it its specified CidrBlock");
        }

        if (byRange[FirstZone[0]].FirstOrDefault() is { } first && byRange[SecondZone[0]].FirstOrDefault() is { } second && first.Zone == second.Zone)
        {
            check.Fails(second.Id, $"both zones are {first.Zone}", "put 10.0.3.0/24 and 10.0.5.0/24 into the second availability zone (Fn::Select 1 of Fn::GetAZs)");
        }

        foreach (var (node, ranges) in new[] { ("lambda", Application), ("mongo", Data), ("efs", Data) })
        {
            var actual = context.Network.SubnetsOf(node).Select(subnet => subnet.Range?.ToString() ?? subnet.Id).Order(StringComparer.Ordinal).ToArray();
            var owner = context.Network.Find(node)?.LogicalId;
            check.Expect(actual.SequenceEqual(ranges), owner ?? vpc.Id, $"{node} ({owner}) is in {string.Join(" and ", ranges)}",
                $"{node} ({owner}) is in {(actual.Length == 0 ? "no subnet" : string.Join(", ", actual))}, not in {string.Join(" and ", ranges)}", $"give it the subnets {string.Join(" and ", ranges)}");
        }

        return check;
    }

    /// <summary>The DNS settings of a VPC that are off.</summary>
    public static IEnumerable<Problem> DnsProblems(Resource vpc)
    {
        if (vpc.At("EnableDnsSupport") is { } support && support.AsBool != true)
        {
            yield return new(vpc.Id, $"{vpc.Id} has EnableDnsSupport {support}: no name is resolved in it, neither mongo.local nor the file system's", "set EnableDnsSupport to true");
        }

        if (vpc.At("EnableDnsHostnames")?.AsBool != true)
        {
            yield return new(vpc.Id, $"{vpc.Id} has EnableDnsHostnames {vpc.At("EnableDnsHostnames")?.ToString() ?? "off by default"}: private DNS zones such as 'local' are not answered", "set EnableDnsHostnames to true");
        }
    }

    /// <summary>Every workload's subnet leads out through NAT, and only so.</summary>
    public static Check PrivateSubnets(CheckContext context)
    {
        var check = new Check("private-subnets", "The subnets of function, MongoDB and EFS are private: their only way out is the NAT gateway");
        var path = new InternetPath(context.Network);
        foreach (var node in new[] { "lambda", "mongo", "efs" })
        {
            foreach (var face in context.Network.Find(node)?.Interfaces ?? [])
            {
                foreach (var subnet in face.Subnets)
                {
                    check.Fails(subnet.Routes.Where(route => route.Target != RouteTarget.NatGateway).Select(route => new Problem(
                        route.LogicalId, $"the subnet {subnet.Name} of {node} routes {route.Text}{(route.Target == RouteTarget.InternetGateway ? ", which makes it public" : "")}", $"let {route.LogicalId} lead to the NAT gateway, or remove it")));
                    check.Fails(path.Blockers(face, subnet));
                    check.Expect(subnet.Resource.At("MapPublicIpOnLaunch") is not { } map || map.AsBool == false, subnet.Id, $"subnet {subnet.Name} of {node}: {subnet.DefaultRoute(v6: false)?.Text}",
                        $"the subnet {subnet.Name} of {node} gives public addresses (MapPublicIpOnLaunch)", $"set MapPublicIpOnLaunch of {subnet.Id} to false");
                }
            }
        }

        var nats = context.World.OfType("AWS::EC2::NatGateway").ToArray();
        check.Expect(nats.Length == 1, nats.FirstOrDefault()?.Id ?? "AWS::EC2::NatGateway", $"one NAT gateway: {nats.FirstOrDefault()?.Id}", $"there are {nats.Length} NAT gateways, not one", "keep one, in the public subnet 10.0.1.0/24, with an Elastic IP");
        return check;
    }

    /// <summary>Nothing but the NAT gateway has a public address.</summary>
    public static Check NoPublicAddress(CheckContext context)
    {
        var check = new Check("no-public-ip", "Nothing but the NAT gateway has a public address");
        foreach (var node in context.Network.Nodes)
        {
            foreach (var face in node.Interfaces)
            {
                check.Expect(!face.MayBePublic, face.LogicalId, $"{node.Name} ({face.LogicalId}) gets no public address", $"{node.Name} ({face.LogicalId}) gets a public address",
                    "set AssignPublicIp DISABLED (ECS), AssociatePublicIpAddress or PubliclyAccessible false, Scheme internal");
            }
        }

        if (context.Targets.Service is { } service)
        {
            check.ExpectProperty(service, "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", "DISABLED");
        }

        foreach (var address in context.World.OfType("AWS::EC2::EIP"))
        {
            var nat = context.World.OfType("AWS::EC2::NatGateway").FirstOrDefault(nat => nat.At("AllocationId")?.Mentions(address.Id) == true);
            check.Expect(nat is not null, address.Id, $"{address.Id} is the address of the NAT gateway {nat?.Id}", $"the Elastic IP {address.Id} belongs to no NAT gateway", "remove it");
        }

        check.Fails(context.World.OfType("AWS::EC2::EIPAssociation").Select(link => new Problem(link.Id, $"{link.Id} gives a public address to {link.At("InstanceId") ?? link.At("NetworkInterfaceId")}", "remove it")));
        return check;
    }

    /// <summary>The HTTP API is the only thing the internet can call.</summary>
    public static Check SingleEntry(ImmutableArray<FlowResult> flows, CheckContext context)
    {
        var check = new Check("single-entry", "The HTTP API is the only public entry point, and only it invokes the function");
        foreach (var flow in flows.Where(flow => flow.State == FlowState.Extra && (flow.From == "internet" || flow.Protocol == "invoke")))
        {
            check.Fails(flow.Evidence.Select(evidence => new Problem(evidence.LogicalId, $"{flow.From} can call {flow.To}: {evidence.Text}", "remove it: clients come through the HTTP API")));
        }

        // A permission that no API uses is an open door all the same.
        if (context.Targets.Api is { } api)
        {
            check.Holds(api.Id, $"{api.Text("Name") ?? api.Id} ({api.Id}) is the only thing that the internet can call");
        }

        return check;
    }
}
