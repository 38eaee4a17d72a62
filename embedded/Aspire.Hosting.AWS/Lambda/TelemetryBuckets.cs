using System.Diagnostics.Metrics;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>The bounds of histograms.</summary>
internal static class TelemetryBuckets
{
    /// <summary>In seconds, as the semantic conventions want them for <c>http.server.request.duration</c> (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/).</summary>
    public static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };
}
