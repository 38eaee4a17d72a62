using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>
/// Who can open what to whom. What the template does not tell counts as open here, so that nothing is overlooked; whether a connection that is needed
/// surely works is for <see cref="Requirements"/> to say.
/// </summary>
internal static class Reachability
{
    /// <summary>Every connection that is possible, merged, in the order of the nodes.</summary>
    public static ImmutableArray<Connection> Of(NetworkModel network)
    {
        var found = EntryPoints.Of(network).Where(connection => !IsDeadApi(network, connection)).ToList();
        foreach (var from in network.Nodes)
        {
            foreach (var to in network.Nodes.Where(node => node.Name != from.Name))
            {
                found.AddRange(Between(network, from, to));
            }

            foreach (var face in from.Interfaces)
            {
                found.AddRange(Out(network, from, face));
                found.AddRange(In(network, from, face));
            }
        }

        return Connection.Merge(found);
    }

    /// <summary>An integration without a route or a permission is not called.</summary>
    private static bool IsDeadApi(NetworkModel network, Connection connection) =>
        connection is { From: "api", To: "lambda" } && !network.World.OfType("AWS::Lambda::Permission").Any(permission => EntryPoints.IsOfApi(network.Targets, permission));

    /// <summary>The rules of an interface in a direction; one that lets everything through where its groups are not known.</summary>
    private static IEnumerable<SecurityRule> Rules(Interface face, bool isEgress)
    {
        var rules = face.Groups.SelectMany(group => isEgress ? group.Egress : group.Ingress);
        return face.Doubts.IsEmpty ? rules : rules.Append(new(face.LogicalId, "", $"{face.LogicalId} ({face.Doubts[0]})", isEgress, Traffic.All, new UnknownPeer("anybody"), null, IsImplicit: false, face.Doubts));
    }

    private static IEnumerable<Connection> Between(NetworkModel network, Node from, Node to)
    {
        foreach (var source in from.Interfaces)
        {
            foreach (var target in to.Interfaces)
            {
                foreach (var egress in Rules(source, isEgress: true).Where(rule => MayMean(rule.Peer, target)))
                {
                    foreach (var ingress in Rules(target, isEgress: false).Where(rule => MayMean(rule.Peer, source)))
                    {
                        if (egress.Traffic.Intersect(ingress.Traffic) is { } traffic && MayPassAcls(network, source, target, traffic))
                        {
                            yield return new(from.Name, to.Name, traffic, [egress.Evidence, ingress.Evidence]);
                        }
                    }
                }
            }
        }
    }

    private static bool MayPassAcls(NetworkModel network, Interface source, Interface target, Traffic traffic)
    {
        if (source.Subnets.IsEmpty || target.Subnets.IsEmpty)
        {
            return true;
        }

        return source.Subnets.Any(left => target.Subnets.Any(right =>
            (left.VpcId is null || right.VpcId is null || left.VpcId == right.VpcId)
            && network.Acls.MayPass(left, isSource: true, right.Range ?? AddressRange.AnyV4, traffic)
            && network.Acls.MayPass(right, isSource: false, left.Range ?? AddressRange.AnyV4, traffic)));
    }

    private static IEnumerable<Connection> Out(NetworkModel network, Node node, Interface face)
    {
        foreach (var rule in Rules(face, isEgress: true))
        {
            foreach (var v6 in new[] { false, true })
            {
                var subnet = face.Subnets.FirstOrDefault(subnet => InternetPath.MayLeave(face, subnet, v6) && network.Acls.MayPass(subnet, isSource: true, v6 ? AddressRange.AnyV6 : AddressRange.AnyV4, rule.Traffic));
                if (MayMeanInternet(rule.Peer, v6) && (subnet is not null || (face.Subnets.IsEmpty && !v6)))
                {
                    yield return new(node.Name, "internet", rule.Traffic, [rule.Evidence, .. subnet is null ? [] : new InternetPath(network).Proof(subnet)]);
                }
            }

            foreach (var route in face.Subnets.SelectMany(subnet => subnet.Routes).Where(route => route.Target == RouteTarget.Other && MayShare(rule.Peer, route.Destination)))
            {
                yield return new(node.Name, route.TargetId, rule.Traffic, [rule.Evidence, new(route.LogicalId, $"route {route.Text}")]);
            }
        }
    }

    private static IEnumerable<Connection> In(NetworkModel network, Node node, Interface face)
    {
        foreach (var rule in Rules(face, isEgress: false))
        {
            foreach (var v6 in new[] { false, true })
            {
                var subnet = face.Subnets.FirstOrDefault(subnet => (v6 ? subnet.RangeV6 is not null : face.MayBePublic)
                    && subnet.Routes.Any(route => route.Target == RouteTarget.InternetGateway && (route.Destination?.IsV6 ?? v6) == v6)
                    && network.Acls.MayPass(subnet, isSource: false, v6 ? AddressRange.AnyV6 : AddressRange.AnyV4, rule.Traffic));
                if (MayMeanInternet(rule.Peer, v6) && (subnet is not null || (face.Subnets.IsEmpty && face.MayBePublic && !v6)))
                {
                    yield return new("internet", node.Name, rule.Traffic, [.. subnet is null ? [] : new[] { new Evidence(subnet.Id, $"{node.Name} is in the public subnet {subnet.Name}") }, rule.Evidence]);
                }
            }

            foreach (var route in face.Subnets.SelectMany(subnet => subnet.Routes).Where(route => route.Target == RouteTarget.Other && MayShare(rule.Peer, route.Destination)))
            {
                yield return new(route.TargetId, node.Name, rule.Traffic, [new(route.LogicalId, $"route {route.Text}"), rule.Evidence]);
            }
        }
    }

    private static bool MayMean(Peer peer, Interface face) => peer switch
    {
        GroupPeer group => !face.Doubts.IsEmpty || face.Groups.Any(its => its.Id == group.GroupId),
        AddressPeer { IsNobody: true } => false,
        AddressPeer addresses => face.Subnets.IsEmpty || face.Subnets.Any(subnet => subnet.Range is null
            || addresses.Ranges.Any(range => range.Overlaps(subnet.Range.Value) || (subnet.RangeV6 is { } own && range.Overlaps(own)))),
        _ => true,
    };

    private static bool MayMeanInternet(Peer peer, bool v6) => peer switch
    {
        GroupPeer => false,
        AddressPeer addresses => addresses.Ranges.Any(range => range.IsV6 == v6 && range.ReachesInternet),
        _ => true,
    };

    private static bool MayShare(Peer peer, AddressRange? destination) => peer switch
    {
        GroupPeer => false,
        AddressPeer { IsNobody: true } => false,
        AddressPeer addresses => destination is not { } range || addresses.Ranges.Any(own => own.Overlaps(range)),
        _ => true,
    };
}
