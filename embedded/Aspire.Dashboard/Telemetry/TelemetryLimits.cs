using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// How much telemetry is kept: section <c>Dashboard:TelemetryLimits</c>. The names that Aspire has too are Aspire's; the others bound what Aspire leaves open.
/// </summary>
internal sealed record TelemetryLimits
{
    public const string Section = "Dashboard:TelemetryLimits";

    /// <summary>Log records, the oldest makes place.</summary>
    public int MaxLogCount { get; init; } = 10_000;

    /// <summary>Traces, the one that began to arrive first makes place.</summary>
    public int MaxTraceCount { get; init; } = 10_000;

    /// <summary>Points of one dimension set of an instrument; one a second is kept.</summary>
    public int MaxMetricsCount { get; init; } = 3_600;

    /// <summary>Attributes of a resource, span, event, link, log record or data point.</summary>
    public int MaxAttributeCount { get; init; } = 128;

    /// <summary>Characters of an attribute's value, a log message, a name.</summary>
    public int MaxAttributeLength { get; init; } = 32 * 1024;

    /// <summary>Events of a span.</summary>
    public int MaxSpanEventCount { get; init; } = 128;

    /// <summary>Links of a span.</summary>
    public int MaxSpanLinkCount { get; init; } = 128;

    /// <summary>Spans of a trace.</summary>
    public int MaxSpansPerTrace { get; init; } = 10_000;

    /// <summary>Resources, an instance of a service being one.</summary>
    public int MaxResourceCount { get; init; } = 1_000;

    /// <summary>Instrumentation scopes.</summary>
    public int MaxScopeCount { get; init; } = 1_000;

    /// <summary>Instruments of the resources of one name.</summary>
    public int MaxInstrumentCount { get; init; } = 1_000;

    /// <summary>Dimension sets of an instrument, those of every instance counted; the one without news for longest makes place.</summary>
    public int MaxDimensionSetCount { get; init; } = 1_000;

    /// <summary>Exemplars of an instrument.</summary>
    public int MaxExemplarCount { get; init; } = 200;

    /// <summary>Distinct keys of attributes offered for filters.</summary>
    public int MaxAttributeKeyCount { get; init; } = 2_000;

    /// <summary>How long metrics are kept.</summary>
    public TimeSpan MetricsRetention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bytes of memory for traces, as estimated from their parts.</summary>
    public long MaxTraceBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of memory for log records.</summary>
    public long MaxLogBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of memory for metrics.</summary>
    public long MaxMetricsBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of a request's body as sent. gRPC's own default.</summary>
    public int MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of a request's body after decompression.</summary>
    public int MaxDecompressedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidOperationException">A value is no number, or out of its range: which, and what it may be.</exception>
    public static TelemetryLimits Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var defaults = new TelemetryLimits();
        return new TelemetryLimits
        {
            MaxLogCount = Number(nameof(MaxLogCount), defaults.MaxLogCount, 1, 1_000_000),
            MaxTraceCount = Number(nameof(MaxTraceCount), defaults.MaxTraceCount, 1, 1_000_000),
            MaxMetricsCount = Number(nameof(MaxMetricsCount), defaults.MaxMetricsCount, 2, 100_000),
            MaxAttributeCount = Number(nameof(MaxAttributeCount), defaults.MaxAttributeCount, 1, 10_000),
            MaxAttributeLength = Number(nameof(MaxAttributeLength), defaults.MaxAttributeLength, 1, 16 * 1024 * 1024),
            MaxSpanEventCount = Number(nameof(MaxSpanEventCount), defaults.MaxSpanEventCount, 0, 100_000),
            MaxSpanLinkCount = Number(nameof(MaxSpanLinkCount), defaults.MaxSpanLinkCount, 0, 100_000),
            MaxSpansPerTrace = Number(nameof(MaxSpansPerTrace), defaults.MaxSpansPerTrace, 1, 1_000_000),
            MaxResourceCount = Number(nameof(MaxResourceCount), defaults.MaxResourceCount, 1, 100_000),
            MaxScopeCount = Number(nameof(MaxScopeCount), defaults.MaxScopeCount, 1, 100_000),
            MaxInstrumentCount = Number(nameof(MaxInstrumentCount), defaults.MaxInstrumentCount, 1, 100_000),
            MaxDimensionSetCount = Number(nameof(MaxDimensionSetCount), defaults.MaxDimensionSetCount, 1, 100_000),
            MaxExemplarCount = Number(nameof(MaxExemplarCount), defaults.MaxExemplarCount, 0, 100_000),
            MaxAttributeKeyCount = Number(nameof(MaxAttributeKeyCount), defaults.MaxAttributeKeyCount, 1, 100_000),
            MaxTraceBytes = Bytes(nameof(MaxTraceBytes), defaults.MaxTraceBytes),
            MaxLogBytes = Bytes(nameof(MaxLogBytes), defaults.MaxLogBytes),
            MaxMetricsBytes = Bytes(nameof(MaxMetricsBytes), defaults.MaxMetricsBytes),
            MaxRequestBytes = Number(nameof(MaxRequestBytes), defaults.MaxRequestBytes, 1024, 1024 * 1024 * 1024),
            MaxDecompressedBytes = Number(nameof(MaxDecompressedBytes), defaults.MaxDecompressedBytes, 1024, 1024 * 1024 * 1024),
            MetricsRetention = Time(nameof(MetricsRetention), defaults.MetricsRetention, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
        };

        int Number(string name, int value, int least, int most) => (int)Integer(name, value, least, most);

        long Bytes(string name, long value) => Integer(name, value, 64 * 1024, 16L * 1024 * 1024 * 1024);

        long Integer(string name, long value, long least, long most)
        {
            var text = section[name];
            return string.IsNullOrEmpty(text) ? value
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) && parsed >= least && parsed <= most ? parsed
                : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{Section}:{name} is '{text}': use a whole number from {least} to {most}."));
        }

        TimeSpan Time(string name, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            var text = section[name];
            return string.IsNullOrEmpty(text) ? value
                : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var parsed) && parsed >= least && parsed <= most ? parsed
                : throw new InvalidOperationException($"{Section}:{name} is '{text}': use a time from {least:c} to {most:c}, for example 01:00:00.");
        }
    }
}
