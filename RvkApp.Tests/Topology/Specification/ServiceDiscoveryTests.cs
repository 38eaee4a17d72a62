using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>Cloud Map: what makes mongo.local the address of the task.</summary>
public sealed class ServiceDiscoveryTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    [Fact]
    public void The_namespace_is_a_private_zone_of_the_vpc()
    {
        var zone = Template.Single("AWS::ServiceDiscovery::PrivateDnsNamespace");

        Assert.Equal("local", zone["Name"].Text);
        Assert.Same(Template.Vpc, zone["Vpc"].Target);
    }

    [Fact]
    public void The_service_answers_with_the_address_of_the_task()
    {
        var service = Template.Single("AWS::ServiceDiscovery::Service");
        var record = Assert.Single(service["DnsConfig"]["DnsRecords"].Items);

        Assert.Equal("mongo", service["Name"].Text);
        Assert.Equal("A", record["Type"].Text);
        Assert.Same(Template.Single("AWS::ServiceDiscovery::PrivateDnsNamespace"), (service["NamespaceId"].Exists ? service["NamespaceId"] : service["DnsConfig"]["NamespaceId"]).Target);
    }

    [Fact]
    public void A_replaced_task_is_found_again_within_a_minute()
        => Assert.InRange(Template.Single("AWS::ServiceDiscovery::Service")["DnsConfig"]["DnsRecords"][0]["TTL"].Number, 0, 60);

    [Theory]
    [InlineData("AWS::ServiceDiscovery::PublicDnsNamespace")]
    [InlineData("AWS::ServiceDiscovery::HttpNamespace")]
    public void There_is_no_other_namespace(string type) => Assert.Empty(Template.OfType(type));
}
