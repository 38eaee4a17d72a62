namespace RvkApp.AppHost.Verification;

/// <summary>The ten lines of the checklist. The groups are those of the workloads, whatever they are called.</summary>
internal static class HandshakeChecks
{
    private static readonly Traffic Mongo = new("tcp", IntendedFlows.Mongo, IntendedFlows.Mongo);
    private static readonly Traffic Nfs = new("tcp", IntendedFlows.Nfs, IntendedFlows.Nfs);
    private static readonly Traffic Https = new("tcp", 443, 443);
    private static readonly Traffic Http = new("tcp", 80, 80);
    private static readonly Traffic Dns = new("udp", 53, 53);

    private static readonly (string Node, string Tier, string Name)[] Groups =
        [("lambda", "Application", "RVK-mongo-db-sg"), ("mongo", "Data", "RVK-ecs-mongo-sg"), ("efs", "Storage", "mongo-efs-sg")];

    /// <summary>The ten checks.</summary>
    public static IEnumerable<Check> Of(CheckContext context) =>
    [
        Between(context, "checklist-01", "Lambda SG allows out to the MongoDB SG on 27017", "lambda", "mongo", isEgress: true, Mongo),
        Anywhere(context, "checklist-02", "Lambda SG allows HTTPS 443 out for AWS APIs", "lambda", Https),
        Between(context, "checklist-03", "MongoDB SG allows in from the Lambda SG on 27017", "mongo", "lambda", isEgress: false, Mongo),
        Between(context, "checklist-04", "MongoDB SG allows out to the EFS SG on 2049", "mongo", "efs", isEgress: true, Nfs),
        Anywhere(context, "checklist-05", "MongoDB SG allows HTTPS 443 out for CloudWatch", "mongo", Https),
        context.Options.AllowHttpEgress
            ? Anywhere(context, "checklist-06", "MongoDB SG allows HTTP/HTTPS 80/443 out for image pulls", "mongo", Http, Https)
            : Anywhere(context, "checklist-06", "MongoDB SG allows HTTPS 443 out for image pulls (HTTP is switched off)", "mongo", Https),
        Anywhere(context, "checklist-07", "MongoDB SG allows DNS 53 out", "mongo", Dns),
        Between(context, "checklist-08", "EFS SG allows in from the MongoDB SG on 2049", "efs", "mongo", isEgress: false, Nfs),
        NotFromAnywhere(context),
        NamesAndTags(context),
    ];

    private static Check Between(CheckContext context, string id, string title, string node, string other, bool isEgress, Traffic traffic)
    {
        var check = new Check(id, title);
        var rules = context.Requirements.Between(node, other, isEgress, traffic).ToArray();
        check.Holds(rules.Where(rule => rule.Peer is GroupPeer).Select(rule => rule.Evidence));
        foreach (var rule in rules.Where(rule => rule.Peer is not GroupPeer))
        {
            check.Fails(rule.LogicalId, $"'{rule.Text}' names addresses, not the group of {other}", $"name the group's id ({(isEgress ? "DestinationSecurityGroupId" : "SourceSecurityGroupId")}) instead");
        }

        check.Fails(Absent(context, node).Concat(Absent(context, other)));
        check.Fails(context.Requirements.Lacking(node, other, isEgress, traffic));
        return check;
    }

    private static Check Anywhere(CheckContext context, string id, string title, string node, params Traffic[] all)
    {
        var check = new Check(id, title);
        check.Fails(Absent(context, node));
        foreach (var traffic in all)
        {
            check.Holds(context.Requirements.OutToAnywhere(node, traffic).Select(rule => rule.Evidence));
            check.Fails(context.Requirements.LackingToAnywhere(node, traffic));
        }

        return check;
    }

    private static IEnumerable<Problem> Absent(CheckContext context, string node)
    {
        if (context.Network.GroupsOf(node).IsEmpty)
        {
            yield return new(context.Network.Find(node)?.LogicalId, $"{node} has no security group of the template", "give it the SecurityGroupIds of its tier's group");
        }
    }

    private static Check NotFromAnywhere(CheckContext context)
    {
        var check = new Check("checklist-09", "No security group allows in from 0.0.0.0/0 (or ::/0)");
        foreach (var group in context.Network.Groups)
        {
            var open = group.Ingress.Where(rule => rule.Peer is UnknownPeer or AddressPeer { ReachesInternet: true }).ToArray();
            foreach (var rule in open)
            {
                check.Fails(rule.LogicalId, rule.Peer is UnknownPeer ? $"'{rule.Text}' may let in anybody: the template does not tell whom it means" : $"'{rule.Text}' lets in the internet", "name the group that may connect instead of addresses");
            }

            if (open.Length == 0)
            {
                check.Holds(group.Resource?.Id ?? group.Id, group.Ingress.Any() ? string.Join("; ", group.Ingress.Select(rule => rule.Text)) : $"{group.Name} lets nothing in");
            }
        }

        return check;
    }

    private static Check NamesAndTags(CheckContext context)
    {
        var check = new Check("checklist-10", "Every security group has a descriptive name and tags");
        foreach (var group in context.Network.Groups.Where(group => group.Resource is not null))
        {
            var resource = group.Resource!;
            var (_, tier, name) = Array.Find(Groups, expected => context.Network.GroupsOf(expected.Node).Any(its => its.Id == group.Id));
            var before = resource.Text("GroupName");
            check.Expect(name is null ? !string.IsNullOrWhiteSpace(before) : before == name, resource.Id, $"{resource.Id} is named {before}",
                $"{resource.Id} is named {before ?? "by CloudFormation"}{(name is null ? "" : $", not {name}")}", $"set GroupName to {name ?? "what the group is for"}");
            foreach (var (key, expected) in new[] { ("Name", name), ("Tier", tier), ("Environment", null), ("Project", null) })
            {
                var value = resource.Tag(key);
                check.Expect(expected is null ? !string.IsNullOrWhiteSpace(value) : value == expected, resource.Id, $"{group.Name} has the tag {key} = {value}",
                    $"{group.Name} ({resource.Id}) has {(value is null ? $"no tag {key}" : $"the tag {key} = {value}, not {expected}")}", $"add the tag {key}{(expected is null ? "" : $" = {expected}")} to {resource.Id}");
            }
        }

        foreach (var (node, _, _) in Groups)
        {
            check.Fails(Absent(context, node));
        }

        return check;
    }
}
