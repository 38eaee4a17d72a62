using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The ECS service that keeps one MongoDB task running.</summary>
public sealed class MongoServiceTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    private TemplateValue Network => Template.MongoService["NetworkConfiguration"]["AwsvpcConfiguration"];

    [Fact]
    public void The_service_runs_on_fargate_of_the_given_platform()
    {
        var service = Template.MongoService;

        Assert.Equal("FARGATE", service["LaunchType"].OptionalText ?? service["CapacityProviderStrategy"][0]["CapacityProvider"].OptionalText);
        Assert.Equal("1.4.0", service["PlatformVersion"].Text);
        Assert.Same(Template.Single("AWS::ECS::Cluster"), service["Cluster"].Target);
    }

    [Fact]
    public void Two_tasks_never_run_at_once()
    {
        var deployment = Template.MongoService["DeploymentConfiguration"];

        Assert.Equal(1, Template.MongoService["DesiredCount"].Number);
        Assert.Equal(0, deployment["MinimumHealthyPercent"].Number);
        Assert.Equal(100, deployment["MaximumPercent"].Number);
        Assert.Contains(Template.MongoService["SchedulingStrategy"].OptionalText ?? "REPLICA", (string[])["REPLICA"]);
        Assert.Empty(Template.OfType("AWS::ApplicationAutoScaling::ScalableTarget"));
    }

    [Fact]
    public void A_deployment_that_fails_is_rolled_back()
    {
        var breaker = Template.MongoService["DeploymentConfiguration"]["DeploymentCircuitBreaker"];

        Assert.True(breaker["Enable"].IsTrue, $"The circuit breaker is off: {breaker}");
        Assert.True(breaker["Rollback"].IsTrue, $"The circuit breaker does not roll back: {breaker}");
    }

    [Fact]
    public void The_task_has_no_public_address()
        => Assert.Equal("DISABLED", Network["AssignPublicIp"].OptionalText ?? "DISABLED");

    [Fact]
    public void The_task_is_in_the_data_subnets_and_no_other()
        => Assert.Equal(Landmarks.DataSubnets, Template.SubnetsIn(Network["Subnets"]).Order());

    [Fact]
    public void Nobody_opens_a_shell_in_the_task()
        => Assert.False(Template.MongoService["EnableExecuteCommand"].IsTrue, "ECS Exec is a way in that the specification does not list.");

    [Fact]
    public void The_service_waits_until_the_file_system_can_be_mounted_from_both_subnets()
        => Assert.All(Template.OfType("AWS::EFS::MountTarget"), target => Assert.Contains(target.LogicalId, Template.MongoService.Prerequisites));

    [Fact]
    public void The_service_waits_for_the_way_out_that_pulls_its_image()
    {
        var subnets = Template.OfType("AWS::EC2::SubnetRouteTableAssociation").Where(a => Landmarks.DataSubnets.Contains(a["SubnetId"].Target["CidrBlock"].Text)).ToArray();
        var tables = subnets.Select(a => a["RouteTableId"].Target).ToHashSet();
        var routes = Template.OfType("AWS::EC2::Route").Where(r => tables.Contains(r["RouteTableId"].Target)).ToArray();

        Assert.NotEmpty(routes);
        Assert.All(subnets.Concat(routes), needed => Assert.Contains(needed.LogicalId, Template.MongoService.Prerequisites));
    }

    [Theory]
    [InlineData(Landmarks.MongoGroup)]
    [InlineData(Landmarks.FileSystemGroup)]
    public void The_service_waits_for_the_rules_it_connects_through(string group)
        => Assert.All(
            SecurityRule.In(Template).Where(r => r.IsOwnResource && r.Ports == "tcp 2049" && r.Group == group),
            rule => Assert.Contains(rule.Path.Split('.')[0], Template.MongoService.Prerequisites));

    [Fact]
    public void The_service_registers_its_task_in_the_private_zone()
    {
        var registry = Assert.Single(Template.MongoService["ServiceRegistries"].Items);

        Assert.Same(Template.Single("AWS::ServiceDiscovery::Service"), registry["RegistryArn"].Target);
    }
}
