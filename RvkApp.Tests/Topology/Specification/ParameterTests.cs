using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>What the stack tells others through SSM Parameter Store.</summary>
public sealed class ParameterTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    [Fact]
    public void There_are_the_five_parameters()
        => Assert.Equal(
            ["/school-mgmt/db/mongo-sg-id", "/school-mgmt/lambda-sg-id", "/school-mgmt/vpc/ecs-private-subnets", "/school-mgmt/vpc/id", "/school-mgmt/vpc/lambda-private-subnets"],
            Template.OfType("AWS::SSM::Parameter").Select(p => p["Name"].Text).Order(StringComparer.Ordinal));

    [Fact]
    public void The_vpc_is_told() => Assert.Equal($"${{{Template.Vpc.LogicalId}}}", Value("/school-mgmt/vpc/id"));

    [Theory]
    [InlineData("/school-mgmt/vpc/lambda-private-subnets", "10.0.2.0/24", "10.0.3.0/24")]
    [InlineData("/school-mgmt/vpc/ecs-private-subnets", "10.0.4.0/24", "10.0.5.0/24")]
    public void The_private_subnets_are_told_in_the_order_of_the_zones(string name, string first, string second)
        => Assert.Equal($"${{{Template.Subnet(first).LogicalId}}},${{{Template.Subnet(second).LogicalId}}}", Value(name));

    [Theory]
    [InlineData("/school-mgmt/lambda-sg-id", Landmarks.LambdaGroup)]
    [InlineData("/school-mgmt/db/mongo-sg-id", Landmarks.MongoGroup)]
    public void The_groups_are_told_by_id(string name, string group) => Assert.Equal($"${{{Template.Group(group).LogicalId}.GroupId}}", Value(name));

    [Fact]
    public void No_parameter_holds_a_secret()
        => Assert.All(Template.OfType("AWS::SSM::Parameter"), p => Assert.Contains(p["Type"].Text, (string[])["String", "StringList"]));

    private string Value(string name) => Template.Single("AWS::SSM::Parameter", "Name", name)["Value"].Text;
}
