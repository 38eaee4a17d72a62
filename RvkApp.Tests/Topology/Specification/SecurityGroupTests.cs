using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The three security groups themselves.</summary>
public sealed class SecurityGroupTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    /// <summary>Name and tier.</summary>
    public static TheoryData<string, string> Groups => new()
    {
        { Landmarks.LambdaGroup, "Application" },
        { Landmarks.MongoGroup, "Data" },
        { Landmarks.FileSystemGroup, "Storage" },
    };

    [Fact]
    public void There_are_the_three_groups_and_no_other()
        => Assert.Equal([Landmarks.MongoGroup, Landmarks.LambdaGroup, Landmarks.FileSystemGroup], Template.OfType("AWS::EC2::SecurityGroup").Select(g => g["GroupName"].OptionalText ?? g.LogicalId).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Groups))]
    public void A_group_says_what_it_is(string name, string tier)
    {
        var group = Template.Group(name);

        Assert.Equal(name, group.Tags["Name"]);
        Assert.Equal(tier, group.Tags["Tier"]);
        Assert.Equal("rvk-school-mgmt", group.Tags["Project"]);
        Assert.NotEmpty(group.Tags["Environment"]);
        Assert.Same(Template.Vpc, group["VpcId"].Target);
        Assert.True(SecurityDescription.IsValidForGroup(group["GroupDescription"].Text), $"EC2 refuses: {group["GroupDescription"]}");
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void A_group_writes_down_what_may_leave_because_EC2_lets_everything_out_of_one_that_does_not(string name, string _)
        => Assert.NotEmpty(Template.Group(name)["SecurityGroupEgress"].Items);

    [Theory]
    [MemberData(nameof(Groups))]
    public void A_group_stays_within_the_quota_of_60_rules_each_way(string name, string _)
    {
        var rules = SecurityRule.In(Template).Where(r => r.Group == name).ToArray();
        Assert.InRange(rules.Count(r => r.Direction == RuleDirection.In), 0, 60);
        Assert.InRange(rules.Count(r => r.Direction == RuleDirection.Out), 0, 60);
    }

    [Fact]
    public void The_groups_are_where_the_tiers_are()
    {
        Assert.Equal([Landmarks.LambdaGroup], Template.GroupsIn(Template.ApiFunction["VpcConfig"]["SecurityGroupIds"]));
        Assert.Equal([Landmarks.MongoGroup], Template.GroupsIn(Template.MongoService["NetworkConfiguration"]["AwsvpcConfiguration"]["SecurityGroups"]));
        Assert.All(Template.OfType("AWS::EFS::MountTarget"), target => Assert.Equal([Landmarks.FileSystemGroup], Template.GroupsIn(target["SecurityGroups"])));
    }
}
