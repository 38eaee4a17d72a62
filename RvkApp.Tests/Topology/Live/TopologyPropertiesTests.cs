using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using RvkApp.AppHost.Topology;
using RvkApp.AppHost.Topology.Live;

namespace RvkApp.Tests.Topology.Live;

public class TopologyPropertiesTests
{
    private static readonly string[] Secrets = ["--Parameters:admin-password=p", "--Parameters:jwt-signing-key=k", "--Parameters:mongo-password=m"];

    [Fact]
    public async Task A_run_has_the_topology_as_a_resource()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RvkApp_AppHost>(["--Ports:Api=0", "--Ports:Mongo=0", .. Secrets], TestContext.Current.CancellationToken);

        var resource = Assert.Single(builder.Resources, resource => resource.Name == "topology");
        Assert.Contains(resource.Annotations.OfType<ResourceRelationshipAnnotation>(), relationship => relationship.Resource.Name == "mongo");
    }

    [Fact]
    public async Task A_publish_has_none()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RvkApp_AppHost>(["--operation", "publish", "--step", "publish", .. Secrets], TestContext.Current.CancellationToken);

        Assert.True(builder.ExecutionContext.IsPublishMode);
        Assert.DoesNotContain(builder.Resources, resource => resource.Name == "topology");
    }

    [Theory]
    [InlineData("gateway", "client-api-https-443: -gateway | api-lambda-invoke: gateway-api | lambda-mongo-tcp-27017: api-mongo")]
    [InlineData("api", "client-api-https-443: -api | lambda-mongo-tcp-27017: api-mongo")]
    public void Flows_that_this_machine_has_name_whose_telemetry_they_are(string entrance, string measured)
    {
        var flows = Property(Of(new TopologyOptions(), entrance), TopologyProperties.FlowsName).AsArray();

        Assert.Equal(measured, string.Join(" | ", flows.Where(flow => flow!["telemetry"] is not null).Select(flow => $"{flow!["id"]}: {flow["telemetry"]!["source"]}-{flow["telemetry"]!["target"]}")));
        Assert.All(flows, flow => Assert.NotEmpty((string)flow!["reason"]!));
    }

    [Fact]
    public void Every_flow_and_part_is_in_the_picture_and_every_end_of_a_flow_is_a_part()
    {
        var properties = Of(new TopologyOptions(), "gateway");
        var picture = (string)properties.Single(property => property.Name == TopologyProperties.DiagramName).Value!;
        var parts = Property(properties, TopologyProperties.PartsName).AsArray().Select(part => (string)part!["id"]!).ToList();

        Assert.All(parts, part => Assert.Contains($"data-part=\"{part}\"", picture, StringComparison.Ordinal));
        foreach (var flow in Property(properties, TopologyProperties.FlowsName).AsArray())
        {
            Assert.Contains($"data-flow=\"{flow!["id"]}\"", picture, StringComparison.Ordinal);
            Assert.Contains((string)flow["source"]!, parts);
            Assert.Contains((string)flow["target"]!, parts);
        }
    }

    [Fact]
    public void What_one_group_lets_out_to_another_that_one_lets_in()
    {
        var groups = Property(Of(SynthesizedTopology.OtherOptions, "gateway"), TopologyProperties.GroupsName).AsArray();
        var rules = groups.SelectMany(group => group!["rules"]!.AsArray().Select(rule => (Group: (string)group["name"]!, Direction: (string)rule!["direction"]!, Label: (string)rule["label"]!, Peer: (string)rule["peer"]!))).ToList();

        Assert.Equal(3, groups.Count);
        Assert.Equal(
            rules.Where(rule => rule.Direction == "in").Select(rule => (From: rule.Peer, To: rule.Group, rule.Label)).Order(),
            rules.Where(rule => rule.Direction == "out" && rule.Peer != "0.0.0.0/0").Select(rule => (From: rule.Group, To: rule.Peer, rule.Label)).Order());
        Assert.DoesNotContain(rules, rule => rule.Label == "TCP 80");
    }

    private static ImmutableArray<ResourcePropertySnapshot> Of(TopologyOptions options, string entrance) => TopologyProperties.Of(options, new RunningParts("api", entrance, "mongo"));

    private static JsonNode Property(ImmutableArray<ResourcePropertySnapshot> properties, string name) => JsonNode.Parse((string)properties.Single(property => property.Name == name).Value!)!;
}
