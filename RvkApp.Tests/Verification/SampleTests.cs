using System.Text.Json.Nodes;
using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Verification;

/// <summary>Verification does not depend on who wrote a template, nor on how its rules are written.</summary>
public class SampleTests
{
    [Fact]
    public void A_template_written_by_hand_passes()
    {
        var report = Verify(SampleTemplate.Json);

        Assert.True(report.Passed, VerificationText.Render(report));
    }

    [Fact]
    public void Inline_rules_and_rules_of_their_own_are_the_same()
    {
        var inline = new TemplateEditor(SampleTemplate.Json);
        foreach (var (type, property) in new[] { ("AWS::EC2::SecurityGroupIngress", "SecurityGroupIngress"), ("AWS::EC2::SecurityGroupEgress", "SecurityGroupEgress") })
        {
            foreach (var id in inline.IdsOf(type))
            {
                var rule = inline.Properties(id);
                var group = inline.Properties(TemplateEditor.Target(rule["GroupId"]));
                rule.Remove("GroupId");
                inline.Remove(id);
                (group[property] ??= new JsonArray()).AsArray().Add(rule.DeepClone());
            }
        }

        var difference = PolicyDiff.Compare(Template.Parse(SampleTemplate.Json, "separate"), Template.Parse(inline.Json, "inline"));

        Assert.Empty(inline.IdsOf("AWS::EC2::SecurityGroupEgress"));
        Assert.Empty(difference.NowReachable);
        Assert.Empty(difference.NoLongerReachable);
        Assert.Empty(difference.RulesAdded);
        Assert.Empty(difference.RulesRemoved);
        Assert.True(Verify(inline.Json).Passed, VerificationText.Render(Verify(inline.Json)));
    }

    [Fact]
    public void Without_the_switch_a_rule_for_http_is_one_too_many()
    {
        var report = Verifier.Verify(Template.Parse(SampleTemplate.Json, "t"), new VerificationOptions(AllowHttpEgress: false));

        Assert.False(report.Passed);
        Assert.Equal(["lambda", "mongo"], report.Flows.Where(flow => flow is { State: FlowState.Extra, Ports: "80" }).Select(flow => flow.From));
        Assert.Contains(report.Checks.Single(check => check.Id == "rules-as-specified").Problems, problem => problem.LogicalId == "MongoHttp");
    }

    [Fact]
    public void Without_the_switch_and_without_its_rules_the_template_passes()
    {
        var editor = new TemplateEditor(SampleTemplate.Json);
        editor.Remove("FunctionHttp");
        editor.Remove("MongoHttp");

        var report = Verifier.Verify(Template.Parse(editor.Json, "t"), new VerificationOptions(AllowHttpEgress: false));

        Assert.True(report.Passed, VerificationText.Render(report));
    }

    [Fact]
    public void Other_sizes_pass_where_they_were_asked_for()
    {
        var editor = new TemplateEditor(SampleTemplate.Json);
        (editor.Properties("Function")["MemorySize"], editor.Properties("Function")["Timeout"], editor.Properties("Function")["ReservedConcurrentExecutions"]) = (1024, 20, 50);
        (editor.Properties("Task")["Cpu"], editor.Properties("Task")["Memory"]) = (1024, 4096);
        editor.Add("Admin", "AWS::SecretsManager::Secret", """{ "GenerateSecretString": {} }""");
        editor.Properties("FunctionRole")["Policies"]![0]!["PolicyDocument"]!["Statement"]![0]!["Resource"]!.AsArray().Add(TemplateEditor.Ref("Admin"));
        var asked = new VerificationOptions { LambdaMemory = 1024, LambdaTimeout = 20, LambdaConcurrency = 50, MongoCpu = 1024, MongoMemory = 4096, FirstAdmin = true };

        Assert.True(Verifier.Verify(Template.Parse(editor.Json, "t"), asked).Passed, VerificationText.Render(Verifier.Verify(Template.Parse(editor.Json, "t"), asked)));
        Assert.Equal(["lambda-settings", "mongo-task", "secret-access"], Verify(editor.Json).Checks.Where(check => !check.Passed).Select(check => check.Id));
    }

    [Fact]
    public void Names_do_not_matter_only_how_resources_hang_together()
    {
        var editor = new TemplateEditor(SampleTemplate.Json);
        var number = 0;
        foreach (var id in editor.Resources.Select(resource => resource.Key).ToArray())
        {
            editor.Rename(id, $"R{++number}");
        }

        var report = Verify(editor.Json);

        Assert.DoesNotContain("FunctionGroup", editor.Json, StringComparison.Ordinal);
        Assert.True(report.Passed, VerificationText.Render(report));
    }

    [Fact]
    public void Evidence_is_what_people_say()
    {
        var report = Verify(SampleTemplate.Json);

        Assert.Equal(new Evidence("MongoFromFunction", "RVK-ecs-mongo-sg in: TCP 27017 from RVK-mongo-db-sg"), Assert.Single(report.Checks.Single(check => check.Id == "checklist-03").Evidence));
    }

    private static VerificationReport Verify(string json) => Verifier.Verify(Template.Parse(json, "sample.json"), new VerificationOptions());
}
