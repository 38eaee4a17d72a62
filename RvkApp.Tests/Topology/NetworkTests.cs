namespace RvkApp.Tests.Topology;

/// <summary>The network, row by row of the table of names, sizes and figures.</summary>
public class NetworkTests(SynthesizedTopology topology)
{
    [Fact]
    public async Task The_vpc_has_its_name_its_range_and_dns()
    {
        var vpc = (await topology.DefaultAsync()).Only("EC2::VPC");

        Assert.Equal("RVK-lambda-vpc", vpc.Tags["Name"]);
        Assert.Equal("10.0.0.0/16", vpc.Text("CidrBlock"));
        Assert.Equal("true", vpc.Text("EnableDnsSupport"));
        Assert.Equal("true", vpc.Text("EnableDnsHostnames"));
    }

    [Fact]
    public async Task There_are_exactly_the_five_subnets_in_their_zones()
    {
        var subnets = (await topology.DefaultAsync()).All("EC2::Subnet");

        Assert.Equal(
            ["10.0.1.0/24 zone 0", "10.0.2.0/24 zone 0", "10.0.3.0/24 zone 1", "10.0.4.0/24 zone 0", "10.0.5.0/24 zone 1"],
            subnets.Select(subnet => $"{subnet.Text("CidrBlock")} zone {subnet.At("AvailabilityZone.Fn::Select.0")}").Order(StringComparer.Ordinal));
        // Whichever zones the region has: none is named.
        Assert.All(subnets, subnet => Assert.Equal("""{"Fn::GetAZs":""}""", subnet.At("AvailabilityZone.Fn::Select.1")!.ToJsonString()));
        Assert.All(subnets, subnet => Assert.Equal("false", subnet.Text("MapPublicIpOnLaunch")));
        Assert.All(subnets, subnet => Assert.NotEmpty(subnet.Tags["Name"]));
    }

    [Fact]
    public async Task The_public_subnet_leads_to_the_internet_and_holds_the_one_nat_gateway_with_its_elastic_address()
    {
        var template = await topology.DefaultAsync();
        var subnet = template.Named("EC2::Subnet", "CidrBlock", "10.0.1.0/24");
        var gateway = template.Only("EC2::InternetGateway");
        var attachment = template.Only("EC2::VPCGatewayAttachment");
        var nat = template.Only("EC2::NatGateway");

        Assert.Equal($"${{{gateway.Id}}}", RouteOut(template, subnet).Text("GatewayId"));
        Assert.Equal($"${{{gateway.Id}}}", attachment.Text("InternetGatewayId"));
        Assert.Equal($"${{{subnet.Id}}}", nat.Text("SubnetId"));
        Assert.Equal($"${{{template.Only("EC2::EIP").Id}.AllocationId}}", nat.Text("AllocationId"));
        Assert.Equal("vpc", template.Only("EC2::EIP").Text("Domain"));
    }

    [Theory]
    [InlineData("10.0.2.0/24")]
    [InlineData("10.0.3.0/24")]
    [InlineData("10.0.4.0/24")]
    [InlineData("10.0.5.0/24")]
    public async Task A_private_subnet_leads_to_the_nat_gateway_only(string addresses)
    {
        var template = await topology.DefaultAsync();
        var route = RouteOut(template, template.Named("EC2::Subnet", "CidrBlock", addresses));

        Assert.Equal($"${{{template.Only("EC2::NatGateway").Id}}}", route.Text("NatGatewayId"));
        Assert.Null(route["GatewayId"]);
    }

    [Fact]
    public async Task What_needs_a_way_out_is_made_after_it()
    {
        var template = await topology.DefaultAsync();

        Assert.Contains(template.Only("EC2::VPCGatewayAttachment").Id, DependsOn(template.Only("EC2::EIP")));
        Assert.Contains(Route(template, "PublicInternetRoute").Id, DependsOn(template.Only("EC2::NatGateway")));
        foreach (var (workload, addresses) in new[] { (template.Api, "10.0.2.0/24"), (template.Only("ECS::Service"), "10.0.4.0/24") })
        {
            Assert.Contains(RouteOut(template, template.Named("EC2::Subnet", "CidrBlock", addresses)).Id, DependsOn(workload));
        }
    }

    [Fact]
    public async Task Each_subnet_has_one_route_table_and_each_table_one_way_out()
    {
        var template = await topology.DefaultAsync();

        Assert.Equal(5, template.All("EC2::SubnetRouteTableAssociation").Select(association => association.Text("SubnetId")).Distinct().Count());
        Assert.Equal(template.All("EC2::RouteTable").Count, template.All("EC2::Route").Select(route => route.Text("RouteTableId")).Distinct().Count());
        Assert.Equal(template.All("EC2::RouteTable").Count, template.All("EC2::Route").Count);
    }

    private static CloudResource Route(CloudTemplate template, string id) => Assert.Single(template.All("EC2::Route"), route => route.Id == id);

    private static CloudResource RouteOut(CloudTemplate template, CloudResource subnet)
    {
        var association = Assert.Single(template.All("EC2::SubnetRouteTableAssociation"), candidate => candidate.Text("SubnetId") == $"${{{subnet.Id}}}");
        return Assert.Single(template.All("EC2::Route"), route => route.Text("RouteTableId") == association.Text("RouteTableId") && route.Text("DestinationCidrBlock") == "0.0.0.0/0");
    }

    private static IReadOnlyList<string> DependsOn(CloudResource resource) => CloudTemplate.Texts(resource.Node["DependsOn"]);
}
