using RvkApp.AppHost.Verification;
using RvkApp.Tests.Topology;

namespace RvkApp.Tests.Verification;

/// <summary>Verification of the published template passes, and notices each of many changes by name.</summary>
public class MutationTests(PublishedOutput output)
{
    private string Original => File.ReadAllText(output.TemplatePath);

    public static TheoryData<string> Names => Mutants.Names;

    [Fact]
    public void The_published_template_passes_with_no_flow_missing_and_none_too_many()
    {
        var report = Verifier.Verify(Template.Load(output.TemplatePath), new VerificationOptions());

        Assert.True(report.Passed, VerificationText.Render(report));
        Assert.All(report.Flows, flow => Assert.Equal(FlowState.Allowed, flow.State));
        Assert.All(report.Diagnoses, diagnosis => Assert.Empty(diagnosis.Causes));
        Assert.All(report.Checks, check => Assert.NotEmpty(check.Evidence));
        Assert.All(report.Flows, flow => Assert.NotEmpty(flow.Evidence));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_changed_template_fails_and_the_change_is_named(string name)
    {
        var mutant = Mutants.All[name];
        var editor = new TemplateEditor(Original);
        var named = mutant.Apply(editor);

        var report = Verifier.Verify(Template.Parse(editor.Json, "mutant.json"), new VerificationOptions());

        Assert.False(report.Passed);
        var check = Assert.Single(report.Checks, check => check.Id == mutant.Check);
        Assert.False(check.Passed, $"{mutant.Check} still holds: {string.Join('\n', check.Evidence)}");
        Assert.Contains(check.Problems, problem => problem.LogicalId == named || problem.What.Contains(named, StringComparison.Ordinal));
        Assert.All(check.Problems, problem => Assert.NotEmpty(problem.Fix));
    }

    [Fact]
    public void Every_change_is_a_change_and_there_are_at_least_sixty()
    {
        Assert.True(Mutants.All.Count >= 60, $"{Mutants.All.Count} mutants");
        var original = new TemplateEditor(Original).Json;
        var changed = Mutants.All.Values.Select(mutant =>
        {
            var editor = new TemplateEditor(Original);
            mutant.Apply(editor);
            return editor.Json;
        }).ToArray();

        Assert.DoesNotContain(original, changed);
    }
}
