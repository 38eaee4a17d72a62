using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Pipelines;

public class PublishProcessTests
{
    [Fact]
    public async Task A_step_runs_starts_nothing_of_the_model_and_ends_with_exit_code_0()
    {
        await using var host = Publish("say-hello");

        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("say-hello             Hello.", host.Output);
        Assert.DoesNotContain("quietly", host.Output);
        Assert.DoesNotContain("Press Ctrl+C", host.Output);
        Assert.EndsWith("Said: hello\n'say-hello' is done.", host.Output);
    }

    [Theory]
    [InlineData("after-refusal", "Step 'refuse' failed: The step does not want to, says the test.\nNot run because of that: after-refusal.\n")]
    [InlineData("stumble", "Step 'stumble' failed: NotImplementedException: The method or operation is not implemented.\nWhere in the code that was, --include-exception-details true shows.\n")]
    [InlineData("publish", "'publish' has nothing to do: the model has no environment to publish to. Add one, for instance with AddAWSCDKEnvironment.\n")]
    [InlineData("publish-manifest", "The manifest of earlier versions is not implemented: publish with --operation publish --step publish --output-path DIRECTORY.\n")]
    public async Task A_failure_is_said_in_words_and_ends_with_exit_code_1(string step, string said)
    {
        await using var host = Publish(step);

        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal((1, said), (exitCode, errors.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task An_unknown_step_is_an_error_that_lists_the_steps()
    {
        await using var host = Publish("say-helo");

        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith("There is no pipeline step 'say-helo'.", errors);
        Assert.Contains("say-hello, refuse", errors);
        Assert.Equal("", host.Output);
    }

    [Theory]
    [InlineData("--operation", "inspect", "--list-steps", "true")]
    [InlineData("--list-steps")]
    public async Task Steps_are_listed_in_their_order(params string[] arguments)
    {
        await using var host = new AppHostProcess(arguments);

        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        var lines = host.Output.Split('\n');
        Assert.Contains(lines, l => l.StartsWith("publish  ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("after-refusal ", StringComparison.Ordinal) && l.EndsWith("(after refuse)", StringComparison.Ordinal));
        Assert.True(Array.FindIndex(lines, l => l.StartsWith("refuse ", StringComparison.Ordinal)) < Array.FindIndex(lines, l => l.StartsWith("after-refusal ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_what_a_step_needs_is_listed_for_it()
    {
        await using var host = new AppHostProcess(["--list-steps", "--step", "after-refusal"]);

        Assert.Equal(0, (await host.EndAsync()).ExitCode);
        Assert.Equal(["say-hello", "refuse", "after-refusal"], host.Output.Split('\n').Select(l => l.Split(' ')[0]));
    }

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public async Task A_signal_cancels_what_runs(int signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sends POSIX signals.");
        await using var host = Publish("wait");
        await host.WaitForLineAsync("Waiting for a signal");

        host.Signal(signal);
        var (exitCode, errors) = await host.EndAsync();

        Assert.Equal((expected, "Cancelled: nothing more is published.\n"), (exitCode, errors));
        Assert.Contains("cancelled", host.Output);
    }

    private static AppHostProcess Publish(string step) => new(["--operation", "publish", "--step", step, "--output-path", "unused"]);
}
