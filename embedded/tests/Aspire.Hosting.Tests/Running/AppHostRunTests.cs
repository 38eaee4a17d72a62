using System.Text.RegularExpressions;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Running;

public class AppHostRunTests
{
    // The shared properties of every run: ports of its own, no launch profile of the test's, and no dashboard, with which a run goes on when something failed.
    private static readonly string[] Arguments = ["--DcpPublisher:RandomizePorts=true", "--Embedded:Dashboard:Enabled=false"];

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(1)]
    public async Task A_signal_stops_everything_in_order_with_exit_code_0(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sends POSIX signals.");
        await using var host = new AppHostProcess(Arguments);
        await host.WaitForLineAsync("Press Ctrl+C to stop.");
        await WaitUntilItAnswersAsync(host, "follower");

        host.Signal(signal);
        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        var lines = host.Output.Split('\n');
        Assert.True(
            Array.FindIndex(lines, l => l.EndsWith("follower  stopped", StringComparison.Ordinal)) is >= 0 and var follower
            && follower < Array.FindIndex(lines, l => l.EndsWith("web       stopping", StringComparison.Ordinal)),
            host.Output);
    }

    [Fact]
    public async Task The_console_shows_each_change_once_and_then_the_urls()
    {
        await using var host = new AppHostProcess(Arguments);
        await host.WaitForLineAsync("Press Ctrl+C to stop.");

        var lines = host.Output.Split('\n');
        Assert.Single(lines, l => l.EndsWith("web       starting", StringComparison.Ordinal));
        Assert.Single(lines, l => l.EndsWith("web       running, healthy", StringComparison.Ordinal));
        Assert.Single(lines, l => l.EndsWith("follower  waiting", StringComparison.Ordinal));
        Assert.Single(lines, l => l.StartsWith("  web       http://localhost:", StringComparison.Ordinal));
        Assert.Single(lines, l => l.StartsWith("  follower  http://localhost:", StringComparison.Ordinal));
        Assert.Matches(@"^ *\d+\.\d\ds  ", lines[0]);
    }

    [Fact]
    public async Task A_resource_that_cannot_start_ends_the_run_with_its_reason()
    {
        await using var host = new AppHostProcess([.. Arguments, "--Refuse=web"]);

        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("Resource 'web' failed: it ended with exit code 3 while starting.", errors);
        Assert.Contains("the setting Refuse is on", errors);
        Assert.Contains("Not started because of that: follower.", errors);
        Assert.DoesNotContain("   at ", errors);
        Assert.DoesNotContain("Press Ctrl+C", host.Output);
    }

    [Fact]
    public async Task A_resource_that_nobody_waits_for_ends_the_run_as_well()
    {
        await using var host = new AppHostProcess([.. Arguments, "--Refuse=follower"]);

        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("Resource 'follower' failed: it ended with exit code 3 while starting.", errors);
        Assert.Contains("the setting Refuse is on", errors);
        Assert.EndsWith("web       stopped", host.Output.TrimEnd());
    }

    [Theory]
    [InlineData("--Embedded:StopGracePeriod=soon", "Embedded:StopGracePeriod")]
    [InlineData("--Embedded:Restart:MaxCrashes=0", "MaxCrashes")]
    [InlineData("--operation=dance", "--operation is run, publish or inspect")]
    [InlineData("--Broken=model", "Resource 'twice' is in the model twice, says the test.")]
    [InlineData("--Broken=name", "'web'")]
    public async Task A_wrong_setting_is_one_sentence_and_an_exit_code(string argument, string named)
    {
        await using var host = new AppHostProcess([.. Arguments, argument]);

        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(named, errors);
        Assert.DoesNotContain("   at ", errors);
        Assert.DoesNotContain("Unhandled", errors);
    }

    [Fact]
    public async Task A_fault_in_code_keeps_its_stack_trace()
    {
        await using var host = new AppHostProcess([.. Arguments, "--Broken=code"]);

        var (exitCode, errors) = await host.EndAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains("NotImplementedException", errors);
        Assert.Contains("   at ", errors);
    }

    [Fact]
    public async Task Children_do_not_inherit_where_the_app_host_was_told_to_listen()
    {
        await using var host = new AppHostProcess([.. Arguments, "--Show=ASPNETCORE_URLS"], [new("ASPNETCORE_URLS", "http://localhost:1"), new("DOTNET_ENVIRONMENT", "Development")]);

        await host.WaitForLineAsync("Press Ctrl+C to stop.");

        Assert.DoesNotContain("http://localhost:1\n", host.Output);
        Assert.Contains("running, healthy", host.Output);
    }

    // A program that is asked to stop before it listens may end in its own way: this one has no health check that the console waits for.
    private static async Task WaitUntilItAnswersAsync(AppHostProcess host, string resource)
    {
        var address = Regex.Match(host.Output, $@"^  {resource} +(http\S+)", RegexOptions.Multiline).Groups[1].Value;
        using var client = new HttpClient();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await client.GetStringAsync(new Uri(address), deadline.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }
}
