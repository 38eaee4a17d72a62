namespace Aspire.Dashboard.Telemetry;

/// <summary>What an instrument measures.</summary>
internal enum InstrumentKind { Counter, UpDownCounter, Gauge, Histogram }

/// <summary>An instrument of a meter of a resource.</summary>
internal sealed record Instrument(string Resource, string Meter, string Name, string Unit, string Description, InstrumentKind Kind);

/// <summary>A dimension of an instrument, with every value seen.</summary>
internal sealed record Dimension(string Key, IReadOnlyList<string> Values);

/// <summary>A measurement that was kept as an example, with the trace it was made in.</summary>
internal sealed record Exemplar(DateTime TimeUtc, double Value, TraceId TraceId, SpanId SpanId);

/// <summary>What to show of an instrument.</summary>
internal sealed record MetricQuery
{
    public required string Resource { get; init; }
    public required string Meter { get; init; }
    public required string Name { get; init; }
    public required DateTime FromUtc { get; init; }
    public required DateTime ToUtc { get; init; }

    /// <summary>How many equal steps the time is divided into, 1 to 600.</summary>
    public int Steps { get; init; } = 60;

    /// <summary>For some dimensions, the values that count; a dimension that is absent counts with all its values.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Dimensions { get; init; } = new Dictionary<string, IReadOnlySet<string>>();
}

/// <summary>One step of time of an instrument, over all dimensions that count.</summary>
/// <param name="EndUtc">The end of the step.</param>
/// <param name="Value">A counter: the increase per second. An up-down counter or gauge: the last value. A histogram: measurements per second. Null when nothing was reported.</param>
/// <param name="P50">A histogram's 50th percentile, interpolated in its bucket; null otherwise.</param>
/// <param name="P90">The 90th.</param>
/// <param name="P99">The 99th.</param>
internal readonly record struct MetricPoint(DateTime EndUtc, double? Value, double? P50, double? P90, double? P99);

/// <summary>An instrument over time.</summary>
internal sealed record MetricSeries(Instrument Instrument, IReadOnlyList<MetricPoint> Points, IReadOnlyList<Dimension> Dimensions, IReadOnlyList<Exemplar> Exemplars);

/// <summary>Calls between two resources over a window of time, from spans.</summary>
/// <param name="Source">The caller; null is somebody outside the model.</param>
/// <param name="Target">The called resource.</param>
/// <param name="PerSecond">Calls per second.</param>
/// <param name="ErrorsPerSecond">Of these, the failed ones.</param>
internal sealed record TrafficEdge(string? Source, string Target, double PerSecond, double ErrorsPerSecond);

/// <summary>What was not kept, and why; counted since the start.</summary>
/// <param name="Evicted">Older records that made place for newer ones.</param>
/// <param name="Refused">Records that were malformed or beyond a limit.</param>
/// <param name="Truncated">Values, attributes, events or links that were cut to a limit.</param>
internal readonly record struct DroppedCounts(long Evicted, long Refused, long Truncated);
