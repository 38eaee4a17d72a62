using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>Groups swapped, opened, untagged, unnamed.</summary>
internal static class GroupMutants
{
    private static readonly string[] Nodes = ["lambda", "mongo", "efs"];

    public static IEnumerable<Mutant> All => Nodes.SelectMany(Of).Concat(Swaps).Concat(Defaults);

    private static IEnumerable<Mutant> Swaps =>
    [
        new("the function has MongoDB's group", "group-per-tier", template => Give(template, Groups(template, "lambda"), "mongo")),
        new("the function has EFS's group", "checklist-01", template => { Give(template, Groups(template, "lambda"), "efs"); return template.Properties(template.Group("efs"))["GroupName"]!.GetValue<string>(); }),
        new("MongoDB has the function's group", "checklist-03", template => { var name = template.GroupName("lambda"); Give(template, Groups(template, "mongo"), "lambda"); return name; }),
        new("a mount target has MongoDB's group", "checklist-08", template => { Give(template, template.Properties(template.MountTarget(1))["SecurityGroups"]!.AsArray(), "mongo"); return template.GroupName("mongo"); }),
        new("the function has a second group", "group-per-tier", template =>
        {
            template.Add("Another", "AWS::EC2::SecurityGroup", $$"""{ "GroupDescription": "another", "GroupName": "another", "VpcId": { "Ref": "{{template.Vpc}}" } }""");
            Groups(template, "lambda").Add(TemplateEditor.Ref("Another"));
            return template.Function;
        }),
        new("61 rules in a group", "rule-limit", template =>
        {
            for (var port = 1; port <= 61; port++)
            {
                template.Add($"Rule{port}", "AWS::EC2::SecurityGroupIngress", $$"""{ "GroupId": { "Ref": "{{template.Group("mongo")}}" }, "IpProtocol": "tcp", "FromPort": {{port}}, "ToPort": {{port}}, "SourceSecurityGroupId": { "Ref": "{{template.Group("lambda")}}" } }""");
            }

            return template.GroupName("mongo");
        }),
        new("a rule twice", "rules-as-specified", template =>
        {
            var rule = template.Rule("mongo", isEgress: false, 27017);
            return template.Add("Duplicate", "AWS::EC2::SecurityGroupIngress", WithGroup(rule.Body, template.Group("mongo")));
        }),
    ];

    private static IEnumerable<Mutant> Defaults =>
    [
        new("the default group keeps its rules", "default-security-group", template =>
        {
            foreach (var id in template.Resources.Where(resource => resource.Value!["Type"]!.GetValue<string>().StartsWith("Custom::", StringComparison.Ordinal)).Select(resource => resource.Key).ToArray())
            {
                template.Remove(id);
            }

            return template.Vpc;
        }),
        new("a rule on the default group", "default-security-group", template =>
            template.Add("OpenDefault", "AWS::EC2::SecurityGroupIngress", $$"""{ "GroupId": { "Fn::GetAtt": ["{{template.Vpc}}", "DefaultSecurityGroup"] }, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/16", "Description": "ssh" }""")),
        new("a workload in the default group", "default-security-group", template =>
        {
            Groups(template, "mongo")[0] = TemplateEditor.GetAtt(template.Vpc, "DefaultSecurityGroup");
            return template.Service;
        }),
    ];

    private static IEnumerable<Mutant> Of(string node)
    {
        foreach (var key in new[] { "Name", "Tier", "Environment", "Project" })
        {
            yield return new($"{node}'s group without the tag {key}", "checklist-10", template =>
            {
                var tags = template.Properties(template.Group(node))["Tags"]!.AsArray();
                tags.Remove(tags.Single(tag => tag!["Key"]!.GetValue<string>() == key));
                return $"no tag {key}";
            });
        }

        yield return new($"{node}'s group of another tier", "checklist-10", template =>
        {
            template.Properties(template.Group(node))["Tags"]!.AsArray().Single(tag => tag!["Key"]!.GetValue<string>() == "Tier")!["Value"] = "Other";
            return "Tier = Other";
        });
        yield return new($"{node}'s group without a name", "checklist-10", template => { template.Properties(template.Group(node)).Remove("GroupName"); return template.Group(node); });
        yield return new($"{node}'s group with a description of 256 characters", "descriptions", template => { template.Properties(template.Group(node))["GroupDescription"] = new string('a', 256); return template.Group(node); });
        yield return new($"{node}'s group without egress rules", "explicit-egress", template => { template.Properties(template.Group(node)).Remove("SecurityGroupEgress"); return template.Group(node); });
        yield return new($"{node}'s group lets in the internet", "checklist-09", template => Open(template, node, "CidrIp", "0.0.0.0/0"));
        yield return new($"{node}'s group lets in the internet of IPv6", "checklist-09", template => Open(template, node, "CidrIpv6", "::/0"));
        yield return new($"{node}'s group lets in half of the internet", "checklist-09", template => Open(template, node, "CidrIp", "128.0.0.0/1"));
        yield return new($"{node}'s group lets itself in", "rules-as-specified", template =>
            template.Add("Itself", "AWS::EC2::SecurityGroupIngress", $$"""{ "GroupId": { "Ref": "{{template.Group(node)}}" }, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "SourceSecurityGroupId": { "Ref": "{{template.Group(node)}}" }, "Description": "ssh" }"""));
    }

    private static string Open(TemplateEditor template, string node, string property, string range) =>
        template.Add("Open", "AWS::EC2::SecurityGroupIngress", $$"""{ "GroupId": { "Ref": "{{template.Group(node)}}" }, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "{{property}}": "{{range}}", "Description": "ssh" }""");

    private static JsonArray Groups(TemplateEditor template, string node) => node == "lambda" ? template.Properties(template.Function)["VpcConfig"]!["SecurityGroupIds"]!.AsArray() : template.Awsvpc["SecurityGroups"]!.AsArray();

    private static string Give(TemplateEditor template, JsonArray groups, string node)
    {
        groups[0] = TemplateEditor.Ref(template.Group(node));
        return template.Function;
    }

    private static string WithGroup(JsonObject rule, string group)
    {
        var copy = rule.DeepClone().AsObject();
        copy["GroupId"] = TemplateEditor.Ref(group);
        return copy.ToJsonString();
    }
}
