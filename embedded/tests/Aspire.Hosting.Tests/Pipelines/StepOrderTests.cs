using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Pipelines;

public class StepOrderTests
{
    private readonly List<string> _ran = [];

    [Fact]
    public async Task A_step_runs_after_what_it_depends_on_and_nothing_else_runs()
    {
        var publication = Publication.Of("roof");
        publication.AddStep("roof", _ran, dependsOn: "walls");
        publication.AddStep("garden", _ran);
        publication.AddStep("walls", _ran, dependsOn: new[] { "foundation" });
        publication.AddStep("foundation", _ran);

        await publication.RunAsync();

        Assert.Equal(["foundation", "walls", "roof"], _ran);
    }

    [Fact]
    public async Task A_step_brings_those_that_say_it_requires_them()
    {
        var publication = Publication.Of("house");
        publication.AddStep("house", _ran);
        publication.AddStep("door", _ran, requiredBy: new List<string> { "house" });

        await publication.RunAsync();

        Assert.Equal(["door", "house"], _ran);
    }

    [Fact]
    public async Task Independent_steps_run_at_the_same_time()
    {
        var (left, right) = (new TaskCompletionSource(), new TaskCompletionSource());
        var publication = Publication.Of("both");
        publication.AddStep("both", _ran, dependsOn: new[] { "left", "right" });
        publication.Pipeline.AddStep("left", async _ =>
        {
            left.SetResult();
            await right.Task.InTimeAsync();
        });
        publication.Pipeline.AddStep("right", async _ =>
        {
            right.SetResult();
            await left.Task.InTimeAsync();
        });

        await publication.RunAsync();

        Assert.Equal(["both"], _ran);
    }

    [Fact]
    public async Task Without_a_step_everything_is_published()
    {
        var publication = Publication.OfNoStep();
        publication.AddStep("mine", _ran, requiredBy: WellKnownPipelineSteps.Publish);
        publication.AddStep("other", _ran, requiredBy: WellKnownPipelineSteps.Deploy);

        await publication.RunAsync();

        Assert.Equal(["mine"], _ran);
    }

    [Fact]
    public async Task An_unknown_step_is_an_error_that_lists_the_steps_and_guesses()
    {
        var publication = Publication.Of("PUBLISH");
        publication.AddStep("mine", _ran);

        var message = await publication.FailAsync();

        Assert.Contains("There is no pipeline step 'PUBLISH'. Is 'publish' meant?", message);
        Assert.Contains("publish-prereq", message);
        Assert.Contains("mine", message);
    }

    [Theory]
    [InlineData("wall", null, "'roof' depends on step 'wall', which does not exist. Is 'walls' meant?")]
    [InlineData(null, "castle", "'roof' is required by step 'castle', which does not exist.")]
    public async Task An_unknown_neighbour_is_an_error_before_any_step_runs(string? dependsOn, string? requiredBy, string said)
    {
        var publication = Publication.Of("walls");
        publication.AddStep("walls", _ran);
        publication.AddStep("roof", _ran, dependsOn, requiredBy);

        Assert.Contains(said, await publication.FailAsync());
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task Steps_that_wait_for_each_other_are_named_in_order()
    {
        var publication = Publication.Of("egg");
        publication.AddStep("egg", _ran, dependsOn: "hen");
        publication.AddStep("hen", _ran, dependsOn: "chick");
        publication.AddStep("chick", _ran, dependsOn: "egg");

        Assert.Contains("egg → hen → chick → egg", await publication.FailAsync());
        Assert.Empty(_ran);
    }

    [Fact]
    public void A_name_is_given_once()
    {
        var publication = Publication.Of("twice");
        publication.AddStep("twice", _ran);

        Assert.Throws<InvalidOperationException>(() => publication.AddStep("twice", _ran));
        Assert.Throws<InvalidOperationException>(() => publication.AddStep(WellKnownPipelineSteps.Build, _ran));
        Assert.Throws<ArgumentException>(() => publication.AddStep("other", _ran, dependsOn: 3));
    }

    [Fact]
    public async Task Two_resources_with_one_step_name_are_named()
    {
        var publication = Publication.Of("work");
        foreach (var name in (string[])["one", "two"])
        {
            publication.Builder.AddProgram(name).WithPipelineStepFactory("work", _ => Task.CompletedTask);
        }

        var message = await publication.FailAsync();

        Assert.Contains("two pipeline steps 'work'", message);
        Assert.Contains("'one' and 'two'", message);
    }

    [Fact]
    public async Task Resources_bring_steps_and_say_where_they_belong()
    {
        var publication = Publication.OfNoStep();
        var program = publication.Builder.AddProgram("program")
            .WithPipelineStepFactory("first", _ => Publication.Note(_ran, "first"), requiredBy: [WellKnownPipelineSteps.Publish], tags: ["mine"])
            .WithPipelineStepFactory(context => (IEnumerable<PipelineStep>)
            [
                new PipelineStep { Name = $"second-{context.Resource.Name}", Action = _ => Publication.Note(_ran, "second"), RequiredBySteps = [WellKnownPipelineSteps.Publish] },
            ]);
        program.WithPipelineConfiguration(context =>
        {
            var first = Assert.Single(context.GetSteps(program.Resource, "mine"));
            Assert.Equal(first, Assert.Single(context.GetSteps("mine")));
            context.GetSteps(program.Resource).Where(s => s != first).DependsOn(first);
        });
        publication.Pipeline.AddPipelineConfiguration(context =>
        {
            Assert.All(context.Steps.Where(s => s.Name is "first" or "second-program"), s => Assert.Equal(program.Resource, s.Resource));
            return Task.CompletedTask;
        });

        await publication.RunAsync();

        Assert.Equal(["first", "second"], _ran);
    }

    [Fact]
    public async Task A_model_without_an_environment_has_nothing_to_publish()
    {
        var publication = Publication.OfNoStep();

        Assert.Contains("'publish' has nothing to do", await publication.FailAsync());
    }

    [Fact]
    public async Task Several_environments_need_a_choice()
    {
        var publication = Publication.Of("mine");
        publication.AddStep("mine", _ran);
        var east = publication.Builder.AddResource(new Cloud("east"));
        publication.Builder.AddResource(new Cloud("west"));
        publication.Builder.AddProgram("decided").WithComputeEnvironment(east);
        publication.Builder.AddProgram("undecided");

        var message = await publication.FailAsync();

        Assert.Contains("('east', 'west')", message);
        Assert.Contains("which of them 'undecided' is published", message);
        Assert.Empty(_ran);
    }

    private sealed class Cloud(string name) : Resource(name), IComputeEnvironmentResource;
}
