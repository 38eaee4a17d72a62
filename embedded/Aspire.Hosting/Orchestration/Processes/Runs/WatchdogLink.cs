using System.Text;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// The AppHost's end of its watchdog: starts it, tells it of children, starts another when it dies, and says goodbye. What is
/// written to the pipe stays there when the AppHost dies, so a watchdog protects from the moment it is started, not only from when
/// it has come up.
/// </summary>
internal sealed class WatchdogLink : IAsyncDisposable
{
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ByeTimeout = TimeSpan.FromSeconds(3);

    // It never gives up: without a watchdog a killed AppHost would leave its children until the next start.
    private static readonly RestartBackoffOptions Restarts = new()
    {
        InitialDelay = TimeSpan.FromMilliseconds(50),
        MaxDelay = TimeSpan.FromSeconds(10),
        MaxCrashes = int.MaxValue,
    };

    private readonly WatchdogArguments _arguments;
    private readonly Action<ProcessIdentity> _onStarted;
    private readonly ProcessSupervisorOptions _options;
    private readonly ILogger _logger;
    private readonly HashSet<ProcessIdentity> _children = [];
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _supervision;
    private TaskCompletionSource _holding = NewHolding();
    private ILaunchedProcess? _current;

    public WatchdogLink(WatchdogArguments arguments, Action<ProcessIdentity> onStarted, ProcessSupervisorOptions options, ILogger logger)
    {
        _arguments = arguments;
        _onStarted = onStarted;
        _options = options;
        _logger = logger;
        _supervision = Task.Run(SuperviseAsync);
    }

    /// <summary>The watchdog that runs now, if one does.</summary>
    public ProcessIdentity? Current => Volatile.Read(ref _current)?.Identity;

    /// <summary>Completes when a watchdog holds.</summary>
    /// <exception cref="ProcessStartException">None can be started.</exception>
    public async Task WhenHoldingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Volatile.Read(ref _holding).Task.WaitAsync(_options.WatchdogTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new ProcessStartException($"No process can be started: the watchdog that would end it after a crash of the AppHost does not stay up ('{_options.WatchdogPath}'). The log has its last output.", exception);
        }
    }

    /// <summary>A child has started.</summary>
    public Task AddAsync(ProcessIdentity child) => ChangeAsync(child, WatchdogProtocol.Started(child), add: true);

    /// <summary>A child and its tree are gone.</summary>
    public Task RemoveAsync(ProcessIdentity child) => ChangeAsync(child, WatchdogProtocol.Ended(child), add: false);

    /// <summary>Everything has been stopped: the watchdog is not needed any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _supervision.ConfigureAwait(false);
        _closing.Dispose();
        _sending.Dispose();
    }

    private static TaskCompletionSource NewHolding()
    {
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Nobody may be waiting when it fails; those who come later still get the failure.
        _ = holding.Task.ContinueWith(task => task.Exception, TaskScheduler.Default);
        return holding;
    }

    private async Task SuperviseAsync()
    {
        var backoff = new RestartBackoff(Restarts, TimeProvider.System);
        var hasFailed = false;
        while (!_closing.IsCancellationRequested)
        {
            backoff.OnStarted();
            try
            {
                hasFailed = !await RunOneAsync(mustBeReadyToHold: hasFailed).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is ProcessStartException or IOException or UnauthorizedAccessException)
            {
                _logger.LogError(exception, "The watchdog could not be started. Until it can, a killed AppHost leaves its processes to the next start.");
                Interlocked.Exchange(ref _holding, NewHolding()).TrySetException(exception);
                hasFailed = true;
            }

            try
            {
                await Task.Delay(backoff.OnCrashed().Delay, _closing.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The loop ends by its condition.
            }
        }
    }

    /// <summary>Runs a watchdog to its end. True if it ever came up.</summary>
    private async Task<bool> RunOneAsync(bool mustBeReadyToHold)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lastLines = new Queue<string>();
        var process = ProcessLauncher.Current.Launch(new LaunchRequest(Spec(), new RunMarker("watchdog-" + _arguments.RunId, 1), WithInput: true));
        using var output = new OutputPump("watchdog", process.StandardOutput, process.StandardError, OnLine, _options, _logger);
        try
        {
            _onStarted(process.Identity);
            await ConnectAsync(process).ConfigureAwait(false);
            if (mustBeReadyToHold)
            {
                await Task.WhenAny(ready.Task, process.Ended, Task.Delay(Timeout.Infinite, _closing.Token)).ConfigureAwait(false);
            }

            if (!process.Ended.IsCompleted)
            {
                _holding.TrySetResult();
            }

            await WaitForEndAsync(process).ConfigureAwait(false);
        }
        finally
        {
            await DisconnectAsync(process).ConfigureAwait(false);
            await process.KillTreeAsync(_options.KillTimeout).ConfigureAwait(false);
            await process.Ended.ConfigureAwait(false);
            var exit = process.Collect();
            await output.DrainAsync(_options.DrainTimeout).ConfigureAwait(false);
            process.Dispose();
            if (!_closing.IsCancellationRequested)
            {
                _logger.LogWarning("The watchdog (process {ProcessId}) ended: {Exit}. Another is started. {Output}", process.Identity.Id, exit, string.Join(Environment.NewLine, lastLines));
            }
        }

        return ready.Task.IsCompleted;

        void OnLine(ProcessOutputLine line)
        {
            if (!line.IsError && line.Text == WatchdogProtocol.Ready)
            {
                _logger.LogDebug("The watchdog (process {ProcessId}) is up.", process.Identity.Id);
                ready.TrySetResult();
                return;
            }

            lastLines.Enqueue(line.Text);
            if (lastLines.Count > 20)
            {
                lastLines.Dequeue();
            }
        }
    }

    /// <summary>Until the process ends, or the supervisor closes and the goodbye has been heard.</summary>
    private async Task WaitForEndAsync(ILaunchedProcess process)
    {
        await Task.WhenAny(process.Ended, Task.Delay(Timeout.Infinite, _closing.Token)).ConfigureAwait(false);
        if (process.Ended.IsCompleted)
        {
            return;
        }

        await _sending.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await SendAsync(process, [WatchdogProtocol.Bye]).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }

        try
        {
            await process.Ended.WaitAsync(ByeTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("The watchdog (process {ProcessId}) did not end within {Seconds:0} s of the goodbye, and is killed.", process.Identity.Id, ByeTimeout.TotalSeconds);
        }
    }

    private async Task ConnectAsync(ILaunchedProcess process)
    {
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            Volatile.Write(ref _current, process);
            await SendAsync(process, _children.Select(WatchdogProtocol.Started)).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task DisconnectAsync(ILaunchedProcess process)
    {
        await _sending.WaitAsync().ConfigureAwait(false);
        Interlocked.CompareExchange(ref _current, null, process);
        if (_holding.Task.IsCompleted)
        {
            Volatile.Write(ref _holding, NewHolding());
        }

        _sending.Release();
    }

    private async Task ChangeAsync(ProcessIdentity child, string line, bool add)
    {
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            _ = add ? _children.Add(child) : _children.Remove(child);
            if (Volatile.Read(ref _current) is { } current)
            {
                await SendAsync(current, [line]).ConfigureAwait(false);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task SendAsync(ILaunchedProcess process, IEnumerable<string> lines)
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        if (bytes.Length == 0)
        {
            return;
        }

        try
        {
            using var timeout = new CancellationTokenSource(WriteTimeout);
            await process.StandardInput!.WriteAsync(bytes, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Dead, or not listening. Its successor is told of all children at once.
            _logger.LogDebug(exception, "The watchdog (process {ProcessId}) does not listen, and is replaced.", process.Identity.Id);
            ProcessTable.Current.Signal(process.Identity, ProcessSignal.Kill);
        }
    }

    private ProcessSpec Spec()
    {
        var path = _options.WatchdogPath;
        if (!File.Exists(path) || !File.Exists(Path.ChangeExtension(path, ".runtimeconfig.json")))
        {
            // An assembly inside a single file has no path.
            throw new ProcessStartException($"No process can be started: the watchdog '{(path.Length > 0 ? path : "Aspire.Hosting.Orchestration.dll")}' and its runtimeconfig.json are not beside the AppHost. Build the AppHost again, and do not publish it as a single file.");
        }

        return new ProcessSpec(
            "watchdog",
            DotNetHost.Path,
            ["exec", path, .. _arguments.ToList()],
            Path.GetDirectoryName(_arguments.RecordPath)!,
            new Dictionary<string, string>
            {
                // What a developer attaches to the AppHost is not meant for this process, which should start fast and stay small.
                ["DOTNET_STARTUP_HOOKS"] = "",
                ["CORECLR_ENABLE_PROFILING"] = "0",
                ["DOTNET_EnableDiagnostics"] = "0",
                ["DOTNET_gcServer"] = "0",
                ["DOTNET_TieredPGO"] = "0",
            });
    }
}
