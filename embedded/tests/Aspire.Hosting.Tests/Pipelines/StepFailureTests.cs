using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Pipelines;

public class StepFailureTests
{
    private readonly List<string> _ran = [];

    [Fact]
    public async Task A_failed_step_keeps_what_depends_on_it_from_running_and_says_why()
    {
        var publication = Publication.Of("deploy-it");
        publication.Pipeline.AddStep("check-it", _ => throw new DistributedApplicationException("The check found something."));
        publication.AddStep("deploy-it", _ran, dependsOn: "check-it");

        var message = await publication.FailAsync();

        Assert.Equal(["Step 'check-it' failed: The check found something.", "Not run because of that: deploy-it."], message.Split(Environment.NewLine));
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task What_runs_may_finish_but_nothing_begins_after_a_failure()
    {
        var (running, failed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var publication = Publication.Of("all");
        publication.Pipeline.AddStep("fails", async _ =>
        {
            await running.Task.InTimeAsync();
            throw new DistributedApplicationException("It failed.");
        });
        publication.Pipeline.AddStep("runs", async context =>
        {
            running.SetResult();
            // Until the other step's end is on the console, which comes with its failure.
            while (!publication.Lines.Any(l => l.StartsWith("fails", StringComparison.Ordinal) && l.Contains("failed after", StringComparison.Ordinal)))
            {
                await Task.Delay(5, context.CancellationToken);
            }

            failed.SetResult();
            await Publication.Note(_ran, "runs");
        });
        publication.AddStep("follows", _ran, dependsOn: "runs");
        publication.AddStep("all", _ran, dependsOn: new[] { "fails", "follows" });

        var message = await publication.FailAsync();

        Assert.True(failed.Task.IsCompletedSuccessfully);
        Assert.Equal(["runs"], _ran);
        Assert.EndsWith("Not run because of that: follows, all.", message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_step_that_only_reports_its_failure_has_failed(bool inTask)
    {
        var publication = Publication.Of("next");
        publication.Pipeline.AddStep("reports", async context =>
        {
            if (inTask)
            {
                var task = await context.ReportingStep.CreateTaskAsync("Trying", context.CancellationToken);
                await task.FailAsync("It cannot be done.", context.CancellationToken);
            }
            else
            {
                await context.ReportingStep.FailAsync("It cannot be done.", context.CancellationToken);
            }
        });
        publication.AddStep("next", _ran, dependsOn: "reports");

        Assert.Contains("Step 'reports' failed: It cannot be done.", await publication.FailAsync());
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task Every_failure_is_told()
    {
        var (left, right) = (new TaskCompletionSource(), new TaskCompletionSource());
        var publication = Publication.Of("all");
        Fail("left", left, right);
        Fail("right", right, left);
        publication.AddStep("all", _ran, dependsOn: new[] { "left", "right" });

        var message = await publication.FailAsync();

        Assert.Contains("Step 'left' failed: No left.", message);
        Assert.Contains("Step 'right' failed: No right.", message);

        void Fail(string name, TaskCompletionSource mine, TaskCompletionSource other) => publication.Pipeline.AddStep(name, async _ =>
        {
            mine.SetResult();
            await other.Task.InTimeAsync();
            throw new DistributedApplicationException($"No {name}.");
        });
    }

    [Fact]
    public async Task A_fault_in_code_is_named_and_shown_with_its_place_when_asked()
    {
        Assert.Matches("Step 'stumbles' failed: InvalidOperationException: Oh.\\s+Where in the code that was, --include-exception-details true shows.", await MessageAsync());
        Assert.Contains("   at ", await MessageAsync("--include-exception-details", "true"));

        static async Task<string> MessageAsync(params string[] args)
        {
            var publication = Publication.Of("stumbles", args);
            publication.Pipeline.AddStep("stumbles", _ => throw new InvalidOperationException("Oh."));
            return await publication.FailAsync();
        }
    }

    [Fact]
    public async Task Events_surround_the_steps()
    {
        var publication = Publication.Of("mine");
        publication.AddStep("mine", _ran);
        publication.AddStep("early", _ran, requiredBy: WellKnownPipelineSteps.BeforeStart);
        publication.Builder.OnBeforeStart((_, _) => Publication.Note(_ran, "before start"));
        publication.Builder.OnBeforePublish((_, _) => Publication.Note(_ran, "before publish"));
        publication.Builder.OnAfterPublish((_, _) => Publication.Note(_ran, "after publish"));

        await publication.RunAsync();

        Assert.Equal(["before start", "early", "before publish", "mine", "after publish"], _ran);
    }

    [Fact]
    public async Task After_a_failure_there_is_no_after_publish_but_a_summary()
    {
        var publication = Publication.Of("mine");
        publication.Pipeline.AddStep("mine", context =>
        {
            context.Summary.Add("Checked", "10 of 11");
            throw new DistributedApplicationException("One check failed.");
        });
        publication.Builder.Eventing.Subscribe<AfterPublishEvent>((_, _) => Publication.Note(_ran, "after publish"));

        await publication.FailAsync();

        Assert.Empty(_ran);
        Assert.Contains("Checked: 10 of 11", publication.Lines);
    }

    [Fact]
    public async Task Nothing_of_the_model_is_started()
    {
        var publication = Publication.Of("mine");
        publication.AddStep("mine", _ran);
        publication.Builder.AddExecutable("program", "/no/such/program", ".").OnBeforeResourceStarted((_, _, _) => Publication.Note(_ran, "program"));
        publication.Builder.AddParameter("nobody-sets-it");

        await publication.RunAsync();

        Assert.Equal(["mine"], _ran);
    }
}
