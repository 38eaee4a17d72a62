using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>
/// Finds everything that has a network interface: whatever resource names security groups or subnets, of any type, so that one that nobody thought of
/// is found as well.
/// </summary>
internal sealed class NodeReader(World world, Targets targets, ImmutableArray<SecurityGroup> groups, ImmutableArray<Subnet> subnets, SecurityGroupReader reader)
{
    private static readonly string[] GroupProperties =
        ["SecurityGroups", "SecurityGroupIds", "SecurityGroupId", "VpcSecurityGroupIds", "VPCSecurityGroups", "GroupSet", "Groups", "CacheSecurityGroupNames", "ClusterSecurityGroups", "DBSecurityGroups"];

    private static readonly string[] SubnetProperties = ["Subnets", "SubnetIds", "SubnetId", "VPCZoneIdentifier", "SubnetMappings"];

    /// <summary>Types that name a group or a subnet and have no interface, or whose interface filters and answers nothing.</summary>
    private static readonly HashSet<string> WithoutInterface = new(StringComparer.Ordinal)
    {
        "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress", "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::SubnetNetworkAclAssociation", "AWS::EC2::SubnetCidrBlock", "AWS::EC2::NatGateway", "AWS::RDS::DBSubnetGroup", "AWS::ElastiCache::SubnetGroup",
        "AWS::Redshift::ClusterSubnetGroup", "AWS::DAX::SubnetGroup", "AWS::DMS::ReplicationSubnetGroup", "AWS::SSM::Parameter", "AWS::CloudFormation::CustomResource",
        "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::EC2::FlowLog",
    };

    /// <summary>The nodes: function, MongoDB and file system first, then the others in the order of the template.</summary>
    public ImmutableArray<Node> Read()
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        if (targets.Function is { } function)
        {
            nodes.Add(new("lambda", function.Id, [Read(function, function.At("VpcConfig") ?? Mapping.Empty)]));
        }

        if (targets.Service is { } service)
        {
            nodes.Add(new("mongo", service.Id, [Read(service, service.At("NetworkConfiguration", "AwsvpcConfiguration") ?? Mapping.Empty)]));
        }

        if (targets.FileSystem is { } fileSystem)
        {
            nodes.Add(new("efs", fileSystem.Id, [.. targets.MountTargets.Select(target => Read(target, target.Properties))]));
        }

        var known = nodes.SelectMany(node => node.Interfaces).Select(face => face.LogicalId).ToHashSet(StringComparer.Ordinal);
        nodes.AddRange(world.Resources.Where(resource => !known.Contains(resource.Id) && HasInterface(resource))
            .Select(resource => new Node(resource.Id, resource.Id, [Read(resource, resource.Properties)])));
        return nodes.ToImmutable();
    }

    private static bool HasInterface(Resource resource) =>
        !WithoutInterface.Contains(resource.Type) && !resource.Type.StartsWith("Custom::", StringComparison.Ordinal)
        && (resource.Type is "AWS::EC2::Instance" or "AWS::EC2::NetworkInterface" or "AWS::ElasticLoadBalancingV2::LoadBalancer" or "AWS::ElasticLoadBalancing::LoadBalancer" or "AWS::RDS::DBInstance"
            || resource.Properties.Descendants().Any(found => found.Name is { } name && ((GroupProperties.Contains(name) && name != "Groups") || SubnetProperties.Contains(name))))
        && !(resource.Type == "AWS::EC2::VPCEndpoint" && resource.Text("VpcEndpointType") is null or "Gateway");

    private Interface Read(Resource resource, Value settings)
    {
        var doubts = ImmutableArray.CreateBuilder<string>();
        var itsSubnets = Named(settings, SubnetProperties).SelectMany(Elements).Select(value => Find(value, doubts)).OfType<Subnet>().Distinct().ToImmutableArray();
        var named = Named(settings, GroupProperties).SelectMany(Elements).ToArray();
        var itsGroups = ImmutableArray.CreateBuilder<SecurityGroup>();
        foreach (var value in named)
        {
            if (reader.KeyOf(value) is { } key && groups.FirstOrDefault(group => group.Id == key) is { } group)
            {
                itsGroups.Add(group);
            }
            else
            {
                doubts.Add($"its security group {value} is not in the template");
            }
        }

        if (named.Length == 0)
        {
            // What names no group gets the default group of its VPC.
            itsGroups.AddRange(groups.Where(group => itsSubnets.Any(subnet => subnet.VpcId is { } vpc && group.Id == SecurityGroupReader.DefaultGroupOf(vpc))));
            if (itsGroups.Count == 0)
            {
                doubts.Add("it names no security group and no subnet of the template");
            }
        }
        else if (itsSubnets.IsEmpty && doubts.Count == 0)
        {
            doubts.Add("it names no subnet of the template");
        }

        return new(resource.Id, itsGroups.ToImmutable(), itsSubnets, MayBePublic(resource, itsSubnets), doubts.ToImmutable());
    }

    private static IEnumerable<Value> Elements(Value value) => value is Sequence list ? list.Elements.SelectMany(Elements) : value is Mapping ? [] : [value];

    private static IEnumerable<Value> Named(Value settings, string[] names) =>
        settings.Descendants().Where(found => found.Name is { } name && names.Contains(name) && found.Value is not Sequence).Select(found => found.Value)
            .Where(value => value is not Mapping).DistinctBy(value => value.ToString());

    private Subnet? Find(Value value, ImmutableArray<string>.Builder doubts)
    {
        var found = value is Reference { Attribute: null or "SubnetId" } reference ? subnets.FirstOrDefault(subnet => subnet.Id == reference.Id) : null;
        if (found is null)
        {
            doubts.Add($"its subnet {value} is not in the template");
        }

        return found;
    }

    private bool MayBePublic(Resource resource, ImmutableArray<Subnet> itsSubnets)
    {
        var explicitly = resource.Properties.Descendants().Where(found => found.Name is "AssignPublicIp" or "AssociatePublicIpAddress" or "PubliclyAccessible").Select(found => found.Value).ToArray();
        if (explicitly.Length > 0)
        {
            return !explicitly.All(value => value.AsText is "DISABLED" || value.AsBool == false);
        }

        return resource.Type switch
        {
            "AWS::Lambda::Function" or "AWS::EFS::MountTarget" or "AWS::ECS::Service" or "AWS::EC2::VPCEndpoint" or "AWS::ApiGatewayV2::VpcLink" => false,
            "AWS::ElasticLoadBalancingV2::LoadBalancer" or "AWS::ElasticLoadBalancing::LoadBalancer" => resource.Text("Scheme") != "internal",
            _ => itsSubnets.Any(subnet => subnet.Resource.At("MapPublicIpOnLaunch") is { } map && map.AsBool != false)
                || world.Resources.Any(address => address.Type is "AWS::EC2::EIP" or "AWS::EC2::EIPAssociation" && address.Properties.Mentions(resource.Id)),
        };
    }
}
