using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>The system calls that .NET does not offer, shared by Linux and macOS.</summary>
internal static partial class LibC
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <summary>No such process.</summary>
    public const int ESRCH = 3;

    /// <summary>SIGCONT has different numbers.</summary>
    public static int SigCont => OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>SIGSTOP has different numbers.</summary>
    public static int SigStop => OperatingSystem.IsMacOS() ? 17 : 19;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>Whether a descriptor has something to read.</summary>
    public static unsafe bool IsReadable(int descriptor)
    {
        const short pollIn = 1;
        var entry = new PollEntry { Descriptor = descriptor, Events = pollIn };
        return Poll(&entry, 1, 0) > 0 && (entry.Returned & pollIn) != 0;
    }

    // The count is a long on Linux and an int on macOS: the same register.
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);
}
