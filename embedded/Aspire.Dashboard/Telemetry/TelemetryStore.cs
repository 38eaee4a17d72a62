#pragma warning disable CA1822 // Filled in by the next change.
namespace Aspire.Dashboard.Telemetry;

/// <summary>What a subscriber is told about.</summary>
[Flags]
internal enum TelemetryKind { None = 0, Traces = 1, Logs = 2, Metrics = 4, Resources = 8 }

/// <summary>The telemetry of this run, in memory and bounded: the oldest makes place. Every member may be used from several threads.</summary>
internal sealed class TelemetryStore
{
    /// <summary>Who has sent something, by name.</summary>
    public IReadOnlyList<TelemetryResource> Resources => [];

    public DroppedCounts DroppedTraces => default;

    public DroppedCounts DroppedLogs => default;

    public DroppedCounts DroppedMetrics => default;

    /// <summary>Log entries, the newest first.</summary>
    public Found<LogEntry> GetLogs(LogQuery query, int skip, int take) => new([], 0);

    public LogEntry? GetLog(long sequence) => null;

    /// <summary>The keys of attributes that log entries have had, for filters.</summary>
    public IReadOnlyList<string> LogAttributeKeys => [];

    /// <summary>Traces, the newest first.</summary>
    public Found<TraceSummary> GetTraces(TraceQuery query, int skip, int take) => new([], 0);

    public Trace? GetTrace(TraceId id) => null;

    public IReadOnlyList<string> SpanAttributeKeys => [];

    /// <summary>The instruments of a resource, by meter and name.</summary>
    public IReadOnlyList<Instrument> GetInstruments(string resource) => [];

    /// <summary>An instrument over time; null when there is none of that name.</summary>
    public MetricSeries? GetMetric(MetricQuery query) => null;

    /// <summary>The calls between resources in the last seconds.</summary>
    public IReadOnlyList<TrafficEdge> GetTraffic(TimeSpan window) => [];

    /// <summary>Forgets what has been kept of some kinds, of one resource or of all.</summary>
    public void Clear(TelemetryKind kinds, string? resource = null)
    {
    }

    /// <summary>Calls back, on another thread and not more often than every 100 ms, after something of the kinds has arrived.</summary>
    /// <returns>Ends the subscription.</returns>
    public IDisposable Subscribe(TelemetryKind kinds, Action changed) => throw new NotImplementedException();
}
