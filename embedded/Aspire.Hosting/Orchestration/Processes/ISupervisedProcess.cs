namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A running child and everything it started. Its tree never outlives it: when the process itself ends, whatever it left behind
/// is killed. Every member may be used from several threads and after the exit. Disposal kills what still runs.
/// </summary>
internal interface ISupervisedProcess : IRunningResource
{
    /// <summary>The process id.</summary>
    int Id { get; }

    /// <summary>
    /// Stops the process, and what it started in its process group, in their tracks until <see cref="Resume"/>. It can still be asked to end and killed.
    /// </summary>
    /// <returns>False when it has ended, or on Windows, which has nothing of the kind.</returns>
    bool Suspend();

    /// <summary>Lets it go on after <see cref="Suspend"/>.</summary>
    void Resume();

    /// <summary>Waits until what the process has written so far has been handed over, or gives up on that.</summary>
    /// <param name="timeout">How long it may take.</param>
    Task FlushOutputAsync(TimeSpan timeout);

    /// <summary>Kills the process and its whole tree, and waits until they are gone.</summary>
    /// <exception cref="TimeoutException">The system did not end the process although it was killed.</exception>
    Task KillAsync();
}
