using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>One child of a <see cref="ProcessSupervisor"/> from its start to the last line of its output.</summary>
internal sealed class SupervisedProcess : ISupervisedProcess
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(5);

    private readonly string _name;
    private readonly ILaunchedProcess _process;
    private readonly OutputPump _output;
    private readonly ProcessSupervisorOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _killing = new(1);
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SupervisedProcess(
        string name,
        ILaunchedProcess process,
        Action<ProcessOutputLine> onLine,
        ProcessSupervisorOptions options,
        ILogger logger,
        Func<SupervisedProcess, Task> onEnded)
    {
        _name = name;
        _process = process;
        _options = options;
        _logger = logger;
        StartTimeUtc = process.Identity.StartMark == 0 ? DateTime.UtcNow : ProcessTable.Current.StartTimeUtc(process.Identity);
        _output = new OutputPump(name, process.StandardOutput, process.StandardError, onLine, options, logger);
        Exited = FollowAsync(onEnded);
    }

    public string Name => _name;

    public ProcessIdentity Identity => _process.Identity;

    public int Id => _process.Identity.Id;

    public DateTime StartTimeUtc { get; }

    public Task<ProcessExit> Exited { get; }

    /// <summary>The supervisor has entered the process in its books: from now on it may be struck off again.</summary>
    public void MarkRegistered() => _registered.TrySetResult();

    public async Task<ProcessExit> StopAsync(TimeSpan gracePeriod, CancellationToken cancellationToken)
    {
        if (gracePeriod > TimeSpan.Zero && !_process.Ended.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            _process.RequestStop();
            using var grace = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var ended = await Task.WhenAny(_process.Ended, Task.Delay(gracePeriod, grace.Token)).ConfigureAwait(false);
            await grace.CancelAsync().ConfigureAwait(false);
            if (ended != _process.Ended)
            {
                _logger.LogWarning("'{Name}' (process {ProcessId}) did not end within {Seconds:0.#} s of being asked to, and is killed.", _name, Id, gracePeriod.TotalSeconds);
            }
        }

        if (!_process.Ended.IsCompleted)
        {
            await KillTreeAsync().ConfigureAwait(false);
        }

        return await Exited.WaitAsync(_options.KillTimeout + _options.DrainTimeout + TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(false);
    }

    public bool Suspend() => !_process.Ended.IsCompleted && _process.Suspend();

    public void Resume()
    {
        if (!_process.Ended.IsCompleted)
        {
            _process.Resume();
        }
    }

    public async Task FlushOutputAsync(TimeSpan timeout)
    {
        var started = TimeProvider.System.GetTimestamp();
        // Twice, since bytes on their way from the pipe to the pump are seen in neither.
        for (var quiet = 0; !Exited.IsCompleted && TimeProvider.System.GetElapsedTime(started) < timeout;)
        {
            quiet = _process.HasUnreadOutput || !_output.IsIdle ? 0 : quiet + 1;
            if (quiet == 2)
            {
                return;
            }

            await Task.Delay(FlushInterval).ConfigureAwait(false);
        }
    }

    public Task KillAsync() => StopAsync(TimeSpan.Zero, CancellationToken.None);

    public async ValueTask DisposeAsync() => await KillAsync().ConfigureAwait(false);

    private async Task<ProcessExit> FollowAsync(Func<SupervisedProcess, Task> onEnded)
    {
        await _process.Ended.ConfigureAwait(false);
        // Before the number is given back, because until then it also names the session.
        await KillTreeAsync().ConfigureAwait(false);
        var exit = _process.Collect();
        await _registered.Task.ConfigureAwait(false);
        await onEnded(this).ConfigureAwait(false);
        await _output.DrainAsync(_options.DrainTimeout).ConfigureAwait(false);
        _output.Dispose();
        _process.Dispose();
        return exit;
    }

    private async Task KillTreeAsync()
    {
        await _killing.WaitAsync().ConfigureAwait(false);
        try
        {
            var remaining = await _process.KillTreeAsync(_options.KillTimeout).ConfigureAwait(false);
            if (remaining.Count > 0)
            {
                _logger.LogError("'{Name}' left processes that could not be killed: {Processes}. They may belong to another user; end them by hand.", _name, string.Join(", ", remaining));
            }
        }
        catch (IOException exception)
        {
            _logger.LogError(exception, "The processes that '{Name}' may have left behind could not be looked for. The watchdog looks again when the AppHost ends.", _name);
        }
        finally
        {
            _killing.Release();
        }
    }
}
