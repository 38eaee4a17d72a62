using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The VPC, its subnets and their ways out.</summary>
public sealed class NetworkTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    private const string PublicSubnet = "10.0.1.0/24";

    /// <summary>Address range, zone by its place in the region's list, where 0.0.0.0/0 goes.</summary>
    public static TheoryData<string, int, string> Subnets => new()
    {
        { PublicSubnet, 0, "AWS::EC2::InternetGateway" },
        { "10.0.2.0/24", 0, "AWS::EC2::NatGateway" },
        { "10.0.3.0/24", 1, "AWS::EC2::NatGateway" },
        { "10.0.4.0/24", 0, "AWS::EC2::NatGateway" },
        { "10.0.5.0/24", 1, "AWS::EC2::NatGateway" },
    };

    [Fact]
    public void The_vpc_has_the_address_range_and_the_name()
    {
        Assert.Equal("10.0.0.0/16", Template.Vpc["CidrBlock"].Text);
        Assert.Equal("RVK-lambda-vpc", Template.Vpc.Tags["Name"]);
    }

    [Theory]
    [InlineData("EnableDnsSupport")]
    [InlineData("EnableDnsHostnames")]
    public void The_vpc_resolves_names(string setting) => Assert.True(Template.Vpc[setting].IsTrue, $"{setting} is not on.");

    [Fact]
    public void There_are_the_five_subnets_and_no_other()
        => Assert.Equal(["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", "10.0.4.0/24", "10.0.5.0/24"], Template.OfType("AWS::EC2::Subnet").Select(s => s["CidrBlock"].Text).Order());

    [Theory]
    [MemberData(nameof(Subnets))]
    public void A_subnet_is_in_its_availability_zone_whatever_the_region_calls_it(string cidr, int zone, string _)
    {
        var subnet = Template.Subnet(cidr);
        var select = subnet["AvailabilityZone"]["Fn::Select"];

        Assert.Equal(zone, (int)select[0].Number);
        Assert.Equal("zones of the region", select[1].Text);
        Assert.Same(Template.Vpc, subnet["VpcId"].Target);
    }

    [Theory]
    [MemberData(nameof(Subnets))]
    public void A_subnet_has_one_route_out(string cidr, int _, string gateway)
    {
        var subnet = Template.Subnet(cidr);
        var association = Assert.Single(Template.OfType("AWS::EC2::SubnetRouteTableAssociation"), a => a["SubnetId"].Target == subnet);
        var table = association["RouteTableId"].Target;
        var route = Assert.Single(Template.OfType("AWS::EC2::Route"), r => r["RouteTableId"].Target == table);

        Assert.Same(Template.Vpc, table["VpcId"].Target);
        Assert.Equal("0.0.0.0/0", route["DestinationCidrBlock"].Text);
        Assert.Equal(gateway, route[gateway == "AWS::EC2::NatGateway" ? "NatGatewayId" : "GatewayId"].Target.Type);
    }

    [Fact]
    public void Only_the_public_subnet_shares_a_route_table_with_the_internet_gateway()
    {
        var open = Template.OfType("AWS::EC2::Route").Where(r => r["GatewayId"].Exists).Select(r => r["RouteTableId"].Target).ToHashSet();
        var reached = Template.OfType("AWS::EC2::SubnetRouteTableAssociation").Where(a => open.Contains(a["RouteTableId"].Target)).Select(a => a["SubnetId"].Target["CidrBlock"].Text);

        Assert.Equal([PublicSubnet], reached);
    }

    [Theory]
    [InlineData("AWS::EC2::Route")]
    [InlineData("AWS::EC2::EIP")]
    [InlineData("AWS::EC2::NatGateway")]
    public void What_leads_to_the_internet_waits_until_its_gateway_is_attached(string type)
    {
        var attachment = Template.Single("AWS::EC2::VPCGatewayAttachment");
        var needing = Template.OfType(type).Where(r => type != "AWS::EC2::Route" || r["GatewayId"].Exists).ToArray();

        Assert.Same(Template.Vpc, attachment["VpcId"].Target);
        Assert.Same(Template.Single("AWS::EC2::InternetGateway"), attachment["InternetGatewayId"].Target);
        Assert.NotEmpty(needing);
        Assert.All(needing, r => Assert.Contains(attachment.LogicalId, r.Prerequisites));
    }

    [Fact]
    public void One_nat_gateway_with_an_elastic_address_stands_in_the_public_subnet()
    {
        var gateway = Template.Single("AWS::EC2::NatGateway");
        var address = Template.Single("AWS::EC2::EIP");

        Assert.Same(Template.Subnet(PublicSubnet), gateway["SubnetId"].Target);
        Assert.Same(address, gateway["AllocationId"].Target);
        Assert.NotEqual("private", gateway["ConnectivityType"].OptionalText);
        Assert.Equal("vpc", address["Domain"].Text);
        Assert.False(address["InstanceId"].Exists, "The address belongs to the NAT gateway only.");
    }

    [Theory]
    [MemberData(nameof(Subnets))]
    public void No_subnet_gives_public_addresses(string cidr, int _, string gateway)
    {
        Assert.NotEmpty(gateway);
        Assert.False(Template.Subnet(cidr)["MapPublicIpOnLaunch"].IsTrue, $"{cidr} gives a public address to whatever starts in it.");
    }

    [Theory]
    [InlineData("AWS::EC2::VPCCidrBlock")]
    [InlineData("AWS::EC2::EgressOnlyInternetGateway")]
    [InlineData("AWS::EC2::VPCPeeringConnection")]
    [InlineData("AWS::EC2::VPNGateway")]
    [InlineData("AWS::EC2::TransitGatewayAttachment")]
    public void There_is_no_other_way_in_or_out(string type) => Assert.Empty(Template.OfType(type));

    [Fact]
    public void The_default_security_group_is_emptied_by_something_that_may()
    {
        var emptied = Template.Resources.Values.Where(r => r["ServiceToken"].Exists
            && r.Properties.Members.Any(m => m.Value.OptionalText?.Contains($"${{{Template.Vpc.LogicalId}.DefaultSecurityGroup}}", StringComparison.Ordinal) == true)).ToArray();
        var resource = Assert.Single(emptied);
        var function = resource["ServiceToken"].Targets.Single(r => r.Type == "AWS::Lambda::Function");
        var statements = IamStatement.Of(Template, function["Role"].Target).Where(s => s.Allows);
        var actions = statements.SelectMany(s => s.Actions).ToHashSet();

        Assert.Contains("ec2:RevokeSecurityGroupIngress", actions);
        Assert.Contains("ec2:RevokeSecurityGroupEgress", actions);
        Assert.All(
            statements.Where(s => s.Actions.Any(a => a.StartsWith("ec2:Revoke", StringComparison.Ordinal))).SelectMany(s => s.Resources),
            r => Assert.Contains($"${{{Template.Vpc.LogicalId}.DefaultSecurityGroup}}", r.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_empties_the_default_security_group_revokes_both_ways()
    {
        var resource = Assert.Single(Template.Resources.Values, r => r["ServiceToken"].Exists);
        var function = resource["ServiceToken"].Targets.Single(r => r.Type == "AWS::Lambda::Function");
        Assert.SkipUnless(function["Code"]["ZipFile"].Exists, "The function's code is not in the template.");

        Assert.Contains("RevokeSecurityGroupIngress", function["Code"]["ZipFile"].Text, StringComparison.Ordinal);
        Assert.Contains("RevokeSecurityGroupEgress", function["Code"]["ZipFile"].Text, StringComparison.Ordinal);
        Assert.Equal("index.handler", function["Handler"].Text);
        Assert.Matches("^nodejs(2[2-9])[.]x$|^python3[.]1[2-9]$", function["Runtime"].Text);
    }

    [Fact]
    public void Nothing_uses_the_default_security_group()
    {
        var attribute = $"${{{Template.Vpc.LogicalId}.DefaultSecurityGroup}}";
        Assert.DoesNotContain(
            Template.Resources.Values,
            r => new[] { r["VpcConfig"]["SecurityGroupIds"], r["NetworkConfiguration"]["AwsvpcConfiguration"]["SecurityGroups"], r["SecurityGroups"], r["SecurityGroupIds"] }
                .Any(list => list.Items.Any(g => g.Text == attribute)));
    }
}
