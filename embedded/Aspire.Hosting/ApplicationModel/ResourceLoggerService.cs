using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log.</summary>
/// <param name="LineNumber">Its number, from 1.</param>
/// <param name="Content">The text, with its time in front.</param>
/// <param name="IsErrorMessage">Whether it came from standard error or is an error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Whether anybody watches the log of a resource.</summary>
/// <param name="Name">The resource.</param>
/// <param name="AnySubscribers">Whether anybody does.</param>
public readonly record struct LogSubscriber(string Name, bool AnySubscribers);

/// <summary>The logs of the resources: their output, and what the app host has to say about each.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _subscriberLock = new();
    private readonly List<Channel<LogSubscriber>> _subscriberWatchers = [];

    /// <summary>The log of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The log.</returns>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return LogOf(resource.Name);
    }

    /// <summary>The log of a resource.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <returns>The log.</returns>
    public ILogger GetLogger(string resourceName) => LogOf(resourceName);

    /// <summary>The recent lines of a resource's log, then every new one, in batches.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The lines; the sequence ends when the log is completed.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    /// <summary>The recent lines of a resource's log, then every new one, in batches.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <returns>The lines; the sequence ends when the log is completed.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).WatchAsync();

    /// <summary>The recent lines of a resource's log.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The lines.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetAllAsync(resource.Name);
    }

    /// <summary>The recent lines of a resource's log.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <returns>The lines.</returns>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask;
        var lines = LogOf(resourceName).Backlog();
        if (lines.Count > 0)
        {
            yield return lines;
        }
    }

    /// <summary>Says for each resource whether anybody watches its log, and each time that changes.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The changes.</returns>
    public async IAsyncEnumerable<LogSubscriber> WatchAnySubscribersAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<LogSubscriber>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_subscriberLock)
        {
            foreach (var (name, log) in _logs)
            {
                if (log.AnySubscribers)
                {
                    channel.Writer.TryWrite(new(name, AnySubscribers: true));
                }
            }

            _subscriberWatchers.Add(channel);
        }

        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
            await foreach (var change in channel.Reader.ReadAllAsync(ending.Token))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_subscriberLock)
            {
                _subscriberWatchers.Remove(channel);
            }
        }
    }

    /// <summary>Ends the watches of a resource's log.</summary>
    /// <param name="resource">The resource.</param>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        Complete(resource.Name);
    }

    /// <summary>Ends the watches of a resource's log.</summary>
    /// <param name="name">The resource.</param>
    public void Complete(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_logs.TryGetValue(name, out var log))
        {
            log.Complete();
        }
    }

    /// <summary>Forgets the lines of a resource's log.</summary>
    /// <param name="resourceName">The resource.</param>
    public void ClearBacklog(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        if (_logs.TryGetValue(resourceName, out var log))
        {
            log.ClearBacklog();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposing.Cancel();
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Adds a line of a resource's output.</summary>
    internal void AddOutput(string resourceName, DateTime timestampUtc, string text, bool isError) => LogOf(resourceName).Add(timestampUtc, text, isError, isOutput: true);

    /// <summary>The last lines that a resource itself wrote, without their times.</summary>
    internal IReadOnlyList<string> GetLastLines(string resourceName, int count) => LogOf(resourceName).LastOutput(count);

    private ResourceLog LogOf(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return _logs.GetOrAdd(resourceName, static (name, owner) => new ResourceLog(any => owner.SubscribersChanged(name, any)), this);
    }

    private void SubscribersChanged(string name, bool any)
    {
        lock (_subscriberLock)
        {
            foreach (var watcher in _subscriberWatchers)
            {
                watcher.Writer.TryWrite(new(name, any));
            }
        }
    }
}
