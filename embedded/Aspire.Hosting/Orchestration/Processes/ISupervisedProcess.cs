namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A running child and everything it started. Its tree never outlives it: when the process itself ends, whatever it left behind
/// is killed. Every member may be used from several threads and after the exit. Disposal kills what still runs.
/// </summary>
internal interface ISupervisedProcess : IAsyncDisposable
{
    /// <summary>The process id.</summary>
    int Id { get; }

    /// <summary>When the process started, by the system's account of it.</summary>
    DateTime StartTimeUtc { get; }

    /// <summary>
    /// Completes, and never fails, when the process has ended, the rest of its tree is gone and its output has been handed over.
    /// </summary>
    Task<ProcessExit> Exited { get; }

    /// <summary>
    /// Asks the process to end (SIGTERM; Ctrl+Break on Windows), and kills its whole tree if it is still there after
    /// <paramref name="gracePeriod"/>.
    /// </summary>
    /// <param name="gracePeriod">How long the process may take; <see cref="TimeSpan.Zero"/> kills at once.</param>
    /// <param name="cancellationToken">Ends the grace period early. It does not abandon the stop.</param>
    /// <returns>How the process ended.</returns>
    /// <exception cref="TimeoutException">The system did not end the process although it was killed.</exception>
    Task<ProcessExit> StopAsync(TimeSpan gracePeriod, CancellationToken cancellationToken);

    /// <summary>Kills the process and its whole tree, and waits until they are gone.</summary>
    /// <exception cref="TimeoutException">The system did not end the process although it was killed.</exception>
    Task KillAsync();
}
