using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>/proc, and process descriptors (pidfd) to signal without a race: see proc_pid_stat(5), pidfd_open(2).</summary>
internal sealed partial class LinuxProcessTable : IProcessTable
{
    // The same numbers on every architecture that .NET runs on: system calls have been numbered alike since Linux 5.1.
    private const int SysPidfdSendSignal = 424;
    private const int SysPidfdOpen = 434;
    private const int ScClockTicks = 2;
    private static readonly double TicksPerSecond = SysConf(ScClockTicks) is var ticks and > 0 ? ticks : 100;

    public string Scope { get; } = $"{Environment.MachineName}/{PidNamespace()}";

    public string Boot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    public ProcessEntry? Read(int processId) => ReadEntry(processId);

    public IReadOnlyList<ProcessEntry> Snapshot()
    {
        var entries = new List<ProcessEntry>(256);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
                && ReadEntry(processId) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    public bool Carries(ProcessIdentity process, RunMarker marker) =>
        ReadFile($"/proc/{process.Id}/environ") is { } environment && marker.IsIn(environment) && this.IsRunning(process);

    public bool Signal(ProcessIdentity process, ProcessSignal signal)
    {
        var descriptor = (int)SystemCall(SysPidfdOpen, process.Id, 0, 0, 0);
        if (descriptor < 0)
        {
            // Old kernels and some sandboxes have no pidfd: the identity is checked just before instead.
            return Marshal.GetLastPInvokeError() != LibC.ESRCH
                && this.IsRunning(process)
                && Send(signal, number => LibC.Kill(process.Id, number));
        }

        try
        {
            // The descriptor pins the process: if the identity matches now, the signal cannot reach a successor of the number.
            return this.IsRunning(process)
                && Send(signal, number => (int)SystemCall(SysPidfdSendSignal, descriptor, number, 0, 0));
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    public DateTime StartTimeUtc(ProcessIdentity process)
    {
        var uptime = File.ReadAllText("/proc/uptime");
        var seconds = double.Parse(uptime.AsSpan(0, uptime.IndexOf(' ')), CultureInfo.InvariantCulture);
        return DateTime.UtcNow - TimeSpan.FromSeconds(seconds - (process.StartMark / TicksPerSecond));
    }

    private static bool Send(ProcessSignal signal, Func<int, int> send) => signal switch
    {
        ProcessSignal.Kill => send(LibC.SigKill) == 0,
        _ => send(LibC.SigTerm) == 0 && send(LibC.SigCont) == 0,
    };

    /// <summary>
    /// <c>4711 (name) S 1 4711 4711 0 -1 4194304 … </c>: the name may hold spaces and parentheses, so what follows is counted from
    /// the last closing one. Of what follows, state is 0, parent 1, session 3, threads 17, start 19.
    /// </summary>
    private static ProcessEntry? ReadEntry(int processId)
    {
        if (ReadFile($"/proc/{processId}/stat") is not { Length: > 0 } bytes)
        {
            return null;
        }

        var text = Encoding.Latin1.GetString(bytes);
        Span<Range> fields = stackalloc Range[21];
        var rest = text.AsSpan(text.LastIndexOf(')') + 2);
        if (rest.Split(fields, ' ') < 21)
        {
            return null;
        }

        var state = rest[fields[0]];
        // A thread group whose first thread has ended looks like a zombie while its other threads still run.
        var hasEnded = state is "X" || (state is "Z" && Number(rest[fields[17]]) <= 1);
        return new ProcessEntry(
            new ProcessIdentity(processId, Number(rest[fields[19]])),
            (int)Number(rest[fields[1]]),
            (int)Number(rest[fields[3]]),
            hasEnded);
    }

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>The file of a process, or null when the process has gone or belongs to someone else.</summary>
    private static byte[]? ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException
            || (exception is IOException && exception.HResult == LibC.ESRCH))
        {
            return null;
        }
    }

    private static string PidNamespace() => new FileInfo("/proc/self/ns/pid").LinkTarget ?? "pid";

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial nint SysConf(int name);
}
