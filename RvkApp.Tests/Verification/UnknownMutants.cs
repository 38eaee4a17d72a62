using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>What a template does not tell is said, never taken for harmless.</summary>
internal static class UnknownMutants
{
    public static IEnumerable<Mutant> All =>
    [
        Rule("an imported group", rule => rule["SourceSecurityGroupId"] = Import("group")),
        Rule("an imported port", rule => rule["ToPort"] = Import("port")),
        Rule("a port of a parameter without default", rule => rule["FromPort"] = TemplateEditor.Ref("Port")),
        Rule("an imported protocol", rule => rule["IpProtocol"] = Import("protocol")),
        Rule("an imported range", rule => rule["CidrIp"] = Import("range")),
        Rule("a prefix list of somebody else", rule => rule["SourcePrefixListId"] = "pl-12345678"),
        Rule("no peer", rule => rule.Remove("SourceSecurityGroupId")),
        Rule("no ports", rule => rule.Remove("FromPort")),
        Rule("an imported group of its own", rule => rule["GroupId"] = Import("group"), "Fn::ImportValue"),
        new("an imported group of the task", "resolved", template => { template.Awsvpc["SecurityGroups"]![0] = Import("group"); return template.Service; }),
        new("an imported subnet of the task", "resolved", template => { template.Awsvpc["Subnets"]![0] = Import("subnet"); return template.Service; }),
        new("an imported range of a subnet", "resolved", template => { template.Properties(template.Subnet("10.0.4.0/24"))["CidrBlock"] = Import("range"); return "Fn::ImportValue"; }),
        new("a reference to nothing", "resolved", template => { template.Properties(template.Function)["KmsKeyArn"] = TemplateEditor.GetAtt("Nothing", "Arn"); return "Nothing"; }),
        new("a nested stack", "resolved", template => template.Add("Nested", "AWS::CloudFormation::Stack", """{ "TemplateURL": "https://example.com/t" }""")),
        new("a macro", "resolved", template => { template.Root["Transform"] = "AWS::Serverless-2016-10-31"; return "AWS::Serverless"; }),
        new("a rule on a condition that is not defined", "resolved", template => { var id = template.Rule("mongo", isEgress: false, 27017).LogicalId; template.Resources[id]!["Condition"] = "Undefined"; return id; }),
        new("a rule in one region only", "checklist-03", template =>
        {
            template.Root["Conditions"] = JsonNode.Parse("""{ "InOhio": { "Fn::Equals": [{ "Ref": "AWS::Region" }, "us-east-2"] } }""");
            template.Resources[template.Rule("mongo", isEgress: false, 27017).LogicalId]!["Condition"] = "InOhio";
            return "if ${AWS::Region} = us-east-2 is false";
        }),
        new("open in one region only", "checklist-09", template =>
        {
            template.Root["Conditions"] = JsonNode.Parse("""{ "InOhio": { "Fn::Equals": [{ "Ref": "AWS::Region" }, "us-east-2"] } }""");
            template.Rule("mongo", isEgress: false, 27017).SetPeer("CidrIp", JsonNode.Parse("""{ "Fn::If": ["InOhio", "10.0.2.0/23", "0.0.0.0/0"] }""")!);
            return "0.0.0.0/0";
        }),
    ];

    private static Mutant Rule(string name, Action<JsonObject> change, string? named = null) => new($"a rule with {name}", "resolved", template =>
    {
        template.Root["Parameters"] = JsonNode.Parse("""{ "Port": { "Type": "Number" } }""");
        var rule = template.Rule("mongo", isEgress: false, 27017);
        change(rule.Body);
        return named ?? rule.LogicalId;
    });

    private static JsonObject Import(string name) => new() { ["Fn::ImportValue"] = name };
}
