using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The log of one resource: a bounded backlog and the watchers that follow it.</summary>
internal sealed class ResourceLog(Action<bool> subscribersChanged) : ILogger
{
    private const int BacklogCapacity = 10_000;
    private const int WatcherCapacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _backlog = new();
    private readonly Queue<string> _lastOutput = new();
    private readonly List<Channel<LogLine>> _watchers = [];
    private int _lineCount;

    public bool AnySubscribers
    {
        get
        {
            lock (_lock)
            {
                return _watchers.Count > 0;
            }
        }
    }

    public void Add(DateTime timestampUtc, string text, bool isError, bool isOutput)
    {
        var content = string.Create(CultureInfo.InvariantCulture, $"{timestampUtc:yyyy-MM-ddTHH:mm:ss.fffZ} {text}");
        lock (_lock)
        {
            var line = new LogLine(++_lineCount, content, isError);
            AddBounded(_backlog, line, BacklogCapacity);
            if (isOutput)
            {
                AddBounded(_lastOutput, text, 50);
            }

            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(line);
            }
        }
    }

    public IReadOnlyList<LogLine> Backlog()
    {
        lock (_lock)
        {
            return [.. _backlog];
        }
    }

    public IReadOnlyList<string> LastOutput(int count)
    {
        lock (_lock)
        {
            return [.. _lastOutput.Skip(_lastOutput.Count - count)];
        }
    }

    public void ClearBacklog()
    {
        lock (_lock)
        {
            _backlog.Clear();
            _lastOutput.Clear();
            _lineCount = 0;
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryComplete();
            }
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A watcher that does not keep up loses the oldest lines; their numbers show the gap.
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(WatcherCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        LogLine[] earlier;
        bool first;
        lock (_lock)
        {
            earlier = [.. _backlog];
            first = _watchers.Count == 0;
            _watchers.Add(channel);
        }

        if (first)
        {
            subscribersChanged(true);
        }

        try
        {
            if (earlier.Length > 0)
            {
                yield return earlier;
            }

            while (await channel.Reader.WaitToReadAsync(cancellationToken))
            {
                var batch = new List<LogLine>();
                while (channel.Reader.TryRead(out var line))
                {
                    batch.Add(line);
                }

                if (batch.Count > 0)
                {
                    yield return batch;
                }
            }
        }
        finally
        {
            bool last;
            lock (_lock)
            {
                last = _watchers.Remove(channel) && _watchers.Count == 0;
            }

            if (last)
            {
                subscribersChanged(false);
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var message = formatter(state, exception);
        var text = exception is null ? message : $"{message}{Environment.NewLine}{exception}";
        foreach (var line in text.Split('\n'))
        {
            Add(DateTime.UtcNow, line.TrimEnd('\r'), logLevel >= LogLevel.Error, isOutput: false);
        }
    }

    private static void AddBounded<T>(Queue<T> queue, T item, int capacity)
    {
        if (queue.Count == capacity)
        {
            queue.Dequeue();
        }

        queue.Enqueue(item);
    }
}
