using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Starts the processes of one run of an AppHost and sees to it that none outlives it. One per AppHost: it keeps the run's record
/// and its watchdog, and on its start ends what earlier runs left behind.
/// </summary>
internal sealed class ProcessSupervisor : IAsyncDisposable
{
    private readonly ILogger<ProcessSupervisor> _logger;
    private readonly ProcessSupervisorOptions _options;
    private readonly string _runId = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<SupervisedProcess, bool> _processes = new();
    private int _lastChild;
    private readonly Task _ready = Task.CompletedTask;
    private bool _disposed;

    public ProcessSupervisor(ILogger<ProcessSupervisor> logger, ProcessSupervisorOptions options)
    {
        _logger = logger;
        _options = options;
    }

    /// <summary>Completes when leftovers of earlier runs are gone; until then they may hold ports and files.</summary>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => _ready.WaitAsync(cancellationToken);

    /// <summary>Starts a process.</summary>
    /// <param name="spec">What to run.</param>
    /// <param name="onLine">Gets each line of output, one call at a time.</param>
    /// <param name="cancellationToken">Gives up before the process is started.</param>
    /// <exception cref="ProcessStartException">The process could not be started.</exception>
    public async Task<ISupervisedProcess> StartAsync(ProcessSpec spec, Action<ProcessOutputLine> onLine, CancellationToken cancellationToken)
    {
        await WhenReadyAsync(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var launched = ProcessLauncher.Current.Launch(new LaunchRequest(spec, new RunMarker(_runId, Interlocked.Increment(ref _lastChild))));
        var process = new SupervisedProcess(spec.Name, launched, onLine, _options, _logger, ended => _processes.TryRemove(ended, out _));
        _processes.TryAdd(process, true);
        return process;
    }

    /// <summary>Stops what still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await Task.WhenAll(_processes.Keys.Select(process => process.StopAsync(_options.DisposeGracePeriod, CancellationToken.None))).ConfigureAwait(false);
    }
}
