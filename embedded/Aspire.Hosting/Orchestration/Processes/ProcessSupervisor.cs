using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Starts the processes of one run of an AppHost and sees to it that none outlives it. One per AppHost: it keeps the run's record
/// and its watchdog, and on its start ends what earlier runs left behind. Create it early, since that goes on in the background.
/// </summary>
internal sealed class ProcessSupervisor : IAsyncDisposable
{
    private readonly ILogger<ProcessSupervisor> _logger;
    private readonly ProcessSupervisorOptions _options;
    private readonly string _runId = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<SupervisedProcess, bool> _processes = new();
    private readonly Task<Run> _run;
    private int _lastChild;
    private int _disposed;

    public ProcessSupervisor(ILogger<ProcessSupervisor> logger, ProcessSupervisorOptions options)
    {
        _logger = logger;
        _options = options;
        _run = Task.Run(BeginRunAsync);
    }

    /// <summary>The watchdog that runs now, if one does.</summary>
    internal ProcessIdentity? Watchdog => _run.IsCompletedSuccessfully ? _run.Result.Watchdog?.Current : null;

    /// <summary>
    /// Completes when leftovers of earlier runs are gone; until then they may hold ports and files. Starting a process waits for it.
    /// </summary>
    /// <exception cref="ProcessStartException">No process can be started: the run record cannot be written.</exception>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => _run.WaitAsync(cancellationToken);

    /// <summary>Starts a process. It may be called from several threads.</summary>
    /// <param name="spec">What to run.</param>
    /// <param name="onLine">Gets each line of output, one call at a time. It should return soon: see
    /// <see cref="ProcessSupervisorOptions.SlowConsumerPatience"/>.</param>
    /// <param name="cancellationToken">Gives up before the process is started.</param>
    /// <exception cref="ProcessStartException">The process could not be started.</exception>
    /// <exception cref="ObjectDisposedException">The supervisor has been disposed.</exception>
    public async Task<ISupervisedProcess> StartAsync(ProcessSpec spec, Action<ProcessOutputLine> onLine, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var run = await _run.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (run.Watchdog is { } watchdog)
        {
            await watchdog.WhenHoldingAsync(cancellationToken).ConfigureAwait(false);
        }

        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        var launched = ProcessLauncher.Current.Launch(new LaunchRequest(spec, new RunMarker(_runId, Interlocked.Increment(ref _lastChild))));
        var process = new SupervisedProcess(spec.Name, launched, onLine, _options, _logger, ended => ForgetAsync(run, ended));
        try
        {
            _processes.TryAdd(process, true);
            await run.AddAsync(process).ConfigureAwait(false);
            process.MarkRegistered();
            // A disposal that began after the first look may not have seen this process.
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return process;
        }
        catch (Exception exception)
        {
            process.MarkRegistered();
            await process.DisposeAsync().ConfigureAwait(false);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new ProcessStartException($"'{spec.Name}' cannot start: the run record '{run.Record.Location}' cannot be written ({exception.Message}). Free space, or make its directory writable for this user.", exception);
            }

            throw;
        }
    }

    /// <summary>Stops what still runs, each with the grace period of the options, and sends the watchdog home.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await ((Task)_run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_run.IsCompletedSuccessfully)
        {
            // Whoever wanted to start a process has been told; without a run there is nothing to end.
            return;
        }

        var run = _run.Result;
        // Again until none is left, because a start may have been under way. If a process cannot be killed, this fails, and leaves
        // the rest to the watchdog and the record.
        while (!_processes.IsEmpty)
        {
            await Task.WhenAll(_processes.Keys.Select(process => process.StopAsync(_options.DisposeGracePeriod, CancellationToken.None))).ConfigureAwait(false);
        }

        if (run.Watchdog is { } watchdog)
        {
            await watchdog.DisposeAsync().ConfigureAwait(false);
        }

        run.Record.Delete();
    }

    private async Task<Run> BeginRunAsync()
    {
        var table = ProcessTable.Current;
        var self = table.Self();
        var record = new RunRecordFile(_options.RunsDirectory, new RunRecord
        {
            RunId = _runId,
            Scope = table.Scope,
            Boot = table.Boot,
            AppHost = RecordedProcess.From(self, "AppHost"),
        });
        var watchdog = ProcessLauncher.Current.ChildrenEndWithParent
            ? null
            : new WatchdogLink(
                new WatchdogArguments(self, _runId, record.Location),
                identity => record.Update(current => current with { Watchdog = RecordedProcess.From(identity, "watchdog") }),
                _options,
                _logger);
        try
        {
            await new LeftoverReaper(_options.RunsDirectory, table, _logger).ReapAsync(_runId).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not a reason to refuse this run.
            _logger.LogError(exception, "Whether earlier runs left processes behind could not be found out: '{Directory}' could not be read. Check its permissions.", _options.RunsDirectory);
        }

        return new Run(record, watchdog);
    }

    private async Task ForgetAsync(Run run, SupervisedProcess process)
    {
        try
        {
            await run.RemoveAsync(process).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A stale entry does no harm: the process that it names is gone, and a successor of the number is not it.
            _logger.LogWarning(exception, "The run record '{Path}' could not be updated.", run.Record.Location);
        }

        _processes.TryRemove(process, out _);
    }

    private sealed record Run(RunRecordFile Record, WatchdogLink? Watchdog)
    {
        public async Task AddAsync(SupervisedProcess process)
        {
            if (Watchdog is not null)
            {
                await Watchdog.AddAsync(process.Identity).ConfigureAwait(false);
            }

            Record.Update(record => record with { Children = [.. record.Children, RecordedProcess.From(process.Identity, process.Name)] });
        }

        public async Task RemoveAsync(SupervisedProcess process)
        {
            Record.Update(record => record with { Children = [.. record.Children.Where(child => child.Identity != process.Identity)] });
            if (Watchdog is not null)
            {
                await Watchdog.RemoveAsync(process.Identity).ConfigureAwait(false);
            }
        }
    }
}
