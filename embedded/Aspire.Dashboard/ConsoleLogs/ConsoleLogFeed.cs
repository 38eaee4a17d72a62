using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>Follows the logs of resources and holds what has arrived until the page takes it. It reads and parses on other threads than the page's.</summary>
internal sealed class ConsoleLogFeed : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly int _capacity;
    private readonly Action _arrived;
    private readonly List<Task> _tasks = [];
    private Queue<ConsoleLine> _pending = new();
    private long _lost;

    /// <summary>Starts with the recent lines of each log.</summary>
    /// <param name="loggers">The logs.</param>
    /// <param name="resources">Whose logs.</param>
    /// <param name="capacity">How many lines wait for the page; the oldest make place.</param>
    /// <param name="arrived">Called on another thread after lines have arrived.</param>
    public ConsoleLogFeed(ResourceLoggerService loggers, IEnumerable<string> resources, int capacity, Action arrived)
    {
        _capacity = capacity;
        _arrived = arrived;
        _tasks.AddRange(resources.Select(resource => Task.Run(() => FollowAsync(loggers, resource))));
    }

    /// <summary>How many lines wait.</summary>
    public int PendingCount
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Takes what has arrived.</summary>
    /// <returns>The lines, and how many were lost before them because nobody took them in time.</returns>
    public (IReadOnlyCollection<ConsoleLine> Lines, long Lost) Take()
    {
        lock (_lock)
        {
            var taken = (_pending, _lost);
            (_pending, _lost) = (new(), 0);
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_tasks);
        _ending.Dispose();
    }

    private async Task FollowAsync(ResourceLoggerService loggers, string resource)
    {
        var reader = new ConsoleLineReader(resource);
        var last = 0;
        try
        {
            await foreach (var batch in loggers.WatchAsync(resource).WithCancellation(_ending.Token))
            {
                ConsoleLine[] lines = [.. batch.Select(reader.Read)];
                lock (_lock)
                {
                    foreach (var line in lines)
                    {
                        // A gap in the numbers: the log itself did not wait for this reader.
                        if (last > 0 && line.Number > last + 1)
                        {
                            _lost += line.Number - last - 1;
                        }

                        last = line.Number;
                        if (_pending.Count == _capacity)
                        {
                            _pending.Dequeue();
                            _lost++;
                        }

                        _pending.Enqueue(line);
                    }
                }

                _arrived();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The page was left, or shows another resource.
        }
    }
}
