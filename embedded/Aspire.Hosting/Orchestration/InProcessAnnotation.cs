using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Something in the app host itself stands in for the process that the resource is modelled as. Waiting, states, commands, restarts and
/// stopping are those of a process.
/// </summary>
/// <param name="start">Starts it, each time the resource is started; it runs when the task completes. Throws what keeps it from running.</param>
internal sealed class InProcessAnnotation(Func<InProcessContext, Task<IRunningResource>> start) : IResourceAnnotation
{
    public Func<InProcessContext, Task<IRunningResource>> Start { get; } = start;
}

/// <summary>What something that stands in for a process is made from.</summary>
internal sealed class InProcessContext
{
    public required IResource Resource { get; init; }

    /// <summary>The process that the model describes, with the values of its environment and arguments.</summary>
    public required ProcessSpec Process { get; init; }

    /// <summary>The endpoints of the resource, all with addresses: it listens on <see cref="AllocatedEndpoint.Port"/>.</summary>
    public required IReadOnlyList<AllocatedEndpoint> Endpoints { get; init; }

    /// <summary>Starts the processes that it needs.</summary>
    public required ProcessSupervisor Supervisor { get; init; }

    /// <summary>Adds a line to the resource's output.</summary>
    public required Action<ProcessOutputLine> WriteLine { get; init; }

    /// <summary>Changes what is published about the resource.</summary>
    public required ResourceNotificationService Notifications { get; init; }

    public required IServiceProvider Services { get; init; }

    /// <summary>Writes to the resource's log.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Gives up starting.</summary>
    public required CancellationToken CancellationToken { get; init; }
}
