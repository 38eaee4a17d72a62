using System.Text.RegularExpressions;

namespace RvkApp.Tests.Topology;

/// <summary>The three groups, cell by cell of the table of the handshake.</summary>
public partial class SecurityGroupTests(SynthesizedTopology topology)
{
    private const string Lambda = "RVK-mongo-db-sg";
    private const string Mongo = "RVK-ecs-mongo-sg";
    private const string Efs = "mongo-efs-sg";
    private const string Nothing = "icmp 252-86 255.255.255.255/32";

    [Theory]
    [InlineData(Lambda, "in")]
    [InlineData(Lambda, "out", $"tcp 27017 {Mongo}", "tcp 443 0.0.0.0/0", "tcp 80 0.0.0.0/0")]
    [InlineData(Mongo, "in", $"tcp 27017 {Lambda}")]
    [InlineData(Mongo, "out", $"tcp 2049 {Efs}", "tcp 443 0.0.0.0/0", "tcp 80 0.0.0.0/0", "udp 53 0.0.0.0/0")]
    [InlineData(Efs, "in", $"tcp 2049 {Mongo}")]
    [InlineData(Efs, "out", Nothing)]
    public async Task A_group_has_exactly_the_rules_of_its_cell(string group, string direction, params string[] rules)
    {
        var template = await topology.DefaultAsync();

        Assert.Equal(rules.Order(StringComparer.Ordinal), Rules(template).Where(rule => rule.Group == group && rule.Direction == direction).Select(rule => rule.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_http_exactly_the_two_rules_for_port_80_are_gone()
    {
        var with = Rules(await topology.DefaultAsync());
        var without = Rules(await topology.OtherAsync());

        Assert.Equal(
            [$"{Mongo} out tcp 80 0.0.0.0/0", $"{Lambda} out tcp 80 0.0.0.0/0"],
            with.Select(rule => rule.ToString()).Except(without.Select(rule => rule.ToString())).Order(StringComparer.Ordinal));
        Assert.Empty(without.Select(rule => rule.ToString()).Except(with.Select(rule => rule.ToString())));
    }

    [Theory]
    [InlineData(Lambda, "Application")]
    [InlineData(Mongo, "Data")]
    [InlineData(Efs, "Storage")]
    public async Task A_group_has_its_four_tags(string group, string tier)
    {
        var tags = (await topology.DefaultAsync()).Named("EC2::SecurityGroup", "GroupName", group).Tags;

        Assert.Equal(group, tags["Name"]);
        Assert.Equal(tier, tags["Tier"]);
        Assert.Equal("production", tags["Environment"]);
        Assert.Equal("rvk-school-mgmt", tags["Project"]);
    }

    [Fact]
    public async Task There_are_three_groups_and_no_other()
    {
        var template = await topology.DefaultAsync();

        Assert.Equal([Mongo, Lambda, Efs], template.All("EC2::SecurityGroup").Select(group => group.Text("GroupName")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rules_between_groups_are_resources_of_their_own_and_name_groups()
    {
        var template = await topology.DefaultAsync();

        Assert.All(template.All("EC2::SecurityGroup"), group => Assert.DoesNotContain("SecurityGroupId", group.Node.ToJsonString(), StringComparison.Ordinal));
        Assert.All(
            [.. template.All("EC2::SecurityGroupIngress"), .. template.All("EC2::SecurityGroupEgress")],
            rule => Assert.DoesNotContain(rule.Properties, property => property.Key.StartsWith("Cidr", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_rule_between_groups_has_its_mirror()
    {
        var rules = Rules(await topology.DefaultAsync()).Where(rule => rule.Peer is Lambda or Mongo or Efs).ToArray();

        Assert.Equal(4, rules.Length);
        Assert.All(rules, rule => Assert.Contains(rules, mirror => mirror.Group == rule.Peer && mirror.Peer == rule.Group && mirror.Ports == rule.Ports && mirror.Protocol == rule.Protocol && mirror.Direction != rule.Direction));
    }

    [Fact]
    public async Task Nothing_is_let_in_from_anywhere_and_no_rule_is_for_all_protocols()
    {
        var rules = Rules(await topology.DefaultAsync());

        Assert.DoesNotContain(rules, rule => rule.Direction == "in" && (rule.Peer.Contains('/', StringComparison.Ordinal) || rule.Peer.Contains(':', StringComparison.Ordinal)));
        Assert.DoesNotContain(rules, rule => rule.Protocol == "-1");
    }

    [Theory]
    [InlineData(Lambda, "out", "tcp 27017", "Query and write MongoDB")]
    [InlineData(Lambda, "out", "tcp 443", "CloudWatch Logs, SSM Parameter Store, AWS APIs, external integrations")]
    [InlineData(Lambda, "out", "tcp 80", "Package downloads during builds")]
    [InlineData(Mongo, "in", "tcp 27017", "only")]
    [InlineData(Mongo, "out", "tcp 2049", "/data/db")]
    [InlineData(Mongo, "out", "tcp 443", "CloudWatch Logs, ECS agent, ECR image pulls")]
    [InlineData(Mongo, "out", "tcp 80", "Image pulls")]
    [InlineData(Mongo, "out", "udp 53", "DNS for image pulls, service discovery registration, log endpoints")]
    [InlineData(Efs, "in", "tcp 2049", "only")]
    public async Task A_rule_says_why_it_exists(string group, string direction, string what, string reason)
    {
        var rule = Assert.Single(Rules(await topology.DefaultAsync()), rule => rule.Group == group && rule.Direction == direction && $"{rule.Protocol} {rule.Ports}" == what);

        Assert.Contains(reason, rule.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Descriptions_are_such_as_ec2_takes()
    {
        var template = await topology.DefaultAsync();
        var rules = Rules(template);

        Assert.All(template.All("EC2::SecurityGroup").Select(group => group.Text("GroupDescription")).Concat(rules.Select(rule => rule.Description)), text => Assert.Matches(Ec2Description(), text));
        // For rules that name a group, EC2 takes no ampersand.
        Assert.All(rules.Where(rule => !rule.Peer.Contains('/', StringComparison.Ordinal)), rule => Assert.DoesNotContain('&', rule.Description));
        Assert.All(rules.GroupBy(rule => (rule.Group, rule.Direction)), group => Assert.InRange(group.Count(), 1, 60));
        Assert.Equal(rules.Count, rules.Select(rule => rule.ToString()).Distinct().Count());
    }

    [Fact]
    public async Task Each_workload_has_the_group_of_its_tier_and_no_other()
    {
        var template = await topology.DefaultAsync();

        Assert.Equal([Group(Lambda)], template.Api.Texts("VpcConfig.SecurityGroupIds"));
        Assert.Equal([Group(Mongo)], template.Only("ECS::Service").Texts("NetworkConfiguration.AwsvpcConfiguration.SecurityGroups"));
        Assert.All(template.All("EFS::MountTarget"), target => Assert.Equal([Group(Efs)], target.Texts("SecurityGroups")));

        string Group(string name) => $"${{{template.Named("EC2::SecurityGroup", "GroupName", name).Id}.GroupId}}";
    }

    /// <summary>Every rule, wherever the template has it.</summary>
    private static List<Rule> Rules(CloudTemplate template)
    {
        var names = template.All("EC2::SecurityGroup").ToDictionary(group => $"${{{group.Id}.GroupId}}", group => group.Text("GroupName"));
        var rules = new List<Rule>();
        foreach (var group in template.All("EC2::SecurityGroup"))
        {
            rules.AddRange((group["SecurityGroupEgress"]?.AsArray() ?? []).Select(rule => Read(group.Text("GroupName"), "out", new CloudResource(group.Id, new() { ["Type"] = "rule", ["Properties"] = rule!.DeepClone() }))));
            rules.AddRange((group["SecurityGroupIngress"]?.AsArray() ?? []).Select(rule => Read(group.Text("GroupName"), "in", new CloudResource(group.Id, new() { ["Type"] = "rule", ["Properties"] = rule!.DeepClone() }))));
        }

        rules.AddRange(template.All("EC2::SecurityGroupEgress").Select(rule => Read(names[rule.Text("GroupId")], "out", rule)));
        rules.AddRange(template.All("EC2::SecurityGroupIngress").Select(rule => Read(names[rule.Text("GroupId")], "in", rule)));
        return rules;

        Rule Read(string group, string direction, CloudResource rule)
        {
            var peer = new[] { "DestinationSecurityGroupId", "SourceSecurityGroupId", "CidrIp", "CidrIpv6" }.Select(rule.Text).First(text => text.Length > 0);
            var (from, to) = (rule.Text("FromPort"), rule.Text("ToPort"));
            return new Rule(group, direction, rule.Text("IpProtocol"), from == to ? from : $"{from}-{to}", names.GetValueOrDefault(peer, peer), rule.Text("Description"));
        }
    }

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
    [GeneratedRegex(@"^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}$")]
    private static partial Regex Ec2Description();

    private sealed record Rule(string Group, string Direction, string Protocol, string Ports, string Peer, string Description)
    {
        public string Text => $"{Protocol} {Ports} {Peer}";

        public override string ToString() => $"{Group} {Direction} {Text}";
    }
}
