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

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);
}
