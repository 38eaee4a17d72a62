using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

public class WatchdogTests
{
    [Fact]
    public async Task A_missing_watchdog_is_named_and_nothing_starts_without_it()
    {
        await using var test = new TestSupervisor();
        test.Options.WatchdogPath = test.Directory.Combine("Watchdog.dll");

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.ShellAsync("sleep 600"));

        Assert.Contains($"the watchdog '{test.Options.WatchdogPath}'", exception.Message, StringComparison.Ordinal);
        Assert.Empty(test.Processes.Find());
    }

    [Fact]
    public async Task Once_a_watchdog_has_failed_nothing_starts_before_one_is_up()
    {
        await using var test = new TestSupervisor();
        // A program that ends at once, as a watchdog would whose installation is damaged.
        test.Options.WatchdogPath = Path.Combine(AppContext.BaseDirectory, "SupervisorHost.dll");
        test.Options.WatchdogTimeout = TimeSpan.FromSeconds(1);
        await test.Supervisor.WhenReadyAsync(TestProcesses.Cancellation);
        await TestProcesses.WaitUntilAsync(() => test.Logger.Warnings.Any(), TestProcesses.Deadline, () => "no warning");

        var exception = await Assert.ThrowsAsync<ProcessStartException>(() => test.ShellAsync("sleep 600"));

        Assert.Contains("does not stay up", exception.Message, StringComparison.Ordinal);
        Assert.Contains(test.Logger.Warnings, message => message.Contains("ended: exit code 64", StringComparison.Ordinal));
        Assert.Empty(test.Processes.Find());
    }

    [Fact]
    public async Task A_watchdog_that_does_not_end_at_the_goodbye_is_killed()
    {
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync("exit 0");
        await TestSupervisor.ExitOf(process);
        var watchdog = Assert.NotNull(test.Supervisor.Watchdog);

        Assert.Equal(0, LibC.Kill(watchdog.Id, 19));
        await test.Supervisor.DisposeAsync();

        Assert.False(TestProcesses.IsRunning(watchdog));
    }

    [Fact]
    public async Task A_watchdog_ignores_what_ends_a_session_or_a_service()
    {
        await using var test = new TestSupervisor();
        await using var process = await test.ShellAsync("sleep 600");
        var watchdog = Assert.NotNull(test.Supervisor.Watchdog);
        await TestProcesses.WaitUntilAsync(
            () => test.Logger.Entries.Any(entry => entry.Message == $"The watchdog (process {watchdog.Id}) is up."),
            TestProcesses.Deadline,
            () => "not up");

        foreach (var signal in (int[])[1, 2, 3, 15])
        {
            Assert.Equal(0, LibC.Kill(watchdog.Id, signal));
        }

        // It still does its work after them: reads, and says goodbye.
        await process.KillAsync();
        Assert.True(TestProcesses.IsRunning(watchdog));
        await test.Supervisor.DisposeAsync();
        Assert.False(TestProcesses.IsRunning(watchdog));
        Assert.Empty(test.Logger.Warnings);
    }
}
