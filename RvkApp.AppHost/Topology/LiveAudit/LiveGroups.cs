using System.Collections.Immutable;
using Amazon.EC2;
using Amazon.EC2.Model;

namespace RvkApp.AppHost.Topology.LiveAudit;

/// <summary>The security groups that EC2 has in the VPC of this project. Reads only: DescribeVpcs, DescribeSecurityGroups, DescribeSecurityGroupRules.</summary>
internal static class LiveGroups
{
    // EC2's most; the VPC has a handful of groups, and a group at most 60 rules each way unless the account's quota was raised.
    private const int PageSize = 1000;
    private const string ProjectTag = "Project";

    /// <summary>Reads them, the VPC's default group included.</summary>
    /// <param name="client">EC2, in the region to look in.</param>
    /// <param name="region">The region's name, for messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DistributedApplicationException">The project is not deployed there, or more than once.</exception>
    public static async Task<ImmutableArray<AuditedGroup>> ReadAsync(IAmazonEC2 client, string region, CancellationToken cancellationToken)
    {
        var vpcs = await client.DescribeVpcsAsync(new DescribeVpcsRequest { Filters = [Where($"tag:{ProjectTag}", SchoolStack.Project)] }, cancellationToken);
        if (vpcs.Vpcs is not [var vpc])
        {
            throw new DistributedApplicationException(
                $"{vpcs.Vpcs?.Count ?? 0} VPCs in {region} have the tag {ProjectTag}={SchoolStack.Project}, and an audit needs exactly one: deploy first, or look in the right account and region (Aws:Region).");
        }

        var groups = new List<SecurityGroup>();
        var next = new DescribeSecurityGroupsRequest { Filters = [Where("vpc-id", vpc.VpcId)], MaxResults = PageSize };
        do
        {
            var page = await client.DescribeSecurityGroupsAsync(next, cancellationToken);
            groups.AddRange(page.SecurityGroups ?? []);
            next.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(next.NextToken));

        var rules = new List<SecurityGroupRule>();
        // A filter takes 200 values.
        foreach (var ids in groups.Select(group => group.GroupId).Chunk(200))
        {
            var request = new DescribeSecurityGroupRulesRequest { Filters = [Where("group-id", ids)], MaxResults = PageSize };
            do
            {
                var page = await client.DescribeSecurityGroupRulesAsync(request, cancellationToken);
                rules.AddRange(page.SecurityGroupRules ?? []);
                request.NextToken = page.NextToken;
            }
            while (!string.IsNullOrEmpty(request.NextToken));
        }

        var names = groups.ToDictionary(group => group.GroupId, group => group.GroupName);
        return
        [
            .. groups.Select(group => new AuditedGroup(
                group.GroupName,
                group.Description,
                (group.Tags ?? []).Where(tag => !tag.Key.StartsWith("aws:", StringComparison.Ordinal)).ToImmutableSortedDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal),
                [.. rules.Where(rule => rule.GroupId == group.GroupId).Select(rule => Rule(rule, names))])),
        ];
    }

    private static AuditedRule Rule(SecurityGroupRule rule, Dictionary<string, string> names)
    {
        var peer = rule.ReferencedGroupInfo?.GroupId is { } id ? names.GetValueOrDefault(id, id) : rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? "unknown";
        return new AuditedRule(rule.IsEgress ?? false, rule.IpProtocol, rule.FromPort ?? -1, rule.ToPort ?? -1, peer, rule.Description ?? string.Empty);
    }

    private static Filter Where(string name, params IEnumerable<string> values) => new() { Name = name, Values = [.. values] };
}
