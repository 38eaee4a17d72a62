namespace Aspire.Dashboard.Telemetry;

/// <summary>An attribute; its value as people read it. Arrays and maps are JSON.</summary>
internal readonly record struct TelemetryAttribute(string Key, string Value);

/// <summary>Who sent something: a service and its instance (semantic conventions, service.*).</summary>
/// <param name="Name"><c>service.name</c>: for what the app host starts, the resource's name.</param>
/// <param name="InstanceId"><c>service.instance.id</c>; empty when it has none.</param>
internal sealed record TelemetryResource(string Name, string InstanceId)
{
    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];
}

/// <summary>The library that made something.</summary>
internal sealed record InstrumentationScope(string Name, string Version);

/// <summary>The values of OTLP's SpanKind.</summary>
internal enum SpanKind { Unspecified = 0, Internal = 1, Server = 2, Client = 3, Producer = 4, Consumer = 5 }

/// <summary>The values of OTLP's StatusCode.</summary>
internal enum SpanStatus { Unset = 0, Ok = 1, Error = 2 }

/// <summary>Something that happened during a span.</summary>
internal sealed record SpanEvent(DateTime TimeUtc, string Name, IReadOnlyList<TelemetryAttribute> Attributes);

/// <summary>Another span that a span has to do with.</summary>
internal sealed record SpanLink(TraceId TraceId, SpanId SpanId, IReadOnlyList<TelemetryAttribute> Attributes);

/// <summary>An operation with a beginning and an end. Immutable.</summary>
internal sealed class Span
{
    public required TelemetryResource Resource { get; init; }
    public required InstrumentationScope Scope { get; init; }
    public required TraceId TraceId { get; init; }
    public required SpanId SpanId { get; init; }

    /// <summary>The span that this one is part of; empty at the root.</summary>
    public required SpanId ParentSpanId { get; init; }
    public required string Name { get; init; }
    public required SpanKind Kind { get; init; }
    public required DateTime StartUtc { get; init; }
    public required TimeSpan Duration { get; init; }
    public required SpanStatus Status { get; init; }
    public string? StatusMessage { get; init; }
    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];
    public IReadOnlyList<SpanEvent> Events { get; init; } = [];
    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    /// <summary>The value of an attribute; null when there is none.</summary>
    public string? Attribute(string key) => Filters.Value(Attributes, key);
}

/// <summary>The spans with one trace id, as far as they have arrived. An immutable snapshot.</summary>
internal sealed class Trace
{
    public required TraceId TraceId { get; init; }

    /// <summary>The spans by start time, a parent before its children.</summary>
    public required IReadOnlyList<Span> Spans { get; init; }

    /// <summary>The span without a parent, or the earliest while that has not arrived.</summary>
    public required Span Root { get; init; }
    public required DateTime StartUtc { get; init; }

    /// <summary>From the first start to the last end.</summary>
    public required TimeSpan Duration { get; init; }
    public required bool HasError { get; init; }
}

/// <summary>A trace in a list.</summary>
internal sealed record TraceSummary(TraceId TraceId, string RootName, string RootResource, DateTime StartUtc, TimeSpan Duration, int SpanCount, bool HasError, IReadOnlyList<ResourceCount> Resources);

/// <summary>How many of something a resource has.</summary>
internal readonly record struct ResourceCount(string Resource, int Count, bool HasError);

/// <summary>The levels of Microsoft.Extensions.Logging that OTLP's severity numbers stand for (1 to 24, four for each).</summary>
internal enum LogSeverity { Unspecified = 0, Trace = 1, Debug = 2, Information = 3, Warning = 4, Error = 5, Critical = 6 }

/// <summary>A structured log record. Immutable once it is in the store.</summary>
internal sealed class LogEntry
{
    /// <summary>The place in the order of arrival, from 1; never used again in this run. The store gives it.</summary>
    public long Sequence { get; internal set; }
    public required TelemetryResource Resource { get; init; }
    public required InstrumentationScope Scope { get; init; }
    public required DateTime TimeUtc { get; init; }
    public required LogSeverity Severity { get; init; }
    public required string Message { get; init; }
    public TraceId TraceId { get; init; }
    public SpanId SpanId { get; init; }
    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];
}
