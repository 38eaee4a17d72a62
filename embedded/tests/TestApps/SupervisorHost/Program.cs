using System.Globalization;
using System.Runtime.InteropServices;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace SupervisorHost;

/// <summary>
/// <c>run RUNS_DIRECTORY COUNT SCRIPT [then-exit|then-throw]</c>: starts COUNT shells with the script, says <c>child PID START</c>
/// for each, <c>watchdog PID START</c> and <c>started</c>, and stops them in order on Ctrl+C or SIGTERM (<c>stopped</c>).
/// <c>churn RUNS_DIRECTORY COUNT</c>: starts and stops COUNT processes at once, several times, and tells its descriptors, threads
/// that wait for processes, and zombies before and after (<c>churned</c>).
/// <c>ports COUNT</c>: reserves ports, prints them, and holds them until standard input ends.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args switch
    {
        ["run", var runsDirectory, var count, var script, .. var then] => RunAsync(runsDirectory, int.Parse(count, CultureInfo.InvariantCulture), script, then),
        ["churn", var runsDirectory, var count] => ChurnAsync(runsDirectory, int.Parse(count, CultureInfo.InvariantCulture)),
        ["ports", var count] => HoldPortsAsync(int.Parse(count, CultureInfo.InvariantCulture)),
        _ => Task.FromResult(64),
    };

    private static async Task<int> RunAsync(string runsDirectory, int count, string script, string[] then)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole());
        await using var supervisor = new ProcessSupervisor(logging.CreateLogger<ProcessSupervisor>(), new ProcessSupervisorOptions { RunsDirectory = runsDirectory });

        var spec = new ProcessSpec("shell", "sh", ["-c", script], Path.GetTempPath(), new Dictionary<string, string>());
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var child = await supervisor.StartAsync(spec, line => Console.WriteLine($"output {line.Text}"), CancellationToken.None);
            Say("child", ProcessTable.Current.Find(child.Id));
        }));
        Say("watchdog", supervisor.Watchdog);
        Console.WriteLine("started");
        switch (then)
        {
            case ["then-exit"]:
                Environment.Exit(3);
                break;
            case ["then-throw"]:
                // On a thread of its own: nothing above may catch it.
                new Thread(() => throw new InvalidOperationException("A crash in start-up.")).Start();
                break;
        }

        await stop.Task;
        Console.WriteLine("stopping");
        await supervisor.DisposeAsync();
        Console.WriteLine("stopped");
        return 0;

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static async Task<int> ChurnAsync(string runsDirectory, int count)
    {
        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole());
        await using var supervisor = new ProcessSupervisor(logging.CreateLogger<ProcessSupervisor>(), new ProcessSupervisorOptions { RunsDirectory = runsDirectory });
        var spec = new ProcessSpec("sleep", "sleep", ["600"], Path.GetTempPath(), new Dictionary<string, string>());
        // The first round, and the first line, let the runtime open what it keeps open.
        await RoundAsync();
        Console.WriteLine($"first {ResourceUse()}");
        Console.WriteLine($"before {ResourceUse()}");
        for (var round = 0; round < 3; round++)
        {
            await RoundAsync();
        }

        Console.WriteLine($"after {ResourceUse()}");
        Console.WriteLine("churned");
        return 0;

        Task RoundAsync() => Task.WhenAll(Enumerable.Range(0, count).Select(async index =>
        {
            var process = await supervisor.StartAsync(spec, _ => { }, CancellationToken.None);
            await process.StopAsync(index % 2 == 0 ? TimeSpan.FromSeconds(30) : TimeSpan.Zero, CancellationToken.None);
        }));
    }

    private static string ResourceUse()
    {
        // Pipes, sockets, event queues; not the assemblies, which are loaded when they are first needed.
        var descriptors = Directory.GetFileSystemEntries("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) == false);
        var waiters = Directory.GetDirectories("/proc/self/task").Count(task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith("Wait for", StringComparison.Ordinal));
        var zombies = ProcessTable.Current.Snapshot().Count(entry => entry.ParentId == Environment.ProcessId && entry.HasEnded);
        return $"descriptors {descriptors} waiters {waiters} zombies {zombies}";
    }

    private static async Task<int> HoldPortsAsync(int count)
    {
        using var reservations = new PortReservations();
        for (var index = 0; index < count; index++)
        {
            Console.WriteLine(reservations.Reserve(preferred: null, fallBackWhenTaken: false).ToString(CultureInfo.InvariantCulture));
        }

        Console.WriteLine("held");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void Say(string what, ProcessIdentity? identity) =>
        Console.WriteLine(identity is { } process
            ? string.Create(CultureInfo.InvariantCulture, $"{what} {process.Id} {process.StartMark}")
            : $"{what} gone");
}
