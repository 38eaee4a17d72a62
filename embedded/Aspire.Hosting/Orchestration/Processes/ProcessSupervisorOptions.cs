namespace Aspire.Hosting.Orchestration;

/// <summary>Limits of a <see cref="ProcessSupervisor"/>.</summary>
internal sealed class ProcessSupervisorOptions
{
    /// <summary>The directory of the run records. Default: <c>aspire-embedded/runs</c> under the local application data.</summary>
    public string RunsDirectory { get; set; } = Path.Combine(EmbeddedPaths.LocalApplicationData, "runs");

    /// <summary>The watchdog's assembly, with its runtimeconfig.json beside it. Default: the one beside the AppHost.</summary>
    public string WatchdogPath { get; set; } = typeof(Watchdog).Assembly.Location;

    /// <summary>How long a start waits for a watchdog, after one has failed. Default: 15 s.</summary>
    public TimeSpan WatchdogTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest piece of a line that is handed over in one go, in bytes. Default: 16 KiB.</summary>
    public int MaxLineBytes { get; set; } = 16 * 1024;

    /// <summary>How many lines of one process wait for a slow consumer before the process is held up. Default: 1,024.</summary>
    public int MaxPendingLines { get; set; } = 1024;

    /// <summary>How long a slow consumer may hold a process up before lines are dropped (and counted). Default: 5 s.</summary>
    public TimeSpan SlowConsumerPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait, after a process and its tree have ended, for the rest of its output. Default: 3 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long killed processes may take to vanish. Default: 10 s.</summary>
    public TimeSpan KillTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The grace period of processes that still run when the supervisor is disposed. Default: 5 s.</summary>
    public TimeSpan DisposeGracePeriod { get; set; } = TimeSpan.FromSeconds(5);
}
