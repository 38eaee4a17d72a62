using System.Text.Json;
using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Verification;

/// <summary>What became reachable between two templates, what no longer is, and why.</summary>
public class PolicyDiffTests
{
    [Fact]
    public void A_dropped_rule_closes_and_its_return_opens()
    {
        var closed = Compare(_ => { }, template => template.Remove("MongoFromFunction"));
        var opened = Compare(template => template.Remove("MongoFromFunction"), _ => { });

        Assert.Empty(closed.NowReachable);
        var change = Assert.Single(closed.NoLongerReachable);
        Assert.Equal(("lambda", "mongo", "tcp", "27017"), (change.From, change.To, change.Protocol, change.Ports));
        Assert.Contains(change.Because, because => because.LogicalId == "MongoFromFunction");
        Assert.Equal("MongoFromFunction", Assert.Single(closed.RulesRemoved).LogicalId);
        Assert.Equal(closed.NoLongerReachable.Single().Ports, Assert.Single(opened.NowReachable).Ports);
        Assert.Equal("MongoFromFunction", Assert.Single(opened.RulesAdded).LogicalId);
    }

    [Fact]
    public void Of_a_widened_range_only_the_new_ports_are_new()
    {
        var difference = Compare(_ => { }, template =>
        {
            foreach (var id in new[] { "FunctionToMongo", "MongoFromFunction" })
            {
                template.Properties(id)["FromPort"] = 27010;
                template.Properties(id)["ToPort"] = 27020;
            }
        });

        Assert.Equal(["27010-27016", "27018-27020"], difference.NowReachable.Select(change => change.Ports));
        Assert.Empty(difference.NoLongerReachable);
    }

    [Fact]
    public void A_new_entry_point_is_named_with_what_opened_it()
    {
        var difference = Compare(_ => { }, template => template.Add("Url", "AWS::Lambda::Url", """{ "AuthType": "NONE", "TargetFunctionArn": { "Ref": "Function" } }"""));

        var change = Assert.Single(difference.NowReachable);
        Assert.Equal(("internet", "lambda", "https"), (change.From, change.To, change.Protocol));
        Assert.Equal("Url", Assert.Single(change.Because).LogicalId);
        Assert.Contains("+ internet to lambda: https 443\n      because of Url", PolicyDiff.Text(difference), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dropped_route_closes_the_way_out()
    {
        var difference = Compare(_ => { }, template => template.Remove("PrivateRoute"));

        Assert.Equal(["lambda", "lambda", "mongo", "mongo", "mongo"], difference.NoLongerReachable.Select(change => change.From));
        Assert.All(difference.NoLongerReachable, change => Assert.Contains(change.Because, because => because.LogicalId == "PrivateRoute"));
        Assert.Empty(difference.RulesRemoved);
    }

    [Fact]
    public void Equal_templates_have_no_difference() =>
        Assert.Equal("t and t let the same connections through.\n", PolicyDiff.Text(Compare(_ => { }, template => template.Properties("Topic")["TopicName"] = "renamed")));

    [Fact]
    public void The_difference_is_also_for_machines()
    {
        using var json = JsonDocument.Parse(PolicyDiff.Json(Compare(_ => { }, template => template.Remove("MongoFromFunction"))));

        Assert.Equal(VerificationJson.SchemaVersion, json.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("lambda", json.RootElement.GetProperty("noLongerReachable")[0].GetProperty("from").GetString());
        Assert.Equal("MongoFromFunction", json.RootElement.GetProperty("rulesRemoved")[0].GetProperty("logicalId").GetString());
    }

    private static PolicyDifference Compare(Action<TemplateEditor> before, Action<TemplateEditor> after) => PolicyDiff.Compare(Changed(before), Changed(after));

    private static Template Changed(Action<TemplateEditor> change)
    {
        var editor = new TemplateEditor(SampleTemplate.Json);
        change(editor);
        return Template.Parse(editor.Json, "t");
    }
}
