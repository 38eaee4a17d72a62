namespace Aspire.Hosting.Orchestration;

/// <summary>Starts processes apart from the AppHost's terminal: Ctrl+C there reaches the AppHost only, which stops them in order.</summary>
internal interface IProcessLauncher
{
    /// <summary>Whether the system itself ends the children with the AppHost, so that no watchdog is needed.</summary>
    bool ChildrenEndWithParent { get; }

    /// <summary>Starts a process with pipes on its output.</summary>
    /// <exception cref="ProcessStartException">It could not be started.</exception>
    ILaunchedProcess Launch(LaunchRequest request);
}

/// <summary>What a launcher needs to know.</summary>
/// <param name="Spec">What to run.</param>
/// <param name="Marker">What the process and its descendants are recognised by.</param>
/// <param name="WithInput">Whether standard input is a pipe; otherwise it is empty.</param>
internal sealed record LaunchRequest(ProcessSpec Spec, RunMarker Marker, bool WithInput = false)
{
    /// <summary>The whole environment of the process.</summary>
    public Dictionary<string, string> BuildEnvironment()
    {
        var comparer = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var environment = new Dictionary<string, string>(comparer);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        foreach (var (name, value) in Spec.Environment)
        {
            environment[name] = value;
        }

        environment[RunMarker.Variable] = Marker.ToVariableValue();
        return environment;
    }
}

/// <summary>A process of ours. The launcher keeps its number from being reused until it is collected.</summary>
internal interface ILaunchedProcess : IDisposable
{
    /// <summary>Which process.</summary>
    ProcessIdentity Identity { get; }

    /// <summary>What it writes to standard output.</summary>
    Stream StandardOutput { get; }

    /// <summary>What it writes to standard error.</summary>
    Stream StandardError { get; }

    /// <summary>What it reads from standard input, if that was asked for.</summary>
    Stream? StandardInput { get; }

    /// <summary>Whether it has written something that is still in the pipes. False where the system does not tell.</summary>
    bool HasUnreadOutput { get; }

    /// <summary>Completes when the process has ended, before it is collected.</summary>
    Task Ended { get; }

    /// <summary>Asks the process to end.</summary>
    void RequestStop();

    /// <summary>Stops the process group in its tracks. False where that cannot be done.</summary>
    bool Suspend();

    /// <summary>Lets the process group go on.</summary>
    void Resume();

    /// <summary>Kills the process and its tree. Returns what could not be killed in time.</summary>
    Task<IReadOnlyCollection<ProcessIdentity>> KillTreeAsync(TimeSpan timeout);

    /// <summary>After <see cref="Ended"/>: gives the process id back to the system.</summary>
    ProcessExit Collect();
}

/// <summary>The launcher of this system.</summary>
internal static class ProcessLauncher
{
    /// <summary>The one instance.</summary>
    public static IProcessLauncher Current { get; } = OperatingSystem.IsWindows() ? new WindowsProcessLauncher() : new PosixProcessLauncher();
}
