using System.Diagnostics;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>
/// Lets requests through to the database once it is reachable and prepared, and turns them away soon while it is not.
/// </summary>
/// <remarks>
/// While the server is there the gate costs one comparison. After a loss, as at the start, the next request (or health check, or the
/// background service) begins one shared attempt to reach and prepare the database, and everyone waits for that one. A server that
/// refuses connections fails the attempt after <see cref="RefusalPatience"/>, long before the driver's server selection gives up;
/// a server that is merely slow gets the whole time. Preparing again after a loss is cheap, and needed: the server may have come back with other data.
/// </remarks>
internal sealed partial class DatabaseGate(
    Lazy<SchoolDatabase> database,
    Lazy<DatabasePreparation> preparation,
    ConnectionState connection,
    ILogger<DatabaseGate> logger) : IDisposable
{
    // Two probes of the driver, which come 500 ms apart, must have failed.
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan RefusalPolling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AttemptDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CallerPatience = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task? _attempt;
    private bool _reportedAway;
    private volatile int _preparedAtLosses = -1;

    /// <summary>Whether the database is prepared and was not lost since.</summary>
    public bool IsOpen => _preparedAtLosses == connection.Losses;

    /// <summary>Returns at once when the database is ready, otherwise after a shared attempt to make it so.</summary>
    /// <exception cref="DatabaseUnavailableException">The attempt failed, or takes longer than a request should wait.</exception>
    public ValueTask EnterAsync(CancellationToken cancellationToken)
        => IsOpen ? ValueTask.CompletedTask : new ValueTask(WaitForAttemptAsync(cancellationToken));

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task WaitForAttemptAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SharedAttempt().WaitAsync(CallerPatience, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new DatabaseUnavailableException("The database is still being prepared.", exception);
        }
    }

    private Task SharedAttempt()
    {
        lock (_lock)
        {
            if (_attempt is null or { IsCompleted: true })
            {
                ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
                // On a thread of the pool: creating the client is synchronous work that no request should carry.
                _attempt = Task.Run(AttemptAsync);
            }

            return _attempt;
        }
    }

    private async Task AttemptAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        deadline.CancelAfter(AttemptDeadline);
        try
        {
            var losses = connection.Losses;
            await ReachAsync(deadline.Token);
            await preparation.Value.RunAsync(deadline.Token);
            _preparedAtLosses = losses;
            _reportedAway = false;
            LogReady();
        }
        catch (Exception exception)
        {
            if (!_reportedAway && !_stopping.IsCancellationRequested)
            {
                _reportedAway = true;
                // A refused connection has no story to tell; anything else may be a password or an index, so the log gets all of it.
                LogAway(exception.Message, exception is DatabaseUnavailableException ? null : exception);
            }

            throw exception as DatabaseUnavailableException ?? new DatabaseUnavailableException("The database is not ready.", exception);
        }
    }

    private async Task ReachAsync(CancellationToken cancellationToken)
    {
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var ping = database.Value.PingAsync(abandon.Token);

        while (await Task.WhenAny(ping, Task.Delay(RefusalPolling, abandon.Token)) != ping)
        {
            if (Stopwatch.GetElapsedTime(started) > RefusalPatience && connection.IsRefused)
            {
                await abandon.CancelAsync();
                break;
            }
        }

        try
        {
            await ping;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DatabaseUnavailableException("MongoDB does not accept connections.");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database is ready")]
    private partial void LogReady();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is not ready, and requests that need it are answered with 503 until it is: {Reason}")]
    private partial void LogAway(string reason, Exception? exception);
}
