using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>libproc and sysctl. Not exercised by the tests, which run on Linux.</summary>
internal sealed unsafe partial class MacOSProcessTable : IProcessTable
{
    private const int ProcPidTaskBsdInfo = 3;
    private const int CtlKern = 1;
    private const int KernProcArgs2 = 49;
    private const uint StatusZombie = 5;

    public string Scope { get; } = Environment.MachineName;

    /// <remarks>Start marks are absolute times here, so identities of another boot differ by themselves.</remarks>
    public string Boot => "";

    public ProcessEntry? Read(int processId) => ReadEntry(processId);

    public IReadOnlyList<ProcessEntry> Snapshot()
    {
        var ids = new int[Math.Max(1024, ListAllProcesses(null, 0) * 2)];
        int count;
        fixed (int* pointer = ids)
        {
            count = ListAllProcesses(pointer, ids.Length * sizeof(int));
        }

        var entries = new List<ProcessEntry>(Math.Max(count, 0));
        foreach (var processId in ids.AsSpan(0, Math.Clamp(count, 0, ids.Length)))
        {
            if (ReadEntry(processId) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    public bool Carries(ProcessIdentity process, RunMarker marker)
    {
        // The block is the number of arguments, the path, the arguments and the environment, all ended by zero bytes.
        int* name = stackalloc int[] { CtlKern, KernProcArgs2, process.Id };
        nuint length = 0;
        if (SysCtl(name, 3, null, &length, null, 0) != 0 || length == 0)
        {
            return false;
        }

        var block = new byte[length];
        fixed (byte* pointer = block)
        {
            return SysCtl(name, 3, pointer, &length, null, 0) == 0
                && marker.IsIn(block.AsSpan(0, (int)length))
                && this.IsRunning(process);
        }
    }

    public bool Signal(ProcessIdentity process, ProcessSignal signal)
    {
        if (!this.IsRunning(process))
        {
            return false;
        }

        return signal == ProcessSignal.Kill
            ? LibC.Kill(process.Id, LibC.SigKill) == 0
            : LibC.Kill(process.Id, LibC.SigTerm) == 0 && LibC.Kill(process.Id, LibC.SigCont) == 0;
    }

    public DateTime StartTimeUtc(ProcessIdentity process) => DateTime.UnixEpoch.AddMicroseconds(process.StartMark);

    private static ProcessEntry? ReadEntry(int processId)
    {
        BsdInfo info;
        return PidInfo(processId, ProcPidTaskBsdInfo, 0, &info, sizeof(BsdInfo)) == sizeof(BsdInfo)
            ? new ProcessEntry(
                new ProcessIdentity(processId, ((long)info.StartSeconds * 1_000_000) + (long)info.StartMicroseconds),
                (int)info.ParentId,
                (int)info.GroupId,
                info.Status == StatusZombie)
            : null;
    }

    [LibraryImport("libproc", EntryPoint = "proc_listallpids", SetLastError = true)]
    private static partial int ListAllProcesses(int* buffer, int size);

    [LibraryImport("libproc", EntryPoint = "proc_pidinfo", SetLastError = true)]
    private static partial int PidInfo(int processId, int flavor, ulong argument, void* buffer, int size);

    [LibraryImport("libc", EntryPoint = "sysctl", SetLastError = true)]
    private static partial int SysCtl(int* name, uint nameLength, void* oldValue, nuint* oldLength, void* newValue, nuint newLength);

    /// <summary><c>struct proc_bsdinfo</c> of sys/proc_info.h, 136 bytes; what is not used is left unnamed.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 136)]
    private struct BsdInfo
    {
        [FieldOffset(4)]
        public uint Status;

        [FieldOffset(16)]
        public uint ParentId;

        [FieldOffset(100)]
        public uint GroupId;

        [FieldOffset(120)]
        public ulong StartSeconds;

        [FieldOffset(128)]
        public ulong StartMicroseconds;
    }
}
