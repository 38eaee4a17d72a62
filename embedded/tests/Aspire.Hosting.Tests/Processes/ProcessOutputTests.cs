using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

public class ProcessOutputTests
{
    [Fact]
    public async Task Both_outputs_arrive_apart_and_in_order()
    {
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync("for i in 1 2 3; do echo out $i; echo err $i >&2; done");

        Assert.Equal(new ProcessExit(0, null), await TestSupervisor.ExitOf(process));

        Assert.Equal(["out 1", "out 2", "out 3"], test.Output);
        Assert.Equal(["err 1", "err 2", "err 3"], test.Errors);
    }

    [Fact]
    public async Task Every_line_written_before_the_exit_arrives()
    {
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync("seq 1 100000; seq 1 20000 >&2; printf 'no terminator'");

        await TestSupervisor.ExitOf(process);

        Assert.Equal([.. Enumerable.Range(1, 100_000).Select(number => $"{number}"), "no terminator"], test.Output);
        Assert.Equal(Enumerable.Range(1, 20_000).Select(number => $"{number}"), test.Errors);
    }

    [Fact]
    public async Task A_very_long_line_arrives_in_pieces_of_the_bound()
    {
        await using var test = new TestSupervisor();
        test.Options.MaxLineBytes = 1024;
        var process = await test.ShellAsync("head -c 5000 /dev/zero | tr '\\0' x; echo; echo next");

        await TestSupervisor.ExitOf(process);

        Assert.Equal([1024, 1024, 1024, 1024, 904, 4], test.Output.Select(line => line.Length));
    }

    [Fact]
    public async Task Invalid_UTF8_is_replaced_and_what_is_around_it_kept()
    {
        await using var test = new TestSupervisor();
        var process = await test.ShellAsync("printf 'gr\\303\\274n \\377 end\\r\\n'");

        await TestSupervisor.ExitOf(process);

        Assert.Equal(["grün \uFFFD end"], test.Output);
    }

    [Fact]
    public async Task A_consumer_that_is_too_slow_loses_lines_and_is_told_how_many()
    {
        await using var test = new TestSupervisor();
        test.Options.MaxPendingLines = 16;
        test.Options.SlowConsumerPatience = TimeSpan.FromMilliseconds(50);
        using var gate = new ManualResetEventSlim();
        var lines = new List<string>();
        await using var process = await test.Supervisor.StartAsync(
            new ProcessSpec("subject", "sh", ["-c", "seq 1 50000; touch done"], test.Directory.FullName, test.Processes.Environment),
            line =>
            {
                gate.Wait(TestProcesses.Deadline);
                lines.Add(line.Text);
            },
            TestProcesses.Cancellation);

        // The consumer is stuck, and yet the process gets rid of far more than pipe and queue hold.
        await TestProcesses.WaitUntilAsync(() => File.Exists(test.Directory.Combine("done")), TestProcesses.Deadline, () => "the process is held up");
        gate.Set();
        await TestSupervisor.ExitOf(process);

        var notice = Assert.Single(lines, line => line.Contains("dropped", StringComparison.Ordinal));
        Assert.Contains($"{50_000 - (lines.Count - 1)} lines", notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consumer_that_never_returns_does_not_hold_up_the_exit()
    {
        await using var test = new TestSupervisor();
        test.Options.DrainTimeout = TimeSpan.FromMilliseconds(100);
        using var gate = new ManualResetEventSlim();
        await using var process = await test.Supervisor.StartAsync(
            new ProcessSpec("subject", "sh", ["-c", "echo one"], test.Directory.FullName, test.Processes.Environment),
            _ => gate.Wait(TestProcesses.Deadline),
            TestProcesses.Cancellation);

        var exit = await TestSupervisor.ExitOf(process);
        gate.Set();

        Assert.Equal(0, exit.ExitCode);
        Assert.Contains(test.Logger.Warnings, message => message.Contains("has not returned", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_consumer_that_throws_is_reported_once_and_the_process_runs_on()
    {
        await using var test = new TestSupervisor();
        await using var process = await test.Supervisor.StartAsync(
            new ProcessSpec("subject", "sh", ["-c", "seq 1 1000; exit 5"], test.Directory.FullName, test.Processes.Environment),
            _ => throw new InvalidOperationException("A fault of the consumer."),
            TestProcesses.Cancellation);

        Assert.Equal(5, (await TestSupervisor.ExitOf(process)).ExitCode);
        Assert.Single(test.Logger.Warnings, message => message.Contains("A fault of the consumer.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_escaped_with_the_pipe_delays_the_exit_by_the_time_out_only()
    {
        await using var test = new TestSupervisor();
        test.Options.DrainTimeout = TimeSpan.FromMilliseconds(300);
        // Without parent, session and environment nothing ties it to the run any more.
        var process = await test.ShellAsync("env -i setsid sh -c 'echo $$; exec sleep 600' & sleep 0.3");

        await TestSupervisor.ExitOf(process);

        var escaped = ProcessTable.Current.Find(int.Parse(Assert.Single(test.Output), System.Globalization.CultureInfo.InvariantCulture));
        if (escaped is { } identity)
        {
            TestProcesses.Kill(identity);
            Assert.Contains(test.Logger.Warnings, message => message.Contains("still held open", StringComparison.Ordinal));
        }
    }
}
