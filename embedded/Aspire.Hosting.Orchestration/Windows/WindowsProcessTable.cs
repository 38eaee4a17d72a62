using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Process handles. Trees are not looked for here: on Windows a job object holds them. Not exercised by the tests, which run on Linux.
/// </summary>
internal sealed class WindowsProcessTable : IProcessTable
{
    public string Scope { get; } = Environment.MachineName;

    /// <remarks>Start marks are absolute times here, so identities of another boot differ by themselves.</remarks>
    public string Boot => "";

    public ProcessEntry? Read(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return new ProcessEntry(new ProcessIdentity(processId, process.StartTime.ToFileTimeUtc()), 0, 0, process.HasExited);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // Gone, or of another user: not one of ours either way.
            return null;
        }
    }

    public IReadOnlyList<ProcessEntry> Snapshot()
    {
        var entries = new List<ProcessEntry>();
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (Read(process.Id) is { } entry)
                {
                    entries.Add(entry);
                }
            }
        }

        return entries;
    }

    public bool Carries(ProcessIdentity process, RunMarker marker) => false;

    public bool Signal(ProcessIdentity process, ProcessSignal signal)
    {
        if (signal != ProcessSignal.Kill)
        {
            return false;
        }

        try
        {
            using var found = Process.GetProcessById(process.Id);
            if (found.StartTime.ToFileTimeUtc() != process.StartMark)
            {
                return false;
            }

            found.Kill();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    public DateTime StartTimeUtc(ProcessIdentity process) => DateTime.FromFileTimeUtc(process.StartMark);
}
