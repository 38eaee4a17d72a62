using System.Collections.Immutable;
using System.Globalization;

namespace RvkApp.AppHost.Verification;

/// <summary>Whether a connection that is needed surely works, and if not, every setting that stops it: not just the first.</summary>
internal sealed class Requirements(NetworkModel network)
{
    private readonly InternetPath _internet = new(network);

    /// <summary>Every setting that stops a connection; none where it surely works.</summary>
    public ImmutableArray<Problem> Blockers(IntendedFlow flow)
    {
        var problems = flow switch
        {
            { Protocol: "https" } => ApiBlockers(),
            { Protocol: "invoke" } => InvokeBlockers(),
            _ when Absent(flow.From) is { } absent => [absent],
            { To: "internet" } => InternetBlockers(flow),
            _ when Absent(flow.To) is { } absent => [absent],
            _ => PrivateBlockers(flow),
        };
        return [.. problems.DistinctBy(problem => problem.What)];
    }

    /// <summary>What lets a connection through, in the order a packet meets it; empty where nothing does.</summary>
    public ImmutableArray<Evidence> Proof(IntendedFlow flow)
    {
        var targets = network.Targets;
        if (flow.Protocol == "https")
        {
            return targets.Api is { } api ? [new(api.Id, $"{api.Text("Name") ?? api.Id}: an HTTP API, HTTPS only, on the internet")] : [];
        }

        if (flow.Protocol == "invoke")
        {
            return
            [
                .. targets.Integrations.Select(integration => new Evidence(integration.Id, $"{integration.Id}: the API integrates {targets.Function?.Id}")),
                .. network.World.OfType("AWS::Lambda::Permission").Where(permission => EntryPoints.IsOfApi(targets, permission))
                    .Select(permission => new Evidence(permission.Id, $"{permission.Id}: apigateway.amazonaws.com may invoke {targets.Function?.Id} for {permission.At("SourceArn")}")),
            ];
        }

        var traffic = TrafficOf(flow);
        var (sources, answers) = (network.Find(flow.From)?.Interfaces ?? [], network.Find(flow.To)?.Interfaces ?? []);
        var proof = sources.SelectMany(face => Matching(face, isEgress: true, traffic, rule => flow.To == "internet" ? IsAnywhere(rule.Peer) : answers.Any(other => SurelyMeans(rule.Peer, other))))
            .Concat(answers.SelectMany(face => Matching(face, isEgress: false, traffic, rule => sources.Any(other => SurelyMeans(rule.Peer, other)))))
            .Select(rule => rule.Evidence);
        var path = flow.To == "internet" ? network.SubnetsOf(flow.From).SelectMany(_internet.Proof)
            : sources.Concat(answers).SelectMany(face => face.Subnets).Distinct().Where(subnet => subnet.VpcId is not null).Select(subnet => new Evidence(subnet.Id, $"subnet {subnet.Name} in VPC {subnet.VpcId}, joined by the local route"));
        return [.. proof.Concat(path).Concat(network.SubnetsOf(flow.From).SelectMany(network.Acls.Evidence)).Distinct()];
    }

    /// <summary>The rules of a node's groups that surely let some traffic out to any IPv4 address.</summary>
    public IEnumerable<SecurityRule> OutToAnywhere(string node, Traffic traffic) =>
        (network.Find(node)?.Interfaces ?? []).SelectMany(face => Matching(face, isEgress: true, traffic, rule => IsAnywhere(rule.Peer))).Distinct();

    /// <summary>The rules of a node's groups that surely let some traffic through between it and another node.</summary>
    public IEnumerable<SecurityRule> Between(string node, string other, bool isEgress, Traffic traffic) =>
        (network.Find(node)?.Interfaces ?? []).SelectMany(face => Matching(face, isEgress, traffic, rule => (network.Find(other)?.Interfaces ?? []).Any(peer => SurelyMeans(rule.Peer, peer)))).Distinct();

    /// <summary>The rules that a node's groups lack for some traffic between it and another node: one for each interface of the one that the other's rules do not cover.</summary>
    public IEnumerable<Problem> Lacking(string node, string other, bool isEgress, Traffic traffic) =>
        from face in network.Find(node)?.Interfaces ?? []
        from peer in network.Find(other)?.Interfaces ?? []
        where !Matching(face, isEgress, traffic, rule => SurelyMeans(rule.Peer, peer)).Any()
        select MissingRule(face, isEgress, traffic, peer.Groups.FirstOrDefault()?.Id ?? peer.LogicalId, peer.GroupNames);

    /// <summary>The rule to any IPv4 address that a node's groups lack for some traffic.</summary>
    public IEnumerable<Problem> LackingToAnywhere(string node, Traffic traffic) =>
        from face in network.Find(node)?.Interfaces ?? []
        where !Matching(face, isEgress: true, traffic, rule => IsAnywhere(rule.Peer)).Any()
        select MissingRule(face, isEgress: true, traffic, null, "0.0.0.0/0");

    /// <summary>The rule that is missing from a group, and how to add it.</summary>
    private static Problem MissingRule(Interface face, bool isEgress, Traffic traffic, string? peerGroup, string peer)
    {
        var group = face.Groups.FirstOrDefault();
        var near = face.Groups.SelectMany(its => isEgress ? its.Egress : its.Ingress).Where(rule => !rule.PermitsNothing)
            .Where(rule => rule.Traffic.Intersect(traffic) is not null || rule.Peer.Text == peer).Select(rule => $"'{rule.Text}'{(rule.IsCertain ? "" : $" ({string.Join("; ", rule.Doubts)})")}").ToArray();
        var kind = isEgress ? "AWS::EC2::SecurityGroupEgress" : "AWS::EC2::SecurityGroupIngress";
        var side = isEgress ? "DestinationSecurityGroupId" : "SourceSecurityGroupId";
        var other = peerGroup is null ? $"CidrIp {peer}" : $"{side} of {peerGroup}";
        return new(group?.Id ?? face.LogicalId,
            $"{face.GroupNames} has no rule {(isEgress ? "out" : "in")}: {traffic} {(isEgress ? "to" : "from")} {peer}{(near.Length == 0 ? "" : $"; nearest is {string.Join(" and ", near)}")}",
            string.Create(CultureInfo.InvariantCulture, $"add an {kind}: GroupId of {group?.Id ?? face.LogicalId}, IpProtocol {traffic.Protocol}, FromPort {traffic.From}, ToPort {traffic.To}, {other}"));
    }

    /// <summary>What a flow carries.</summary>
    public static Traffic TrafficOf(IntendedFlow flow) => flow.Protocol switch
    {
        "https" => Traffic.Https,
        "invoke" => Traffic.Invoke,
        _ => new(flow.Protocol, flow.Port, flow.Port),
    };

    private static IEnumerable<SecurityRule> Matching(Interface face, bool isEgress, Traffic traffic, Func<SecurityRule, bool> means) =>
        face.Groups.SelectMany(group => isEgress ? group.Egress : group.Ingress).Where(rule => rule is { IsCertain: true, IsImplicit: false } && rule.Traffic.Covers(traffic) && means(rule));

    private static bool IsAnywhere(Peer peer) => peer is AddressPeer addresses && addresses.Ranges.Any(range => range is { IsEverything: true, IsV6: false });

    private static bool SurelyMeans(Peer peer, Interface face) => peer switch
    {
        GroupPeer group => face.Groups.Any(its => its.Id == group.GroupId),
        AddressPeer addresses => !face.Subnets.IsEmpty && face.Subnets.All(subnet => subnet.Range is { } own && addresses.Ranges.Any(range => range.Contains(own))),
        _ => false,
    };

    private Problem? Absent(string name) => network.Find(name) is { Interfaces.IsEmpty: false } ? null : name switch
    {
        "lambda" => new(null, "there is no function behind the API in the VPC", "add an AWS::Lambda::Function with VpcConfig and let the API integrate it"),
        "mongo" => new(null, "there is no ECS service that runs MongoDB", "add an AWS::ECS::Service with AwsvpcConfiguration and a task that listens on 27017"),
        _ => new(network.Targets.FileSystem?.Id, "the file system has no mount target", "add an AWS::EFS::MountTarget in each data subnet"),
    };

    private IEnumerable<Problem> PrivateBlockers(IntendedFlow flow)
    {
        var traffic = TrafficOf(flow);
        var (from, to) = (network.Find(flow.From)!, network.Find(flow.To)!);
        foreach (var problem in Lacking(flow.From, flow.To, isEgress: true, traffic).Concat(Lacking(flow.To, flow.From, isEgress: false, traffic)))
        {
            yield return problem;
        }

        foreach (var source in from.Interfaces)
        {
            foreach (var target in to.Interfaces)
            {
                foreach (var problem in SubnetBlockers(source, target, traffic))
                {
                    yield return problem;
                }
            }

            foreach (var problem in flow.To == "efs" ? ZoneBlockers(source, to) : [])
            {
                yield return problem;
            }
        }

        if (flow.To == "mongo" && network.Targets.Container is { } container && !Targets.Exposes(container, flow.Port))
        {
            yield return new(network.Targets.Task!.Id, $"the container {container["Name"]} of {network.Targets.Task.Id} does not map port {flow.Port}: it has {string.Join(", ", (container["PortMappings"]?.Items ?? []).Select(mapping => mapping["ContainerPort"]))}",
                string.Create(CultureInfo.InvariantCulture, $"map ContainerPort {flow.Port} in PortMappings"));
        }
    }

    private IEnumerable<Problem> SubnetBlockers(Interface source, Interface target, Traffic traffic)
    {
        foreach (var face in new[] { source, target }.Where(face => face.Subnets.IsEmpty))
        {
            yield return new(face.LogicalId, $"{face.LogicalId} is in no subnet of the template{(face.Doubts.IsEmpty ? "" : $": {string.Join("; ", face.Doubts)}")}", "name its subnets by Ref");
        }

        foreach (var left in source.Subnets)
        {
            foreach (var right in target.Subnets)
            {
                if (left.VpcId != right.VpcId || left.VpcId is null)
                {
                    yield return new(left.Id, $"the subnets {left.Name} and {right.Name} are not in the same VPC", "put both into one VPC");
                }

                foreach (var problem in network.Acls.Blockers(left, isSource: true, right.Range ?? AddressRange.AnyV4, traffic)
                    .Concat(network.Acls.Blockers(right, isSource: false, left.Range ?? AddressRange.AnyV4, traffic)))
                {
                    yield return problem;
                }
            }
        }
    }

    /// <summary>The name of a file system is resolved to the mount target of the caller's own zone, and to none where that zone has none.</summary>
    private static IEnumerable<Problem> ZoneBlockers(Interface source, Node fileSystem)
    {
        var zones = fileSystem.Interfaces.SelectMany(face => face.Subnets).Select(subnet => subnet.Zone).ToHashSet(StringComparer.Ordinal);
        return source.Subnets.Where(subnet => !zones.Contains(subnet.Zone)).Select(subnet => new Problem(
            fileSystem.LogicalId, $"the file system {fileSystem.LogicalId} has no mount target in the availability zone of {subnet.Name}", $"add an AWS::EFS::MountTarget with SubnetId of {subnet.Id}"));
    }

    private IEnumerable<Problem> InternetBlockers(IntendedFlow flow)
    {
        var traffic = TrafficOf(flow);
        foreach (var problem in LackingToAnywhere(flow.From, traffic))
        {
            yield return problem;
        }

        foreach (var face in network.Find(flow.From)!.Interfaces)
        {
            if (face.Subnets.IsEmpty)
            {
                yield return new(face.LogicalId, $"{face.LogicalId} is in no subnet of the template{(face.Doubts.IsEmpty ? "" : $": {string.Join("; ", face.Doubts)}")}", "name its subnets by Ref");
            }

            foreach (var problem in face.Subnets.SelectMany(subnet => _internet.Blockers(face, subnet).Concat(network.Acls.Blockers(subnet, isSource: true, AddressRange.AnyV4, traffic))))
            {
                yield return problem;
            }
        }
    }

    private IEnumerable<Problem> ApiBlockers()
    {
        if (network.Targets.Api is not { } api)
        {
            yield return new(null, "there is no HTTP API", "add an AWS::ApiGatewayV2::Api of ProtocolType HTTP that integrates the function");
            yield break;
        }

        if (api.At("DisableExecuteApiEndpoint")?.AsBool == true && !network.World.OfType("AWS::ApiGatewayV2::ApiMapping").Any(mapping => mapping.Properties.Mentions(api.Id)))
        {
            yield return new(api.Id, $"the API {api.Id} has its endpoint disabled and no domain", "drop DisableExecuteApiEndpoint, or add an AWS::ApiGatewayV2::DomainName with an ApiMapping");
        }

        if (!network.World.OfType("AWS::ApiGatewayV2::Stage").Any(stage => stage.Properties.Mentions(api.Id)))
        {
            yield return new(api.Id, $"the API {api.Id} has no stage", "add an AWS::ApiGatewayV2::Stage $default with AutoDeploy true");
        }
    }

    private IEnumerable<Problem> InvokeBlockers()
    {
        var (world, targets) = (network.World, network.Targets);
        if (targets.Function is not { } function)
        {
            yield return new(null, "no function is behind the API", "add an AWS_PROXY integration whose IntegrationUri names the function");
            yield break;
        }

        if (targets.Integrations.IsEmpty)
        {
            yield return new(function.Id, $"no integration of an HTTP API names the function {function.Id}", "add an AWS::ApiGatewayV2::Integration with IntegrationUri of the function");
        }
        else if (!world.OfType("AWS::ApiGatewayV2::Route").Any(route => targets.Integrations.Any(integration => route.At("Target")?.Mentions(integration.Id) == true)))
        {
            yield return new(targets.Integrations[0].Id, $"no route leads to the integration {targets.Integrations[0].Id}", "add AWS::ApiGatewayV2::Route 'ANY /' and 'ANY /{proxy+}' with Target integrations/…");
        }

        if (!world.OfType("AWS::Lambda::Permission").Any(permission => EntryPoints.IsOfApi(targets, permission) && permission.At("FunctionName")?.Mentions(function.Id) == true
            && permission.Text("Action") is "lambda:InvokeFunction"))
        {
            yield return new(function.Id, $"API Gateway may not invoke {function.Id} for this API", "add an AWS::Lambda::Permission: Action lambda:InvokeFunction, Principal apigateway.amazonaws.com, SourceArn of the API");
        }

        if (function.At("ReservedConcurrentExecutions")?.AsInt == 0)
        {
            yield return new(function.Id, $"the function {function.Id} has a reserved concurrency of 0, so every call is refused", "set ReservedConcurrentExecutions to 200");
        }
    }
}
