namespace Aspire.Hosting.Orchestration;

/// <summary>What is asked of a process from outside.</summary>
internal enum ProcessSignal
{
    /// <summary>To end by itself: SIGTERM, and SIGCONT so that a stopped process gets it. Nothing on Windows, where only the
    /// process that started it can ask.</summary>
    Terminate,

    /// <summary>To be gone: SIGKILL, TerminateProcess.</summary>
    Kill,
}

/// <summary>The system's processes. All that differs between systems in looking at and ending processes is behind this.</summary>
internal interface IProcessTable
{
    /// <summary>
    /// Names the table: host and, on Linux, process id namespace. Identities of another table mean nothing here, such as those in
    /// a home directory that a container or another machine shares.
    /// </summary>
    string Scope { get; }

    /// <summary>Changes with each boot; no process of another boot is alive.</summary>
    string Boot { get; }

    /// <summary>The entry that has this id now, or null.</summary>
    ProcessEntry? Read(int processId);

    /// <summary>All processes, as far as this user may see them.</summary>
    IReadOnlyList<ProcessEntry> Snapshot();

    /// <summary>Whether the process inherited the <see cref="RunMarker"/> of this run or child. False where it cannot be known.</summary>
    bool Carries(ProcessIdentity process, RunMarker marker);

    /// <summary>Signals exactly this process, never another that got its number. False when it is gone or may not be signalled.</summary>
    bool Signal(ProcessIdentity process, ProcessSignal signal);

    /// <summary>When the process started.</summary>
    DateTime StartTimeUtc(ProcessIdentity process);
}

/// <summary>The process table of this system.</summary>
internal static class ProcessTable
{
    /// <summary>The one instance; it has no state.</summary>
    public static IProcessTable Current { get; } = Create();

    /// <summary>The running process that has this id now, or null. A process that has ended but was not collected is not running.</summary>
    public static ProcessIdentity? Find(this IProcessTable table, int processId) =>
        table.Read(processId) is { HasEnded: false } entry ? entry.Identity : null;

    /// <summary>Whether the process is running.</summary>
    public static bool IsRunning(this IProcessTable table, ProcessIdentity process) => table.Find(process.Id) == process;

    /// <summary>The process that asks.</summary>
    public static ProcessIdentity Self(this IProcessTable table) =>
        table.Find(Environment.ProcessId) ?? throw new InvalidOperationException("The process table does not list the process that reads it. Is /proc mounted?");

    private static IProcessTable Create()
    {
        if (OperatingSystem.IsLinux())
        {
            return new LinuxProcessTable();
        }

        if (OperatingSystem.IsMacOS())
        {
            return new MacOSProcessTable();
        }

        if (OperatingSystem.IsWindows())
        {
            return new WindowsProcessTable();
        }

        throw new PlatformNotSupportedException("Processes can be supervised on Linux, macOS and Windows only.");
    }
}
