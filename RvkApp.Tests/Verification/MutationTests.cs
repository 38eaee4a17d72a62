using RvkApp.AppHost.Verification;
using RvkApp.Tests.Topology;

namespace RvkApp.Tests.Verification;

/// <summary>Verification of the synthesized template passes, and notices each of many changes by name.</summary>
public class MutationTests(SynthesizedTopology topology)
{
    public static TheoryData<string> Names => Mutants.Names;

    [Fact]
    public async Task The_synthesized_template_passes_with_no_flow_missing_and_none_too_many()
    {
        var report = Verifier.Verify(Template.Parse(await OriginalAsync(), "t"), new VerificationOptions());

        Assert.True(report.Passed, VerificationText.Render(report));
        Assert.All(report.Flows, flow => Assert.Equal(FlowState.Allowed, flow.State));
        Assert.All(report.Diagnoses, diagnosis => Assert.Empty(diagnosis.Causes));
        Assert.All(report.Checks, check => Assert.NotEmpty(check.Evidence));
        Assert.All(report.Flows, flow => Assert.NotEmpty(flow.Evidence));
    }

    [Fact]
    public async Task A_template_of_other_options_passes_where_they_were_asked_for()
    {
        var template = Template.Parse((await topology.OtherAsync()).Json, "t");
        var asked = new VerificationOptions(AllowHttpEgress: false) { LambdaMemory = 1024, LambdaTimeout = 20, LambdaConcurrency = 50, MongoCpu = 1024, MongoMemory = 4096, FirstAdmin = true };

        Assert.True(Verifier.Verify(template, asked).Passed, VerificationText.Render(Verifier.Verify(template, asked)));
        Assert.False(Verifier.Verify(template, new VerificationOptions()).Passed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_changed_template_fails_and_the_change_is_named(string name)
    {
        var mutant = Mutants.All[name];
        var editor = new TemplateEditor(await OriginalAsync());
        var named = mutant.Apply(editor);

        var report = Verifier.Verify(Template.Parse(editor.Json, "mutant.json"), new VerificationOptions());

        Assert.False(report.Passed);
        var check = Assert.Single(report.Checks, check => check.Id == mutant.Check);
        Assert.False(check.Passed, $"{mutant.Check} still holds: {string.Join('\n', check.Evidence)}");
        Assert.Contains(check.Problems, problem => problem.LogicalId == named || problem.What.Contains(named, StringComparison.Ordinal));
        Assert.All(check.Problems, problem => Assert.NotEmpty(problem.Fix));
    }

    [Fact]
    public async Task Every_change_is_a_change_of_its_own_and_there_are_at_least_sixty()
    {
        var json = await OriginalAsync();
        var changed = Mutants.All.Values.Select(mutant =>
        {
            var editor = new TemplateEditor(json);
            mutant.Apply(editor);
            return editor.Json;
        }).ToArray();

        Assert.DoesNotContain(new TemplateEditor(json).Json, changed);
        Assert.True(changed.Distinct(StringComparer.Ordinal).Count() >= 60, $"{changed.Distinct(StringComparer.Ordinal).Count()} different mutants");
    }

    private async Task<string> OriginalAsync() => (await topology.DefaultAsync()).Json;
}
