namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A running child and everything it started. Its tree never outlives it: when the process itself ends, whatever it left behind
/// is killed. Every member may be used from several threads and after the exit. Disposal kills what still runs.
/// </summary>
internal interface ISupervisedProcess : IRunningResource
{
    /// <summary>The process id.</summary>
    int Id { get; }

    /// <summary>Kills the process and its whole tree, and waits until they are gone.</summary>
    /// <exception cref="TimeoutException">The system did not end the process although it was killed.</exception>
    Task KillAsync();
}
