namespace RvkApp.Tests.Verification;

/// <summary>Subnets, routes, NAT, DNS and ACLs.</summary>
internal static class NetworkMutants
{
    private static readonly string[] Private = ["10.0.2.0/24", "10.0.3.0/24", "10.0.4.0/24", "10.0.5.0/24"];

    public static IEnumerable<Mutant> All => Private.SelectMany(OfSubnet).Concat(Single);

    private static IEnumerable<Mutant> Single =>
    [
        new("no NAT gateway", "reachability", template => { var nat = template.Nat; template.Remove(nat); return nat; }),
        new("the NAT gateway without an address", "private-subnets", template => { template.Properties(template.Nat).Remove("AllocationId"); return template.Nat; }),
        new("the NAT gateway is private", "reachability", template => { template.Properties(template.Nat)["ConnectivityType"] = "private"; return template.Nat; }),
        new("the NAT gateway in a private subnet", "reachability", template => { template.Properties(template.Nat)["SubnetId"] = TemplateEditor.Ref(template.Subnet("10.0.2.0/24")); return template.Nat; }),
        new("a second NAT gateway", "private-subnets", template => { template.Add("AnotherNat", "AWS::EC2::NatGateway", template.Properties(template.Nat).ToJsonString()); return "2 NAT gateways"; }),
        new("the internet gateway is not attached", "reachability", template => { template.Remove(template.Single("AWS::EC2::VPCGatewayAttachment")); return template.Single("AWS::EC2::InternetGateway"); }),
        new("the public subnet without its route", "reachability", template => { template.Remove(template.DefaultRoute("10.0.1.0/24")); return template.Nat; }),
        new("another range for the VPC", "network-layout", template => { template.Properties(template.Vpc)["CidrBlock"] = "10.0.0.0/8"; return template.Vpc; }),
        new("DNS support off", "troubleshooting", template => { template.Properties(template.Vpc)["EnableDnsSupport"] = false; return "EnableDnsSupport"; }),
        new("DNS hostnames off", "troubleshooting", template => { template.Properties(template.Vpc)["EnableDnsHostnames"] = false; return "EnableDnsHostnames"; }),
        new("both zones are one", "network-layout", template =>
        {
            var subnet = template.Subnet("10.0.3.0/24");
            template.Properties(subnet)["AvailabilityZone"] = template.Properties(template.Subnet("10.0.2.0/24"))["AvailabilityZone"]!.DeepClone();
            return subnet;
        }),
        new("a sixth subnet", "network-layout", template => template.Add("Sixth", "AWS::EC2::Subnet", $$"""{ "VpcId": { "Ref": "{{template.Vpc}}" }, "CidrBlock": "10.0.6.0/24" }""")),
        new("the function in the data subnets", "network-layout", template => { template.Properties(template.Function)["VpcConfig"]!["SubnetIds"] = template.Awsvpc["Subnets"]!.DeepClone(); return template.Function; }),
        new("the function in one subnet", "network-layout", template => { template.Properties(template.Function)["VpcConfig"]!["SubnetIds"]!.AsArray().RemoveAt(1); return template.Function; }),
        new("a network ACL that lets nothing through", "reachability", template =>
        {
            template.Add("Acl", "AWS::EC2::NetworkAcl", $$"""{ "VpcId": { "Ref": "{{template.Vpc}}" } }""");
            template.Add("AclOfData", "AWS::EC2::SubnetNetworkAclAssociation", $$"""{ "SubnetId": { "Ref": "{{template.Subnet("10.0.4.0/24")}}" }, "NetworkAclId": { "Ref": "Acl" } }""");
            return "Acl";
        }),
        new("a network ACL that stops answers", "reachability", template =>
        {
            template.Add("Acl", "AWS::EC2::NetworkAcl", $$"""{ "VpcId": { "Ref": "{{template.Vpc}}" } }""");
            template.Add("AclOfData", "AWS::EC2::SubnetNetworkAclAssociation", $$"""{ "SubnetId": { "Ref": "{{template.Subnet("10.0.4.0/24")}}" }, "NetworkAclId": { "Ref": "Acl" } }""");
            template.Add("AclIn", "AWS::EC2::NetworkAclEntry", """{ "NetworkAclId": { "Ref": "Acl" }, "RuleNumber": 100, "Protocol": -1, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0" }""");
            return "(the answers)";
        }),
        new("a route into a peered network", "private-subnets", template =>
            template.Add("Peered", "AWS::EC2::Route", $$"""{ "RouteTableId": { "Ref": "{{template.RouteTable("10.0.2.0/24")}}" }, "DestinationCidrBlock": "192.168.0.0/16", "VpcPeeringConnectionId": "pcx-1" }""")),
    ];

    private static IEnumerable<Mutant> OfSubnet(string range)
    {
        yield return new($"{range} is public", "private-subnets", template =>
        {
            template.Properties(template.Association(range))["RouteTableId"] = TemplateEditor.Ref(template.RouteTable("10.0.1.0/24"));
            return range;
        });
        yield return new($"{range} without a default route", "private-subnets", template => { var table = template.RouteTable(range); template.Remove(template.DefaultRoute(range)); return table; });
        yield return new($"{range} without a route table", "private-subnets", template => { template.Remove(template.Association(range)); return range; });
        yield return new($"{range} gives public addresses", "private-subnets", template => { template.Properties(template.Subnet(range))["MapPublicIpOnLaunch"] = true; return template.Subnet(range); });
        yield return new($"{range} has another range", "network-layout", template => { template.Properties(template.Subnet(range))["CidrBlock"] = "10.0.9.0/24"; return range; });
    }
}
