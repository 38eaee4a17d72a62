using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// posix_spawn(3) and its kin. Unlike fork it is safe from managed code, and unlike System.Diagnostics.Process it can start a
/// process in a session of its own. Structures that the C library owns are opaque blocks larger than any known one.
/// </summary>
internal static unsafe partial class PosixSpawn
{
    public const int E2BIG = 7;
    public const int ENOEXEC = 8;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int ECHILD = 10;
    public const int EINTR = 4;

    private const int OpaqueSize = 1024;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short LinuxSetSession = 0x80;
    private const short MacSetSession = 0x400;
    private const short MacCloseOnExecByDefault = 0x4000;
    private const int ExecutePermission = 1;
    private const int WaitForId = 1;
    private const int WaitExited = 4;

    private static readonly delegate* unmanaged<void*, int, int> AddCloseFrom = FindAddCloseFrom();

    /// <summary>Whether this user may execute the file.</summary>
    public static bool MayExecute(string path) => Access(path, ExecutePermission) == 0;

    /// <summary>Starts a process in a session of its own with default signal handling.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arguments">All arguments, the first being the name.</param>
    /// <param name="environment">The whole environment as NAME=VALUE.</param>
    /// <param name="workingDirectory">The directory to start in.</param>
    /// <param name="input">The descriptor to become standard input, or null for an empty one.</param>
    /// <param name="output">The descriptor to become standard output.</param>
    /// <param name="error">The descriptor to become standard error.</param>
    /// <param name="processId">The new process.</param>
    /// <returns>0 or the error number.</returns>
    public static int Start(
        string path,
        IEnumerable<string> arguments,
        IEnumerable<string> environment,
        string workingDirectory,
        SafeHandle? input,
        SafeHandle output,
        SafeHandle error,
        out int processId)
    {
        byte* actions = stackalloc byte[OpaqueSize];
        byte* attributes = stackalloc byte[OpaqueSize];
        byte* signals = stackalloc byte[OpaqueSize];
        using var argumentBlock = new NativeStrings(arguments);
        using var environmentBlock = new NativeStrings(environment);
        using var held = new HeldHandles(input, output, error);
        processId = 0;

        Check(FileActionsInit(actions), "posix_spawn_file_actions_init");
        try
        {
            Check(AttributesInit(attributes), "posix_spawnattr_init");
            try
            {
                // The .NET runtime ignores SIGPIPE and handles more; what is ignored would stay so in the child, as would the mask.
                Check(SignalSetFill(signals), "sigfillset");
                Check(SignalSetRemove(signals, LibC.SigKill), "sigdelset");
                Check(AttributesSetSignalDefaults(attributes, signals), "posix_spawnattr_setsigdefault");
                Check(SignalSetEmpty(signals), "sigemptyset");
                Check(AttributesSetSignalMask(attributes, signals), "posix_spawnattr_setsigmask");
                var flags = OperatingSystem.IsMacOS() ? (short)(MacSetSession | MacCloseOnExecByDefault) : LinuxSetSession;
                Check(AttributesSetFlags(attributes, (short)(flags | SetSignalDefaults | SetSignalMask)), "posix_spawnattr_setflags");

                Check(AddChangeDirectory(actions, workingDirectory), "posix_spawn_file_actions_addchdir_np");
                Check(
                    input is null ? AddOpen(actions, 0, "/dev/null", 0, 0) : AddDuplicate(actions, held[0], 0),
                    "posix_spawn_file_actions (standard input)");
                Check(AddDuplicate(actions, held[1], 1), "posix_spawn_file_actions_adddup2");
                Check(AddDuplicate(actions, held[2], 2), "posix_spawn_file_actions_adddup2");
                if (AddCloseFrom != null)
                {
                    // .NET opens everything close-on-exec; what the AppHost itself inherited, or a native library opened, may not be.
                    Check(AddCloseFrom(actions, 3), "posix_spawn_file_actions_addclosefrom_np");
                }

                int child;
                var result = Spawn(&child, path, actions, attributes, argumentBlock.Pointer, environmentBlock.Pointer);
                processId = result == 0 ? child : 0;
                return result;
            }
            finally
            {
                _ = AttributesDestroy(attributes);
            }
        }
        finally
        {
            _ = FileActionsDestroy(actions);
        }
    }

    /// <summary>Blocks until the child has ended, and leaves it to be collected. False if there is no such child.</summary>
    public static bool WaitUntilEnded(int processId)
    {
        var waitNoCollect = OperatingSystem.IsMacOS() ? 0x20 : 0x0100_0000;
        byte* information = stackalloc byte[OpaqueSize];
        int result;
        do
        {
            result = WaitId(WaitForId, processId, information, WaitExited | waitNoCollect);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == EINTR);
        return result == 0;
    }

    /// <summary>Collects an ended child. Null if someone else has.</summary>
    public static ProcessExit? Collect(int processId)
    {
        int status;
        int result;
        do
        {
            result = WaitPid(processId, &status, 0);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == EINTR);

        // wait(2): the low seven bits are the signal, the next byte the exit code.
        return result != processId ? null
            : (status & 0x7f) is var signal and not 0 ? new ProcessExit(128 + signal, signal)
            : new ProcessExit((status >> 8) & 0xff, null);
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"{call} failed: {Marshal.GetPInvokeErrorMessage(result)} (error {result}).");
        }
    }

    private static delegate* unmanaged<void*, int, int> FindAddCloseFrom()
    {
        // In glibc since 2.34; musl has none, and macOS does it with a flag.
        var spawn = NativeLibrary.TryLoad("libc.so.6", out var library)
            && NativeLibrary.TryGetExport(library, "posix_spawn_file_actions_addclosefrom_np", out var address)
            ? address
            : 0;
        return (delegate* unmanaged<void*, int, int>)spawn;
    }

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(int* processId, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int FileActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int FileActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddChangeDirectory(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetSignalDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetSignalMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int SignalSetFill(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int SignalSetEmpty(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigdelset")]
    private static partial int SignalSetRemove(byte* signals, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int idType, int id, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int processId, int* status, int options);

    /// <summary>A zero-terminated array of zero-terminated UTF-8 strings.</summary>
    private readonly ref struct NativeStrings
    {
        private readonly int _count;

        public NativeStrings(IEnumerable<string> strings)
        {
            var list = strings.ToList();
            _count = list.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
            for (var index = 0; index < _count; index++)
            {
                Pointer[index] = (byte*)Marshal.StringToCoTaskMemUTF8(list[index]);
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (var index = 0; index < _count; index++)
            {
                Marshal.FreeCoTaskMem((nint)Pointer[index]);
            }

            NativeMemory.Free(Pointer);
        }
    }

    /// <summary>Keeps descriptors from being closed, and so from being reused, during a call.</summary>
    private readonly ref struct HeldHandles
    {
        private readonly SafeHandle?[] _handles;

        public HeldHandles(params SafeHandle?[] handles)
        {
            _handles = handles;
            foreach (var handle in handles)
            {
                var added = false;
                handle?.DangerousAddRef(ref added);
            }
        }

        public int this[int index] => (int)_handles[index]!.DangerousGetHandle();

        public void Dispose()
        {
            foreach (var handle in _handles)
            {
                handle?.DangerousRelease();
            }
        }
    }
}
