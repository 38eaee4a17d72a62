using System.Collections.Immutable;
using RvkApp.AppHost.Verification;
using Resource = RvkApp.AppHost.Verification.Resource;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>Reads the network of a template, right or wrong: what is missing is left out, and nothing is taken for granted.</summary>
/// <param name="template">The template.</param>
internal sealed class LandscapeReader(Template template)
{
    private readonly Dictionary<string, Resource> _resources = template.Resources.ToDictionary(resource => resource.Id);

    /// <summary>Reads a template.</summary>
    /// <param name="template">The template.</param>
    /// <returns>Its network and what stands in it.</returns>
    public static Landscape Read(Template template) => new LandscapeReader(template).Read();

    private Landscape Read()
    {
        ImmutableArray<Workload> workloads = [.. Workloads()];
        var inUse = workloads.SelectMany(workload => workload.Groups).ToList();
        return new Landscape(
            Of("AWS::EC2::VPC").FirstOrDefault(),
            Of("AWS::EC2::InternetGateway").FirstOrDefault(),
            Subnets(),
            [.. Of("AWS::EC2::SecurityGroup").Select(ToGroup).OrderBy(group => (uint)inUse.IndexOf(group.Resource.Id)).ThenBy(group => group.Name, StringComparer.Ordinal)],
            workloads);
    }

    private IEnumerable<Resource> Of(string type) => template.Resources.Where(resource => resource.Type == type);

    private IEnumerable<Workload> Workloads()
    {
        foreach (var api in Of("AWS::ApiGatewayV2::Api").Take(1))
        {
            yield return new Workload("api", api, [], []);
        }

        // Functions that the CDK adds for its own custom resources are in no VPC.
        foreach (var function in Of("AWS::Lambda::Function").Where(function => function.At("VpcConfig") is not null).Take(1))
        {
            yield return new Workload("lambda", function, Ids(function.List("VpcConfig", "SecurityGroupIds")), Ids(function.List("VpcConfig", "SubnetIds")));
        }

        foreach (var service in Of("AWS::ECS::Service").Take(1))
        {
            var network = service.At("NetworkConfiguration", "AwsvpcConfiguration");
            yield return new Workload("mongo", service, Ids(network?["SecurityGroups"]?.Items), Ids(network?["Subnets"]?.Items));
        }

        foreach (var fileSystem in Of("AWS::EFS::FileSystem").Take(1))
        {
            Resource[] targets = [.. Of("AWS::EFS::MountTarget").Where(target => target.At("FileSystemId")?.Mentions(fileSystem.Id) == true)];
            yield return new Workload(
                "efs",
                fileSystem,
                [.. targets.SelectMany(target => Ids(target.List("SecurityGroups"))).Distinct()],
                [.. targets.SelectMany(target => Ids(target.List("SubnetId"))).Distinct()]);
        }
    }

    private ImmutableArray<Subnet> Subnets()
    {
        Resource[] subnets = [.. Of("AWS::EC2::Subnet")];
        string[] zones = [.. subnets.Select(Zone).Distinct().Order(StringComparer.Ordinal)];
        return
        [
            .. subnets.Select(subnet => new Subnet(
                    subnet.Id,
                    subnet.At("CidrBlock")?.ToString() ?? string.Empty,
                    Array.IndexOf(zones, Zone(subnet)),
                    IsPublic(subnet),
                    [.. Of("AWS::EC2::NatGateway").Where(gateway => gateway.At("SubnetId")?.Mentions(subnet.Id) == true).Select(gateway => gateway.Id)]))
                .OrderBy(subnet => AddressRange.TryParse(subnet.Range, out var range) ? range.First : 0).ThenBy(subnet => subnet.Id, StringComparer.Ordinal),
        ];
    }

    private static string Zone(Resource subnet) => subnet.At("AvailabilityZone")?.ToString() ?? string.Empty;

    private bool IsPublic(Resource subnet)
    {
        var tables = Of("AWS::EC2::SubnetRouteTableAssociation")
            .Where(association => association.At("SubnetId")?.Mentions(subnet.Id) == true)
            .SelectMany(association => Ids(association.List("RouteTableId"))).ToHashSet();
        return Of("AWS::EC2::Route").Any(route => Ids(route.List("RouteTableId")).Any(tables.Contains)
            && Ids(route.List("GatewayId")).Any(gateway => _resources[gateway].Type == "AWS::EC2::InternetGateway"));
    }

    private Group ToGroup(Resource group)
    {
        IEnumerable<GroupRule> rules =
        [
            .. group.List("SecurityGroupIngress").Select(rule => ToRule(group.Id, group.Id, outbound: false, rule)),
            .. Of("AWS::EC2::SecurityGroupIngress").Where(rule => rule.At("GroupId")?.Mentions(group.Id) == true).Select(rule => ToRule(rule.Id, group.Id, outbound: false, rule.Properties)),
            .. group.List("SecurityGroupEgress").Select(rule => ToRule(group.Id, group.Id, outbound: true, rule)),
            .. Of("AWS::EC2::SecurityGroupEgress").Where(rule => rule.At("GroupId")?.Mentions(group.Id) == true).Select(rule => ToRule(rule.Id, group.Id, outbound: true, rule.Properties)),
        ];
        return new Group(
            group,
            group.Text("GroupName") ?? group.DisplayName,
            [.. rules.OrderBy(rule => rule.Outbound).ThenBy(rule => rule.Peer.Contains('/', StringComparison.Ordinal)).ThenByDescending(rule => rule.FirstPort)]);
    }

    private GroupRule ToRule(string id, string groupId, bool outbound, Value rule)
    {
        var protocol = rule["IpProtocol"]?.ToString() switch { "-1" => "all", "6" => "tcp", "17" => "udp", "1" => "icmp", { } other => other.ToLowerInvariant(), null => "all" };
        var limited = protocol is "tcp" or "udp";
        var peer = rule[outbound ? "DestinationSecurityGroupId" : "SourceSecurityGroupId"] ?? rule["CidrIp"] ?? rule["CidrIpv6"]
            ?? rule[outbound ? "DestinationPrefixListId" : "SourcePrefixListId"];
        return new GroupRule(
            id,
            groupId,
            outbound,
            protocol,
            limited ? rule["FromPort"]?.AsInt ?? 0 : 0,
            limited ? rule["ToPort"]?.AsInt ?? 65535 : 65535,
            peer is null ? string.Empty : Ids([peer]) is [var resource, ..] ? resource : peer.ToString(),
            rule["Description"]?.ToString() ?? string.Empty);
    }

    // The resources that values refer to; what refers to nothing in this template has no place in the picture.
    private ImmutableArray<string> Ids(IEnumerable<Value>? values)
        => [.. (values ?? []).SelectMany(value => value.References).Select(reference => reference.Id).Where(_resources.ContainsKey).Distinct()];
}
