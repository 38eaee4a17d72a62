using System.Text.Json.Nodes;
using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Verification;

/// <summary>The closure over groups, subnets and routes.</summary>
public class ReachabilityTests
{
    [Fact]
    public void Every_setting_that_blocks_a_flow_is_listed()
    {
        var report = Verify(template =>
        {
            template.Remove("FunctionToMongo");
            template.Remove("MongoFromFunction");
            template.Container["PortMappings"]![0]!["ContainerPort"] = 27018;
            template.Add("Acl", "AWS::EC2::NetworkAcl", """{ "VpcId": { "Ref": "Vpc" } }""");
            template.Add("Link", "AWS::EC2::SubnetNetworkAclAssociation", """{ "SubnetId": { "Ref": "Subnet2" }, "NetworkAclId": { "Ref": "Acl" } }""");
        });

        var flow = Flow(report, "lambda", "mongo");
        Assert.Equal(FlowState.Missing, flow.State);
        Assert.Contains(flow.Problems, problem => problem.What.Contains("RVK-mongo-db-sg has no rule out: TCP 27017 to RVK-ecs-mongo-sg", StringComparison.Ordinal));
        Assert.Contains(flow.Problems, problem => problem.What.Contains("RVK-ecs-mongo-sg has no rule in: TCP 27017 from RVK-mongo-db-sg", StringComparison.Ordinal));
        Assert.Contains(flow.Problems, problem => problem.What.Contains("27018", StringComparison.Ordinal));
        Assert.Contains(flow.Problems, problem => problem is { LogicalId: "Acl" } && problem.What.Contains("out TCP 27017", StringComparison.Ordinal));
        Assert.Contains(flow.Problems, problem => problem is { LogicalId: "Acl" } && problem.What.Contains("(the answers)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_rule_and_a_missing_route_are_both_listed()
    {
        var report = Verify(template =>
        {
            template.Remove("MongoHttps");
            template.Remove("Routes4");
            template.Properties("Nat").Remove("AllocationId");
        });

        var flow = report.Flows.Single(flow => flow is { From: "mongo", To: "internet", Ports: "443" });
        Assert.Equal(["MongoGroup", "Subnet4", "Nat"], flow.Problems.Select(problem => problem.LogicalId));
    }

    [Fact]
    public void A_range_opens_only_what_both_sides_let_through()
    {
        var report = Verify(template =>
        {
            template.Properties("FunctionToMongo")["ToPort"] = 27020;
            template.Properties("MongoFromFunction")["FromPort"] = 27016;
            template.Properties("MongoFromFunction")["ToPort"] = 27018;
        });

        Assert.Equal("27018", Assert.Single(report.Flows, flow => flow is { From: "lambda", To: "mongo", State: FlowState.Extra }).Ports);
    }

    [Fact]
    public void A_wide_rule_on_one_side_only_opens_nothing_and_is_reported_all_the_same()
    {
        var report = Verify(template => template.Properties("FunctionToMongo")["ToPort"] = 65535);

        Assert.DoesNotContain(report.Flows, flow => flow.State == FlowState.Extra);
        Assert.Contains(report.Checks.Single(check => check.Id == "rules-as-specified").Problems, problem => problem.LogicalId == "FunctionToMongo");
    }

    [Fact]
    public void All_protocols_on_both_sides_are_one_flow()
    {
        var report = Verify(template =>
        {
            template.Properties("FunctionToMongo")["IpProtocol"] = "-1";
            template.Properties("MongoFromFunction")["IpProtocol"] = -1;
        });

        Assert.Equal(("all", ""), Assert.Single(report.Flows, flow => flow is { From: "lambda", To: "mongo", State: FlowState.Extra }) is var extra ? (extra.Protocol, extra.Ports) : default);
    }

    [Fact]
    public void Ipv6_reaches_nothing_without_addresses_and_routes_and_everything_with_them()
    {
        void Open(TemplateEditor template) => template.Add("OutV6", "AWS::EC2::SecurityGroupEgress", """{ "GroupId": { "Ref": "MongoGroup" }, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv6": "::/0" }""");
        var without = Verify(Open);
        var with = Verify(template =>
        {
            Open(template);
            template.Add("BlockV6", "AWS::EC2::VPCCidrBlock", """{ "VpcId": { "Ref": "Vpc" }, "AmazonProvidedIpv6CidrBlock": true }""");
            template.Properties("Subnet4")["Ipv6CidrBlock"] = new JsonObject { ["Fn::Select"] = new JsonArray(0, new JsonObject { ["Fn::GetAtt"] = "Vpc.Ipv6CidrBlocks" }) };
            template.Add("RouteV6", "AWS::EC2::Route", """{ "RouteTableId": { "Ref": "PrivateTable" }, "DestinationIpv6CidrBlock": "::/0", "GatewayId": { "Ref": "Gateway" } }""");
        });

        Assert.DoesNotContain(without.Flows, flow => flow.State == FlowState.Extra);
        Assert.Contains(with.Flows, flow => flow is { From: "mongo", To: "internet", Ports: "22", State: FlowState.Extra });
    }

    [Fact]
    public void Ipv6_lets_the_internet_in_without_a_public_ipv4_address()
    {
        var report = Verify(template =>
        {
            template.Properties("Subnet4")["Ipv6CidrBlock"] = "2001:db8::/64";
            template.Add("RouteV6", "AWS::EC2::Route", """{ "RouteTableId": { "Ref": "PrivateTable" }, "DestinationIpv6CidrBlock": "::/0", "GatewayId": { "Ref": "Gateway" } }""");
            template.Add("InV6", "AWS::EC2::SecurityGroupIngress", """{ "GroupId": { "Ref": "MongoGroup" }, "IpProtocol": "6", "FromPort": 27017, "ToPort": 27017, "CidrIpv6": "::/0", "Description": "d" }""");
        });

        Assert.Contains(report.Flows, flow => flow is { From: "internet", To: "mongo", Ports: "27017", State: FlowState.Extra });
    }

    [Fact]
    public void A_prefix_list_of_the_template_is_read_and_another_is_anybody()
    {
        var known = Verify(template =>
        {
            template.Add("List", "AWS::EC2::PrefixList", """{ "Entries": [{ "Cidr": "10.0.2.0/23" }] }""");
            template.Add("FromList", "AWS::EC2::SecurityGroupIngress", """{ "GroupId": { "Ref": "MongoGroup" }, "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "SourcePrefixListId": { "Ref": "List" }, "Description": "d" }""");
        });
        var unknown = Verify(template => template.Add("FromList", "AWS::EC2::SecurityGroupIngress", """{ "GroupId": { "Ref": "MongoGroup" }, "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "SourcePrefixListId": "pl-1", "Description": "d" }"""));

        Assert.Contains(known.Flows, flow => flow is { From: "lambda", To: "mongo", Ports: "80", State: FlowState.Extra });
        Assert.True(known.Checks.Single(check => check.Id == "resolved").Passed);
        Assert.Contains(unknown.Flows, flow => flow is { From: "lambda", To: "mongo", Ports: "80", State: FlowState.Extra });
        Assert.Contains(unknown.Checks.Single(check => check.Id == "resolved").Problems, problem => problem.What.Contains("prefix list pl-1", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_matching_entry_of_an_acl_decides()
    {
        void Entry(TemplateEditor template, int number, bool egress, string action) => template.Add($"Entry{number}{egress}", "AWS::EC2::NetworkAclEntry",
            $$"""{ "NetworkAclId": { "Ref": "Acl" }, "RuleNumber": {{number}}, "Egress": {{(egress ? "true" : "false")}}, "Protocol": -1, "RuleAction": "{{action}}", "CidrBlock": "0.0.0.0/0" }""");
        void Acl(TemplateEditor template)
        {
            template.Add("Acl", "AWS::EC2::NetworkAcl", """{ "VpcId": { "Ref": "Vpc" } }""");
            template.Add("Link", "AWS::EC2::SubnetNetworkAclAssociation", """{ "SubnetId": { "Ref": "Subnet4" }, "NetworkAclId": { "Ref": "Acl" } }""");
            Entry(template, 200, true, "allow");
            Entry(template, 200, false, "allow");
        }

        Assert.True(Verify(Acl).Passed, VerificationText.Render(Verify(Acl)));
        var denied = Verify(template => { Acl(template); Entry(template, 100, false, "deny"); });
        Assert.Equal(FlowState.Missing, Flow(denied, "lambda", "mongo").State);
    }

    [Fact]
    public void A_workload_that_nobody_thought_of_is_found_by_its_groups()
    {
        var report = Verify(template => template.Add("Cache", "AWS::Future::Thing", """{ "Network": { "SecurityGroupIds": [{ "Ref": "MongoGroup" }], "SubnetIds": [{ "Ref": "Subnet4" }] } }"""));

        Assert.Contains(report.Flows, flow => flow is { From: "lambda", To: "Cache", Ports: "27017", State: FlowState.Extra });
        Assert.Contains(report.Flows, flow => flow is { From: "Cache", To: "efs", Ports: "2049", State: FlowState.Extra });
    }

    [Fact]
    public void Evidence_of_a_flow_is_in_the_order_a_packet_meets_it()
    {
        var flow = Verify(_ => { }).Flows.Single(flow => flow is { From: "mongo", To: "internet", Ports: "443" });

        Assert.Equal(["MongoHttps", "PrivateRoute", "PublicRoute"], flow.Evidence.Select(evidence => evidence.LogicalId).Distinct());
    }

    private static FlowResult Flow(VerificationReport report, string from, string to) => report.Flows.Single(flow => flow.From == from && flow.To == to && flow.State != FlowState.Extra);

    private static VerificationReport Verify(Action<TemplateEditor> change)
    {
        var editor = new TemplateEditor(SampleTemplate.Json);
        change(editor);
        return Verifier.Verify(Template.Parse(editor.Json, "sample.json"), new VerificationOptions());
    }
}
