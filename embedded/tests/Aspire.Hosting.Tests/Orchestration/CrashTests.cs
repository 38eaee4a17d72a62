using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Orchestration;

public class CrashTests
{
    [Theory]
    [InlineData(0, null, false, false, "Finished")]
    [InlineData(0, null, true, false, "Finished")]
    [InlineData(1, null, false, false, "FailedToStart")]
    [InlineData(1, null, true, false, "Crashed")]
    [InlineData(139, 11, false, false, "Crashed")]
    [InlineData(137, 9, true, false, "Crashed")]
    [InlineData(1, null, true, true, "Finished")]
    [InlineData(137, 9, false, true, "Finished")]
    public void The_end_of_a_process_has_a_meaning(int exitCode, int? signal, bool cameUp, bool isAwaited, string meaning)
        => Assert.Equal(meaning, ProcessEnding.Of(new ProcessExit(exitCode, signal), cameUp, isAwaited).ToString());

    [Fact]
    public async Task A_crashed_program_starts_again_on_the_same_port()
    {
        await using var host = new ActorHost();
        var ids = host.File("ids");
        host.AddActor("program", $"append={ids}", "print=up", $"once={host.File("first")}", "kill").WithHttpEndpoint();

        await host.StartAsync();
        await host.WaitForStateAsync("program", ResourceState.Restarting);
        var port = host.StateOf("program").Urls.Single().Url;
        await host.WaitForStateAsync("program", KnownResourceStates.Running);
        await host.WaitForLineAsync("program", "up", times: 2);

        Assert.Equal(2, (await File.ReadAllLinesAsync(ids, TestDeadline.Token())).Distinct().Count());
        Assert.Equal(port, host.StateOf("program").Urls.Single().Url);
        Assert.Equal(["NotStarted", "Starting", "Running", "Restarting", "Starting", "Running"], await host.StatesOfAsync("program"));
        Assert.Null(host.Outcome.ToException());
        Assert.Null(host.StateOf("program").ExitCode);
    }

    [Fact]
    public async Task A_program_that_keeps_crashing_is_given_up()
    {
        await using var host = new ActorHost();
        var ids = host.File("ids");
        host.AddActor("program", $"append={ids}", "error=boom", "exit=7");

        await host.StartAsync();
        await host.WaitForStateAsync("program", KnownResourceStates.FailedToStart);

        Assert.Equal(3, (await File.ReadAllLinesAsync(ids, TestDeadline.Token())).Length);
        Assert.Equal(7, host.StateOf("program").ExitCode);
        var message = host.Outcome.ToException()!.Message;
        Assert.Contains("given up after 3 crashes", message);
        Assert.Contains("exit code 7", message);
        Assert.Contains("boom", message);
    }

    [Fact]
    public async Task The_start_command_forgives_a_program_that_was_given_up()
    {
        await using var host = new ActorHost();
        var marker = host.File("marker");
        // Crashes until the marker is there.
        host.Options.Restart = new RestartBackoffOptions { InitialDelay = TimeSpan.FromMilliseconds(1), MaxCrashes = 1 };
        host.AddActor("program", $"once={marker}", "exit=7");
        await host.StartAsync();
        await host.WaitForStateAsync("program", KnownResourceStates.FailedToStart);
        Assert.NotNull(host.Outcome.ToException());

        var result = await host.CommandAsync("program", KnownResourceCommands.StartCommand);

        Assert.True(result.Success, result.Message);
        Assert.Equal(KnownResourceStates.Running, host.StateOf("program").State?.Text);
        Assert.Null(host.Outcome.ToException());
    }

    [Fact]
    public async Task A_program_that_refuses_to_start_is_not_asked_again()
    {
        await using var host = new ActorHost();
        host.Options.StartedAfter = TimeSpan.FromMinutes(5);
        var ids = host.File("ids");
        host.AddActor("program", $"append={ids}", "error=the setting is wrong", "exit=2");

        await host.StartAsync();
        await host.WaitForStateAsync("program", KnownResourceStates.FailedToStart);

        Assert.Single(await File.ReadAllLinesAsync(ids, TestDeadline.Token()));
        Assert.Contains("the setting is wrong", host.Outcome.ToException()!.Message);
    }

    [Fact]
    public async Task With_health_checks_a_program_has_started_when_it_was_healthy()
    {
        await using var host = new ActorHost();
        host.Options.StartedAfter = TimeSpan.FromMinutes(5);
        host.Builder.Services.AddHealthChecks().AddCheck("check", () => HealthCheckResult.Healthy());
        var release = host.File("release");
        host.AddActor("program", $"until={release}", "exit=1").WithHealthCheck("check");

        await host.StartAsync();
        await host.Notifications.WaitForResourceHealthyAsync("program", TestDeadline.Token());
        await File.WriteAllTextAsync(release, "", TestDeadline.Token());

        await host.WaitForStateAsync("program", ResourceState.Restarting);
        Assert.Null(host.StateOf("program").HealthStatus);
    }

    [Fact]
    public async Task A_program_that_ends_well_stays_ended()
    {
        await using var host = new ActorHost();
        host.AddActor("program", "print=done", "exit=0");

        await host.StartAsync();
        await host.WaitForStateAsync("program", KnownResourceStates.Finished);

        Assert.Equal(0, host.StateOf("program").ExitCode);
        Assert.NotNull(host.StateOf("program").StopTimeStamp);
        Assert.Null(host.Outcome.ToException());
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_the_next_start()
    {
        await using var host = new ActorHost();
        host.Options.Restart = new RestartBackoffOptions { InitialDelay = TimeSpan.FromMinutes(5), MaxDelay = TimeSpan.FromMinutes(5) };
        host.AddActor("program", "kill");
        await host.StartAsync();
        await host.WaitForStateAsync("program", ResourceState.Restarting);

        Assert.True((await host.CommandAsync("program", KnownResourceCommands.StopCommand)).Success);

        Assert.Equal(KnownResourceStates.Exited, host.StateOf("program").State?.Text);
    }
}
