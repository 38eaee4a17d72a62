using System.Text.Json;
using RvkApp.AppHost.Verification;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Verification;

/// <summary>The report for machines and for people.</summary>
public class ReportTests
{
    [Fact]
    public void The_same_template_gives_the_same_bytes()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["t.json"], SampleTemplate.Json);

        string Once() => VerificationJson.Serialize(Verifier.Verify(Template.Load(directory["t.json"]), new()));

        Assert.Equal(Once(), Once());
        Assert.DoesNotContain(directory.Path, Once(), StringComparison.Ordinal);
        Assert.DoesNotContain("\r", Once(), StringComparison.Ordinal);
        Assert.EndsWith("}\n", Once(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_survives_json()
    {
        var json = VerificationJson.Serialize(Failing());

        Assert.Equal(json, VerificationJson.Serialize(VerificationJson.Deserialize(json)));
    }

    [Fact]
    public void The_json_has_its_documented_shape()
    {
        using var document = JsonDocument.Parse(VerificationJson.Serialize(Failing()));
        var root = document.RootElement;

        Assert.Equal(["schemaVersion", "template", "passed", "checks", "flows", "diagnoses"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(["id", "kind", "title", "passed", "evidence", "problems"], root.GetProperty("checks")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(["from", "to", "protocol", "ports", "state", "evidence", "problems"], root.GetProperty("flows")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal("checklist", root.GetProperty("checks")[0].GetProperty("kind").GetString());
        Assert.Contains("missing", root.GetProperty("flows").EnumerateArray().Select(flow => flow.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("{}", "no verification report")]
    [InlineData("", "no verification report")]
    [InlineData("""{ "schemaVersion": 99, "template": "t", "passed": true, "checks": [], "flows": [], "diagnoses": [] }""", "schema version 99")]
    public void What_is_no_report_is_one_clear_error(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => VerificationJson.Deserialize(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_ten_lines_come_first_and_every_check_has_its_own_id()
    {
        var report = Verifier.Verify(Template.Parse(SampleTemplate.Json, "t"), new());

        Assert.Equal(Enumerable.Range(1, 10).Select(number => $"checklist-{number:00}"), report.Checks.Take(10).Select(check => check.Id));
        Assert.All(report.Checks, check => Assert.Equal(check.Id.StartsWith("checklist-", StringComparison.Ordinal), check.Kind == CheckKind.Checklist));
        Assert.Equal(report.Checks.Length, report.Checks.Select(check => check.Id).Distinct().Count());
    }

    [Fact]
    public void An_empty_template_fails_every_line_that_needs_something()
    {
        var report = Verifier.Verify(Template.Parse("""{ "Resources": {} }""", "t"), new());

        Assert.False(report.Passed);
        Assert.All(report.Checks.Take(10), check => Assert.False(check.Passed, check.Id));
        Assert.All(report.Checks.Where(check => !check.Passed), check => Assert.NotEmpty(check.Problems));
        Assert.All(report.Flows, flow => Assert.Equal(FlowState.Missing, flow.State));
    }

    [Fact]
    public void People_see_the_matrix_the_ticks_and_under_a_failure_its_fix()
    {
        var text = VerificationText.Render(Failing());

        Assert.Contains("  from \\ to  internet", text, StringComparison.Ordinal);
        Assert.Contains("  lambda     tcp 443, tcp 80          -          -       -      -\n", text, StringComparison.Ordinal);
        Assert.Contains("  ✗  3 MongoDB SG allows in from the Lambda SG on 27017\n      RVK-ecs-mongo-sg has no rule in: TCP 27017 from RVK-mongo-db-sg", text, StringComparison.Ordinal);
        Assert.Contains("        fix: add an AWS::EC2::SecurityGroupIngress: GroupId of MongoGroup, IpProtocol tcp, FromPort 27017, ToPort 27017, SourceSecurityGroupId of FunctionGroup", text, StringComparison.Ordinal);
        Assert.Contains("  ✓  1 Lambda SG allows out", text, StringComparison.Ordinal);
        Assert.Contains("✗ Blocked: lambda to mongo, tcp 27017", text, StringComparison.Ordinal);
        Assert.Contains("✗ Expect: Lambda cannot connect to MongoDB", text, StringComparison.Ordinal);
        Assert.Contains("1 flows are blocked", text, StringComparison.Ordinal);
    }

    private static VerificationReport Failing()
    {
        var editor = new TemplateEditor(SampleTemplate.Json);
        editor.Remove("MongoFromFunction");
        return Verifier.Verify(Template.Parse(editor.Json, "t"), new());
    }
}
