using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

public class ProcessStopTests
{
    private static readonly TimeSpan LongGrace = TestProcesses.Deadline;
    private static readonly TimeSpan ShortGrace = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_process_that_obeys_ends_in_its_own_way_and_is_heard_to_the_last_line()
    {
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync("trap 'echo closing; exit 7' TERM; echo up; while :; do sleep 0.05; done");
        await test.WaitForOutputAsync("up");

        var exit = await process.StopAsync(LongGrace, TestProcesses.Cancellation);

        Assert.Equal(new ProcessExit(7, null), exit);
        Assert.Equal(["up", "closing"], test.Output);
    }

    [Fact]
    public async Task A_process_that_ignores_the_request_is_killed_with_its_whole_tree()
    {
        await using var test = new TestSupervisor();
        // Children, a grandchild whose parent has gone, and one that left its session and closed its descriptors.
        var process = await test.ShellAsync("""
            trap '' TERM
            sleep 600 &
            sh -c 'sleep 600 & exit' &
            setsid sh -c 'trap "" TERM HUP; exec </dev/null >/dev/null 2>&1; sleep 600; sleep 600' &
            (setsid sh -c 'sleep 600' &)
            echo up
            while :; do sleep 0.05; done
            """);
        await test.WaitForOutputAsync("up");
        await TestProcesses.WaitUntilAsync(() => test.Processes.Find().Count >= 7, TestProcesses.Deadline, () => $"{test.Processes.Find().Count} processes");

        var exit = await process.StopAsync(ShortGrace, TestProcesses.Cancellation);

        Assert.Equal(new ProcessExit(137, 9), exit);
        Assert.Empty(test.Processes.Find());
        Assert.Contains(test.Logger.Warnings, message => message.Contains("did not end within", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_process_leaves_behind_goes_with_it()
    {
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync("sleep 600 & setsid sleep 600 & exit 0");

        Assert.Equal(0, (await TestSupervisor.ExitOf(process)).ExitCode);
        Assert.Empty(test.Processes.Find());
    }

    [Fact]
    public async Task The_tree_of_one_process_is_not_that_of_another()
    {
        await using var test = new TestSupervisor();
        var one = await test.ShellAsync("sleep 600 & echo one; wait");
        var other = await test.ShellAsync("sleep 600 & echo other; wait");
        await test.WaitForOutputAsync("one");
        await test.WaitForOutputAsync("other");

        await one.KillAsync();

        Assert.False(other.Exited.IsCompleted);
        Assert.Equal(2, test.Processes.Find().Count);
    }

    [Fact]
    public async Task A_stopped_process_gets_the_request_too()
    {
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync("trap 'exit 3' TERM; echo up; kill -STOP $$; exit 4");
        await test.WaitForOutputAsync("up");
        await TestProcesses.WaitUntilAsync(() => File.ReadAllText($"/proc/{process.Id}/stat").Contains(") T "), TestProcesses.Deadline, () => "not stopped");

        Assert.Equal(3, (await process.StopAsync(LongGrace, TestProcesses.Cancellation)).ExitCode);
    }

    [Fact]
    public async Task A_suspended_process_stands_still_with_its_children_until_it_is_resumed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP.");
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync("sleep 600 & echo $!; echo up; while :; do sleep 0.05; done");
        await test.WaitForOutputAsync("up");
        var child = test.Output.First();

        Assert.True(process.Suspend());
        await TestProcesses.WaitUntilAsync(() => IsStopped($"{process.Id}") && IsStopped(child), TestProcesses.Deadline, () => "not stopped");
        process.Resume();
        await TestProcesses.WaitUntilAsync(() => !IsStopped($"{process.Id}") && !IsStopped(child), TestProcesses.Deadline, () => "not resumed");

        Assert.True(process.Suspend());
        await process.KillAsync();
        Assert.False(process.Suspend());
        Assert.Empty(test.Processes.Find());

        static bool IsStopped(string id) => File.ReadAllText($"/proc/{id}/stat").Contains(") T ");
    }

    [Fact]
    public async Task Cancellation_ends_the_grace_period_not_the_stop()
    {
        await using var test = new TestSupervisor();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestProcesses.Cancellation);
        var process = await test.ShellAsync("trap '' TERM; echo up; while :; do sleep 0.05; done");
        await test.WaitForOutputAsync("up");

        var stopping = process.StopAsync(TimeSpan.FromHours(1), cancellation.Token);
        Assert.False(stopping.IsCompleted);
        await cancellation.CancelAsync();

        Assert.Equal(9, (await stopping.WaitAsync(TestProcesses.Deadline, TestProcesses.Cancellation)).Signal);
    }

    [Fact]
    public async Task Stops_kills_and_the_exit_itself_may_coincide()
    {
        await using var test = new TestSupervisor();
        for (var round = 0; round < 10; round++)
        {
            var process = await test.ShellAsync("sleep 0.0" + round);
            var stops = Enumerable.Range(0, 4).Select(_ => Task.Run(() => process.StopAsync(LongGrace, TestProcesses.Cancellation)));
            var kills = Enumerable.Range(0, 4).Select(_ => Task.Run(process.KillAsync));
            await Task.WhenAll([.. stops, .. kills]).WaitAsync(TestProcesses.Deadline, TestProcesses.Cancellation);

            var exit = await TestSupervisor.ExitOf(process);
            Assert.Equal(exit, await process.StopAsync(LongGrace, TestProcesses.Cancellation));
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task Disposal_of_the_supervisor_stops_everything_and_leaves_no_watchdog_and_no_record()
    {
        await using var test = new TestSupervisor();
        var processes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => test.ShellAsync("sleep 600 & wait")));
        var watchdog = Assert.NotNull(test.Supervisor.Watchdog);

        await test.Supervisor.DisposeAsync();

        Assert.All(processes, process => Assert.True(process.Exited.IsCompletedSuccessfully));
        Assert.Empty(test.Processes.Find());
        Assert.False(TestProcesses.IsRunning(watchdog));
        Assert.Empty(Directory.GetFiles(test.Options.RunsDirectory));
    }
}
