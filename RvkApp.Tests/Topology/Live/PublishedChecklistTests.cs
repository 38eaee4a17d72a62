using RvkApp.AppHost.Topology;
using RvkApp.AppHost.Topology.Live;
using RvkApp.AppHost.Topology.Steps;
using RvkApp.AppHost.Verification;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Topology.Live;

public sealed class PublishedChecklistTests(SynthesizedTopology topology) : IDisposable
{
    // Times of files are set, so that no test depends on how fast it is.
    private static readonly DateTime Built = new(2026, 11, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Verified = Built.AddHours(1);

    private readonly TemporaryDirectory _directory = new();

    private TopologyOutput Output => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Nothing_published_is_absent_and_says_what_to_run()
    {
        var checklist = Read(new TopologyOptions());

        Assert.Equal("absent", checklist.State);
        Assert.Equal("dotnet run --project RvkApp.AppHost --launch-profile publish", checklist.Command);
        Assert.Empty(checklist.Checks);
        Assert.Null(checklist.VerifiedUtc);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"template\":")]
    [InlineData("[1,2]")]
    public void A_broken_report_is_unreadable_and_claims_nothing(string report)
    {
        File.WriteAllText(Output.Report, report);

        var checklist = Read(new TopologyOptions());

        Assert.Equal("unreadable", checklist.State);
        Assert.Contains(Output.Report, checklist.Explanation, StringComparison.Ordinal);
        Assert.Empty(checklist.Checks);
    }

    [Fact]
    public async Task A_publish_of_these_options_after_the_build_is_current()
    {
        await PublishAsync();

        var checklist = Read(new TopologyOptions());

        Assert.Equal("current", checklist.State);
        Assert.Equal(Verified, checklist.VerifiedUtc);
        Assert.Equal(Output.Report, checklist.Publish);
        Assert.Equal(checklist.Checks.Length, checklist.Passed);
        Assert.Equal(10, checklist.Checks.Count(check => check.Id.StartsWith("checklist-", StringComparison.Ordinal)));
        Assert.All(checklist.Checks, check => Assert.NotEmpty(check.Evidence));
    }

    [Fact]
    public async Task A_check_that_failed_says_what_is_wrong_and_how_to_fix_it()
    {
        await PublishAsync(report => report with
        {
            Checks = report.Checks.SetItem(0, report.Checks[0] with { Passed = false, Evidence = [], Problems = [new Problem("Vpc", "No flow logs.", "Add them.")] }),
        });

        var checklist = Read(new TopologyOptions());

        Assert.Equal(checklist.Checks.Length - 1, checklist.Passed);
        Assert.Equal("No flow logs. Fix: Add them.", Assert.Single(checklist.Checks[0].Problems));
    }

    [Fact]
    public async Task A_publish_before_the_build_is_out_of_date()
    {
        await PublishAsync();
        File.SetLastWriteTimeUtc(Output.Report, Built.AddSeconds(-1));

        AssertOutdated(Read(new TopologyOptions()), "built after");
    }

    [Fact]
    public async Task A_template_that_was_written_after_the_report_is_out_of_date()
    {
        await PublishAsync();
        File.SetLastWriteTimeUtc(Output.Template, Verified.AddSeconds(1));

        AssertOutdated(Read(new TopologyOptions()), "written after");
    }

    [Fact]
    public async Task A_template_that_is_gone_or_broken_is_out_of_date()
    {
        await PublishAsync();
        File.WriteAllText(Output.Template, "{");
        File.SetLastWriteTimeUtc(Output.Template, Built);
        AssertOutdated(Read(new TopologyOptions()), "cannot be read");

        File.Delete(Output.Template);
        AssertOutdated(Read(new TopologyOptions()), "is gone");
    }

    [Fact]
    public async Task A_publish_with_other_options_is_out_of_date()
    {
        await PublishAsync();

        AssertOutdated(Read(new TopologyOptions { AllowHttpEgress = false }), "other options");
        AssertOutdated(Read(new TopologyOptions { LambdaMemory = 1024 }), "other options");
    }

    [Fact]
    public async Task Its_stamp_changes_with_the_files()
    {
        var checklist = new PublishedChecklist(Output, new TopologyOptions(), Built);
        var before = checklist.Stamp;

        await PublishAsync();

        Assert.NotEqual(before, checklist.Stamp);
        Assert.Equal(checklist.Stamp, checklist.Stamp);
    }

    private static void AssertOutdated(ChecklistDocument checklist, string reason)
    {
        Assert.Equal("outdated", checklist.State);
        Assert.Contains(reason, checklist.Explanation, StringComparison.Ordinal);
        Assert.NotEmpty(checklist.Checks);
    }

    private ChecklistDocument Read(TopologyOptions options) => new PublishedChecklist(Output, options, Built).Read();

    private async Task PublishAsync(Func<VerificationReport, VerificationReport>? change = null)
    {
        var template = await topology.DefaultAsync();
        Directory.CreateDirectory(Output.Assembly);
        await File.WriteAllTextAsync(Output.Template, template.Json, TestContext.Current.CancellationToken);
        var report = Verifier.Verify(Template.Load(Output.Template), new VerificationOptions());
        await File.WriteAllTextAsync(Output.Report, VerificationJson.Serialize(change?.Invoke(report) ?? report), TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(Output.Template, Built);
        File.SetLastWriteTimeUtc(Output.Report, Verified);
    }
}
