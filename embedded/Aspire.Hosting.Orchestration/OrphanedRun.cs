namespace Aspire.Hosting.Orchestration;

/// <summary>What was done about a run whose AppHost is gone.</summary>
/// <param name="Ended">The processes that ended by it.</param>
/// <param name="Remaining">Those that could not be ended.</param>
internal sealed record OrphanedRunResult(IReadOnlyCollection<ProcessIdentity> Ended, IReadOnlyCollection<ProcessIdentity> Remaining);

/// <summary>Ends the processes of a run whose AppHost is gone: the same for the watchdog and for the next AppHost's start.</summary>
internal static class OrphanedRun
{
    /// <summary>How long the children may take to end by themselves (a database closes its files), out of the 5 s after which
    /// nothing of a run may be left.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>Asks the run's children to end, and after the grace period kills all that is left of the run.</summary>
    /// <param name="table">The system's processes.</param>
    /// <param name="runId">The run.</param>
    /// <param name="children">Its children as far as they are known. Who no longer is who it was then is left alone.</param>
    /// <param name="appHostStartMark">When the AppHost started; nothing older belongs to the run.</param>
    public static async Task<OrphanedRunResult> EndAsync(
        IProcessTable table,
        string runId,
        IEnumerable<ProcessIdentity> children,
        long appHostStartMark)
    {
        var tree = new ProcessTree(table, new RunMarker(runId, Child: 0), appHostStartMark);
        var roots = children.ToList();
        roots.ForEach(tree.AddRoot);
        var ended = new HashSet<ProcessIdentity>(tree.Find());
        var asked = roots.FindAll(root => table.Signal(root, ProcessSignal.Terminate));
        if (asked.Count > 0)
        {
            var started = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(started) < GracePeriod && asked.Exists(table.IsRunning))
            {
                await Task.Delay(Pause).ConfigureAwait(false);
                // Looked at again and again, because a parent that ends takes the trace to its children with it.
                ended.UnionWith(tree.Find());
            }
        }

        var (killed, remaining) = await tree.KillAsync(KillTimeout).ConfigureAwait(false);
        ended.UnionWith(killed);
        ended.ExceptWith(remaining);
        return new OrphanedRunResult(ended, remaining);
    }
}
