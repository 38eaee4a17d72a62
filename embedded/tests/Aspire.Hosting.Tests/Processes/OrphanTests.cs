using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>The AppHost ends in every way there is; nothing of its run may be left 5 s later.</summary>
public class OrphanTests
{
    private const int Interrupt = 2;
    private const int Stop = 19;

    [Fact]
    public async Task A_killed_AppHost_leaves_nothing_at_whatever_moment()
    {
        await using var test = new TestProcesses();
        using var directory = new TemporaryDirectory();
        for (var round = 0; round < 8; round++)
        {
            // From before the watchdog exists until after everything is up.
            var moment = TimeSpan.FromMilliseconds(Random.Shared.Next(30, 900));
            await using var host = SupervisorHostProcess.Start(test, "run", directory.FullName, "6", SupervisorHostProcess.FamilyScript);
            await Task.Delay(moment, TestProcesses.Cancellation);

            host.Kill();

            await test.WaitUntilGoneAsync(TestProcesses.OrphanBound, $" when killed after {moment.TotalMilliseconds:0} ms");
        }
    }

    [Fact]
    public async Task A_killed_AppHost_that_was_up_leaves_neither_processes_nor_its_record()
    {
        await using var test = new TestProcesses();
        using var directory = new TemporaryDirectory();
        await using var host = await StartedAsync(test, directory.FullName, 3);
        await test.WaitForCountAsync((3 * SupervisorHostProcess.FamilySize) + 2);

        host.Kill();

        await test.WaitUntilGoneAsync(TestProcesses.OrphanBound);
        Assert.Empty(directory.Info.GetFiles("*.json"));
        Assert.Contains("ended without stopping run", await File.ReadAllTextAsync(directory.Combine("watchdog.log"), TestProcesses.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Children_that_ignore_the_request_are_gone_in_time_too()
    {
        await using var test = new TestProcesses();
        using var directory = new TemporaryDirectory();
        await using var host = SupervisorHostProcess.Start(test, "run", directory.FullName, "2", "trap '' TERM HUP; echo up; while :; do sleep 600; done");
        await host.WaitForLineAsync("started");
        await TestProcesses.WaitUntilAsync(() => host.Lines.Count(line => line == "output up") == 2, TestProcesses.Deadline, () => "not up");

        host.Kill();

        await test.WaitUntilGoneAsync(TestProcesses.OrphanBound);
    }

    [Theory]
    [InlineData("then-exit")]
    [InlineData("then-throw")]
    public async Task A_crash_in_start_up_leaves_nothing(string how)
    {
        await using var test = new TestProcesses();
        using var directory = new TemporaryDirectory();
        await using var host = SupervisorHostProcess.Start(test, "run", directory.FullName, "3", SupervisorHostProcess.FamilyScript, how);

        Assert.NotEqual(0, await host.WaitForExitAsync());

        await test.WaitUntilGoneAsync(TestProcesses.OrphanBound);
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_reaches_the_AppHost_alone_which_stops_its_children()
    {
        await using var test = new TestProcesses();
        using var directory = new TemporaryDirectory();
        await using var host = SupervisorHostProcess.Start(test, "run", directory.FullName, "2", "trap 'echo interrupted' INT; trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        await host.WaitForLineAsync("started");
        await TestProcesses.WaitUntilAsync(() => host.Lines.Count(line => line == "output up") == 2, TestProcesses.Deadline, () => "not up");

        // What the terminal does: the signal goes to the foreground process group, which the host leads.
        Assert.Equal(0, LibC.Kill(-host.Identity.Id, Interrupt));

        Assert.Equal(0, await host.WaitForExitAsync());
        Assert.Equal(2, host.Lines.Count(line => line == "output asked"));
        Assert.DoesNotContain("output interrupted", host.Lines);
        await test.WaitUntilGoneAsync(TestProcesses.OrphanBound);
        Assert.Empty(directory.Info.GetFiles());
    }

    [Fact]
    public async Task A_killed_watchdog_is_replaced_and_the_replacement_holds()
    {
        await using var test = new TestProcesses();
        using var directory = new TemporaryDirectory();
        await using var host = await StartedAsync(test, directory.FullName, 2);
        var first = host.Watchdog;

        TestProcesses.Kill(first);

        var second = first;
        await TestProcesses.WaitUntilAsync(() => TryReadWatchdog(directory.Info) is { } watchdog && (second = watchdog) != first, TestProcesses.Deadline, () => string.Join('|', host.Lines));
        Assert.True(TestProcesses.IsRunning(second));
        Assert.All(host.Children, child => Assert.True(TestProcesses.IsRunning(child)));

        host.Kill();
        await test.WaitUntilGoneAsync(TestProcesses.OrphanBound);
    }

    [Fact]
    public async Task When_the_watchdog_is_killed_as_well_the_next_AppHost_ends_what_is_left()
    {
        await using var next = new TestSupervisor();
        await using var test = new TestProcesses();
        await using var host = await StartedAsync(test, next.Options.RunsDirectory, 2);
        var watchdog = host.Watchdog;

        // Held first, so that it can neither act nor be replaced.
        Assert.Equal(0, LibC.Kill(watchdog.Id, Stop));
        host.Kill();
        await host.WaitForExitAsync();
        TestProcesses.Kill(watchdog);
        await test.WaitForCountAsync(2 * SupervisorHostProcess.FamilySize);

        await next.Supervisor.WhenReadyAsync(TestProcesses.Cancellation);

        Assert.Empty(test.Find());
        Assert.Contains(next.Logger.Warnings, message => message.Contains("an earlier run left behind", StringComparison.Ordinal));
        await next.Supervisor.DisposeAsync();
        Assert.Empty(Directory.GetFiles(next.Options.RunsDirectory));
    }

    [Fact]
    public async Task An_AppHost_inside_an_AppHost_goes_with_the_outer_one_and_all_it_started()
    {
        await using var outer = new TestSupervisor();
        var inner = await outer.StartAsync(
            DotNetHost.Path,
            ["exec", Path.Combine(AppContext.BaseDirectory, "SupervisorHost.dll"), "run", outer.Options.RunsDirectory, "2", SupervisorHostProcess.FamilyScript]);
        await outer.WaitForOutputAsync("started");

        await inner.KillAsync();

        Assert.Empty(outer.Processes.Find());
    }

    private static async Task<SupervisorHostProcess> StartedAsync(TestProcesses test, string directory, int count)
    {
        var host = SupervisorHostProcess.Start(test, "run", directory, $"{count}", SupervisorHostProcess.FamilyScript);
        await host.WaitForLineAsync("started");
        await TestProcesses.WaitUntilAsync(() => host.Lines.Count(line => line == "output up") == count, TestProcesses.Deadline, () => "not up");
        return host;
    }

    private static ProcessIdentity? TryReadWatchdog(DirectoryInfo directory) =>
        RunRecord.Deserialize(File.ReadAllBytes(directory.GetFiles("*.json").Single().FullName)).Watchdog?.Identity;
}
