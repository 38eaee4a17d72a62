using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Dashboard.Telemetry;

/// <summary>What a subscriber is told about.</summary>
[Flags]
internal enum TelemetryKind { None = 0, Traces = 1, Logs = 2, Metrics = 4, Resources = 8 }

/// <summary>The telemetry of this run, in memory and bounded: the oldest makes place. Every member may be used from several threads.</summary>
internal sealed class TelemetryStore
{
    private readonly ResourceRegistry _resources;
    private readonly ConcurrentDictionary<(string Name, string Version), InstrumentationScope> _scopes = new();
    private readonly LogStore _logs;
    private readonly TraceStore _traces;
    private readonly TrafficCounters _traffic;
    private readonly MetricStore _metrics;
    private readonly Subscriptions _subscriptions;
    private readonly DropCounter _droppedTraces = new(), _droppedLogs = new(), _droppedMetrics = new();

    public TelemetryStore()
        : this(new TelemetryLimits())
    {
    }

    public TelemetryStore(TelemetryLimits limits, IPeerResolver? peers = null, TimeProvider? time = null, ILogger<TelemetryStore>? logger = null)
    {
        Limits = limits;
        Time = time ?? TimeProvider.System;
        _resources = new ResourceRegistry(limits);
        _logs = new LogStore(limits);
        _traffic = new TrafficCounters(Time, peers ?? new NoPeers());
        _traces = new TraceStore(limits, _traffic);
        _metrics = new MetricStore(limits, Time);
        _subscriptions = new Subscriptions(logger ?? NullLogger<TelemetryStore>.Instance);
    }

    public TelemetryLimits Limits { get; }

    public TimeProvider Time { get; }

    /// <summary>Makes one string of equal ones.</summary>
    public StringPool Strings { get; } = new();

    /// <summary>Who has sent something, by name.</summary>
    public IReadOnlyList<TelemetryResource> Resources => _resources.All;

    public DroppedCounts DroppedTraces => _droppedTraces.Read(_traces.Evicted, _traces.Refused);

    public DroppedCounts DroppedLogs => _droppedLogs.Read(_logs.Evicted, 0);

    public DroppedCounts DroppedMetrics => _droppedMetrics.Read(_metrics.Evicted, _metrics.Refused);

    /// <summary>Log entries, the newest first. Text and filters are looked for in what is kept; when that takes long, the total is only what was counted when the page was full.</summary>
    public Found<LogEntry> GetLogs(LogQuery query, int skip, int take) => _logs.Get(query, skip, take);

    public LogEntry? GetLog(long sequence) => _logs.Get(sequence);

    /// <summary>The keys of attributes that log entries have had, for filters.</summary>
    public IReadOnlyList<string> LogAttributeKeys => _logs.Keys;

    /// <summary>Traces, the newest first, by the arrival of their first span. The total is as with <see cref="GetLogs"/>.</summary>
    public Found<TraceSummary> GetTraces(TraceQuery query, int skip, int take) => _traces.Get(query, skip, take);

    public Trace? GetTrace(TraceId id) => _traces.Get(id);

    public IReadOnlyList<string> SpanAttributeKeys => _traces.Keys;

    /// <summary>The instruments of a resource, by meter and name.</summary>
    public IReadOnlyList<Instrument> GetInstruments(string resource) => _metrics.GetInstruments(resource);

    /// <summary>
    /// An instrument over time; null when there is none of that name. An increase counts evenly over the time since the report before. The values of
    /// dimension sets are added up, those of a gauge are averaged.
    /// </summary>
    public MetricSeries? GetMetric(MetricQuery query) => _metrics.Get(query);

    /// <summary>The calls between resources in the last seconds, by the arrival of their spans.</summary>
    /// <param name="window">1 s to 5 min.</param>
    public IReadOnlyList<TrafficEdge> GetTraffic(TimeSpan window) => _traffic.Get(window);

    /// <summary>Adds spans, which join their traces.</summary>
    /// <returns>How many were refused: those of resources beyond the limit, beyond the limit of a trace, or that are there already.</returns>
    public int AddSpans(IReadOnlyList<Span> spans)
    {
        var changes = TelemetryKind.Traces;
        var accepted = Accept(spans, static span => span.Resource, ref changes);
        _droppedTraces.Refuse(spans.Count - accepted.Count);
        var refused = _traces.Add(accepted);
        _subscriptions.Notify(changes);
        return spans.Count - accepted.Count + refused;
    }

    /// <summary>Adds log records, which get their sequence numbers.</summary>
    /// <returns>How many were refused: those of resources beyond the limit.</returns>
    public int AddLogs(IReadOnlyList<LogEntry> entries)
    {
        var changes = TelemetryKind.Logs;
        var accepted = Accept(entries, static entry => entry.Resource, ref changes);
        _droppedLogs.Refuse(entries.Count - accepted.Count);
        _logs.Add(accepted);
        _subscriptions.Notify(changes);
        return entries.Count - accepted.Count;
    }

    /// <summary>Adds the points of instruments.</summary>
    /// <returns>How many points were refused: those of resources or instruments beyond the limit, older than what is there, or of another kind than the instrument.</returns>
    public int AddMetrics(IReadOnlyList<MetricData> metrics)
    {
        var changes = TelemetryKind.Metrics;
        var accepted = Accept(metrics, static metric => metric.Resource, ref changes);
        var unknown = ReferenceEquals(accepted, metrics) ? 0 : metrics.Except(accepted).Sum(m => m.Points.Count);
        _droppedMetrics.Refuse(unknown);
        var refused = _metrics.Add(accepted);
        _subscriptions.Notify(changes);
        return unknown + refused;
    }

    /// <summary>The known resource that is the same as this one; else this one.</summary>
    public TelemetryResource Share(TelemetryResource resource) => _resources.Share(resource);

    /// <summary>The one object for a scope; null when there are too many.</summary>
    public InstrumentationScope? ShareScope(string name, string version)
    {
        if (_scopes.TryGetValue((name, version), out var scope))
        {
            return scope;
        }

        return _scopes.Count < Limits.MaxScopeCount ? _scopes.GetOrAdd((name, version), static key => new InstrumentationScope(key.Name, key.Version)) : null;
    }

    /// <summary>Forgets what has been kept of some kinds, of one resource or of all. A trace goes when the resource has a part in it.</summary>
    public void Clear(TelemetryKind kinds, string? resource = null)
    {
        if (kinds.HasFlag(TelemetryKind.Traces))
        {
            _traces.Clear(resource);
        }

        if (kinds.HasFlag(TelemetryKind.Logs))
        {
            _logs.Clear(resource);
        }

        if (kinds.HasFlag(TelemetryKind.Metrics))
        {
            _metrics.Clear(resource);
        }

        if (kinds.HasFlag(TelemetryKind.Resources))
        {
            _resources.Clear(resource);
        }

        _subscriptions.Notify(kinds);
    }

    /// <summary>Calls back, on another thread and not more often than every 100 ms, after something of the kinds has arrived.</summary>
    /// <returns>Ends the subscription.</returns>
    public IDisposable Subscribe(TelemetryKind kinds, Action changed) => _subscriptions.Add(kinds, changed);

    /// <summary>Counts what a receiver did not take over.</summary>
    /// <param name="kind">One kind.</param>
    /// <param name="refused">Records.</param>
    /// <param name="truncated">Values, attributes, events or links that were cut.</param>
    public void CountDropped(TelemetryKind kind, int refused, int truncated)
    {
        var counter = kind switch
        {
            TelemetryKind.Traces => _droppedTraces,
            TelemetryKind.Logs => _droppedLogs,
            TelemetryKind.Metrics => _droppedMetrics,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Use one of Traces, Logs and Metrics."),
        };
        counter.Refuse(refused);
        counter.Truncate(truncated);
    }

    private IReadOnlyList<T> Accept<T>(IReadOnlyList<T> records, Func<T, TelemetryResource> resourceOf, ref TelemetryKind changes)
    {
        TelemetryResource? last = null;
        var known = true;
        List<T>? accepted = null;
        for (var i = 0; i < records.Count; i++)
        {
            var resource = resourceOf(records[i]);
            if (!ReferenceEquals(resource, last))
            {
                last = resource;
                known = _resources.Add(resource, out var isNew);
                changes |= isNew ? TelemetryKind.Resources : TelemetryKind.None;
            }

            if (!known)
            {
                accepted ??= [.. records.Take(i)];
            }
            else
            {
                accepted?.Add(records[i]);
            }
        }

        return accepted ?? records;
    }

    private sealed class DropCounter
    {
        private long _refused, _truncated;

        public void Refuse(int count) => Interlocked.Add(ref _refused, count);

        public void Truncate(int count) => Interlocked.Add(ref _truncated, count);

        public DroppedCounts Read(long evicted, long refused) => new(evicted, refused + Interlocked.Read(ref _refused), Interlocked.Read(ref _truncated));
    }

    private sealed class NoPeers : IPeerResolver
    {
        public string? Resolve(Span span) => null;
    }
}
