namespace Aspire.Hosting.Orchestration;

/// <summary>
/// What runs for a resource from one start to its end: a process of its own, or something in the app host that stands in for one. Every
/// member may be used from several threads and after the end. Disposal ends what still runs.
/// </summary>
internal interface IRunningResource : IAsyncDisposable
{
    /// <summary>When it started; for a process, by the system's account of it.</summary>
    DateTime StartTimeUtc { get; }

    /// <summary>
    /// Completes, and never fails, when it has ended: for a process, when the rest of its tree is gone and its output has been handed over.
    /// </summary>
    Task<ProcessExit> Exited { get; }

    /// <summary>
    /// Asks it to end, and ends it by force if it is still there after <paramref name="gracePeriod"/>. A process is asked by SIGTERM
    /// (Ctrl+Break on Windows), and killed with its whole tree.
    /// </summary>
    /// <param name="gracePeriod">How long it may take; <see cref="TimeSpan.Zero"/> ends it by force at once.</param>
    /// <param name="cancellationToken">Ends the grace period early. It does not abandon the stop.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="TimeoutException">The system did not end the process although it was killed.</exception>
    Task<ProcessExit> StopAsync(TimeSpan gracePeriod, CancellationToken cancellationToken);
}
