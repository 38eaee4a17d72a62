using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Tests.Pages;

/// <summary>Telemetry to show.</summary>
internal static class TelemetryData
{
    public static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static readonly TraceId Id = new(0xabc, 0xdef);

    public static readonly InstrumentationScope Scope = new("Tests", "1.0");

    /// <summary>A span that begins and lasts so many milliseconds.</summary>
    public static Span Span(ulong id, ulong parent, double from, double length, string name = "step", string resource = "api", SpanKind kind = SpanKind.Internal, params TelemetryAttribute[] attributes) => new()
    {
        Resource = new TelemetryResource(resource, ""),
        Scope = Scope,
        TraceId = Id,
        SpanId = new SpanId(id),
        ParentSpanId = new SpanId(parent),
        Name = name,
        Kind = kind,
        StartUtc = Start.AddMilliseconds(from),
        Duration = TimeSpan.FromMilliseconds(length),
        Status = SpanStatus.Unset,
        Attributes = attributes,
    };

    public static Trace Trace(params Span[] spans) => new()
    {
        TraceId = Id,
        Spans = spans,
        Root = spans[0],
        StartUtc = spans.Min(span => span.StartUtc),
        Duration = TimeSpan.Zero,
        HasError = false,
    };

    public static LogEntry Log(string message, LogSeverity severity = LogSeverity.Information, string resource = "api", params TelemetryAttribute[] attributes) => new()
    {
        Resource = new TelemetryResource(resource, ""),
        Scope = Scope,
        TimeUtc = Start,
        Severity = severity,
        Message = message,
        TraceId = Id,
        SpanId = new SpanId(1),
        Attributes = attributes,
    };
}
