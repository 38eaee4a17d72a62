namespace Aspire.Hosting.Orchestration;

/// <summary>
/// One process for all time, or until the machine boots: a process id alone names whoever has the number today.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="StartMark">When it started, in the system's own unit and so without rounding: clock ticks since boot on Linux,
/// microseconds since 1970 on macOS, FILETIME on Windows.</param>
internal readonly record struct ProcessIdentity(int Id, long StartMark)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id} (start {StartMark})";
}

/// <summary>A row of the process table.</summary>
/// <param name="Identity">Which process.</param>
/// <param name="ParentId">Its parent now; an orphan has been handed to another.</param>
/// <param name="SessionId">Its session on Linux, its process group on macOS, 0 where there is no such thing. Either way the id of
/// the process that founded it, when that is a child that was started in a session of its own.</param>
/// <param name="HasEnded">Whether only the entry is left, because the parent has not collected it.</param>
internal readonly record struct ProcessEntry(ProcessIdentity Identity, int ParentId, int SessionId, bool HasEnded);
