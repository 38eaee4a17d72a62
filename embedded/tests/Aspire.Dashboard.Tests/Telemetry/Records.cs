using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Tests.Telemetry;

/// <summary>Records for the store.</summary>
internal static class Records
{
    public static readonly DateTime Start = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);
    private static readonly InstrumentationScope Scope = new("scope", "");

    public static TelemetryResource Resource(string name, string instance = "") => new(name, instance);

    public static Span Span(string resource, ulong trace, ulong id, ulong parent = 0, SpanKind kind = SpanKind.Internal, string name = "work", bool failed = false, double start = 0, double length = 1, params TelemetryAttribute[] attributes) => new()
    {
        Resource = Resource(resource),
        Scope = Scope,
        TraceId = new TraceId(1, trace),
        SpanId = new SpanId(id),
        ParentSpanId = new SpanId(parent),
        Name = name,
        Kind = kind,
        StartUtc = Start.AddSeconds(start),
        Duration = TimeSpan.FromSeconds(length),
        Status = failed ? SpanStatus.Error : SpanStatus.Unset,
        Attributes = attributes,
    };

    public static LogEntry Log(string resource, string message, LogSeverity severity = LogSeverity.Information, ulong trace = 0, params TelemetryAttribute[] attributes) => new()
    {
        Resource = Resource(resource),
        Scope = Scope,
        TimeUtc = Start,
        Severity = severity,
        Message = message,
        TraceId = new TraceId(0, trace),
        Attributes = attributes,
    };
}

/// <summary>A clock that is set.</summary>
internal sealed class SetTime(DateTime now) : TimeProvider
{
    public DateTime Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => new(Now);
}
