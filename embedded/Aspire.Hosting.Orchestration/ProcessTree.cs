namespace Aspire.Hosting.Orchestration;

/// <summary>
/// The processes that belong to a run or to one child of it: the roots, their descendants, the members of their sessions and,
/// wherever they went, those that carry the marker. What was once seen to belong is remembered, because a process loses its
/// parent as soon as that is killed.
/// </summary>
/// <param name="table">The system's processes.</param>
/// <param name="marker">What the members have in their environment.</param>
/// <param name="notBefore">The start mark before which no member was born; spares reading the environment of everything else.</param>
internal sealed class ProcessTree(IProcessTable table, RunMarker marker, long notBefore)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(80);
    private readonly HashSet<ProcessIdentity> _roots = [];
    private readonly HashSet<ProcessIdentity> _known = [];

    /// <summary>Adds a process whose whole tree belongs.</summary>
    public void AddRoot(ProcessIdentity root)
    {
        _roots.Add(root);
        _known.Add(root);
    }

    /// <summary>Looks at the process table.</summary>
    /// <returns>The members that run now.</returns>
    public IReadOnlyList<ProcessIdentity> Find()
    {
        var snapshot = table.Snapshot();
        var byId = new Dictionary<int, ProcessEntry>(snapshot.Count);
        foreach (var entry in snapshot)
        {
            byId[entry.Identity.Id] = entry;
        }

        // A session's number is only proof while the process that gave it is still in the table (if only as a zombie).
        var sessions = _roots.Where(root => byId.TryGetValue(root.Id, out var entry) && entry.Identity == root).Select(root => root.Id).ToHashSet();

        foreach (var entry in snapshot)
        {
            if (!entry.HasEnded
                && entry.Identity.Id != Environment.ProcessId
                && !_known.Contains(entry.Identity)
                && entry.Identity.StartMark >= notBefore
                && (sessions.Contains(entry.SessionId) || DescendsFromKnown(entry, byId) || table.Carries(entry.Identity, marker)))
            {
                _known.Add(entry.Identity);
            }
        }

        return [.. snapshot.Where(entry => !entry.HasEnded && _known.Contains(entry.Identity)).Select(entry => entry.Identity)];
    }

    /// <summary>
    /// Kills all members, and looks again until none is left: a process may fork while its tree is being read.
    /// </summary>
    /// <returns>The processes that were killed, and those that are still there after <paramref name="timeout"/>.</returns>
    public async Task<(IReadOnlyCollection<ProcessIdentity> Killed, IReadOnlyCollection<ProcessIdentity> Remaining)> KillAsync(TimeSpan timeout)
    {
        var started = TimeProvider.System.GetTimestamp();
        var killed = new HashSet<ProcessIdentity>();
        var emptyScans = 0;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var members = Find();
            foreach (var member in members)
            {
                if (table.Signal(member, ProcessSignal.Kill))
                {
                    killed.Add(member);
                }
            }

            // The second look catches a child that was being created, and so was in no table yet, during the first.
            emptyScans = members.Count == 0 ? emptyScans + 1 : 0;
            if (emptyScans == 2 || TimeProvider.System.GetElapsedTime(started) > timeout)
            {
                return (killed, members);
            }

            await Task.Delay(pause).ConfigureAwait(false);
        }
    }

    private bool DescendsFromKnown(ProcessEntry entry, Dictionary<int, ProcessEntry> byId)
    {
        // Bounded, because a table that is read while it changes may have a cycle.
        for (var depth = 0; depth < 256 && byId.TryGetValue(entry.ParentId, out var parent); depth++)
        {
            // A parent is older than its child; a younger one has only inherited the number.
            if (parent.Identity.StartMark > entry.Identity.StartMark || parent.Identity.Id == entry.Identity.Id)
            {
                return false;
            }

            if (_known.Contains(parent.Identity))
            {
                return true;
            }

            entry = parent;
        }

        return false;
    }
}
