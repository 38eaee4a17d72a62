namespace Aspire.Dashboard.Telemetry;

/// <summary>The points of an instrument in a request.</summary>
internal sealed class MetricData
{
    public required TelemetryResource Resource { get; init; }
    public required string Meter { get; init; }
    public required string Name { get; init; }
    public string Unit { get; init; } = "";
    public string Description { get; init; } = "";
    public required InstrumentKind Kind { get; init; }

    /// <summary>Whether a point counts since the start (cumulative), or since the point before (delta). Without meaning for a gauge.</summary>
    public bool IsDelta { get; init; }
    public required IReadOnlyList<MetricDataPoint> Points { get; init; }
}

/// <summary>A point of a dimension set.</summary>
internal sealed class MetricDataPoint
{
    /// <summary>The dimensions, by key.</summary>
    public required IReadOnlyList<TelemetryAttribute> Attributes { get; init; }

    /// <summary>Since when it counts; null when that is not said.</summary>
    public DateTime? StartUtc { get; init; }
    public required DateTime TimeUtc { get; init; }

    /// <summary>The sum or the value; of a histogram, nothing.</summary>
    public double Value { get; init; }
    public HistogramData? Histogram { get; init; }
    public IReadOnlyList<Exemplar> Exemplars { get; init; } = [];
}

/// <summary>A histogram.</summary>
/// <param name="Layout">What its buckets stand for.</param>
/// <param name="Count">How many measurements.</param>
/// <param name="Buckets">Those that are not empty.</param>
internal sealed record HistogramData(BucketLayout Layout, long Count, IReadOnlyList<Bucket> Buckets);

/// <summary>How many measurements fell in a bucket.</summary>
internal readonly record struct Bucket(long Index, long Count);
