namespace Aspire.Dashboard.Telemetry;

/// <summary>How an attribute or a field is compared.</summary>
internal enum FilterCondition { Equals, NotEquals, Contains, NotContains }

/// <summary>A condition on an attribute, or on a field that every record has: see <see cref="Fields"/>. Comparison ignores case.</summary>
internal sealed record AttributeFilter(string Key, FilterCondition Condition, string Value)
{
    /// <summary>The fields that can stand in place of an attribute's key: name, message, resource, scope, status, kind, level, traceid, spanid.</summary>
    public static readonly IReadOnlyList<string> Fields = ["name", "message", "resource", "scope", "status", "kind", "level", "traceid", "spanid"];
}

/// <summary>Which log entries.</summary>
internal sealed record LogQuery
{
    public string? Resource { get; init; }
    public LogSeverity MinimumSeverity { get; init; }

    /// <summary>Part of the message, of the category or of an attribute's value, ignoring case.</summary>
    public string? Text { get; init; }
    public IReadOnlyList<AttributeFilter> Filters { get; init; } = [];
    public TraceId? TraceId { get; init; }
    public SpanId? SpanId { get; init; }

    /// <summary>Only what came before this sequence number; for paging.</summary>
    public long? Before { get; init; }
}

/// <summary>Which traces.</summary>
internal sealed record TraceQuery
{
    /// <summary>A resource that has a part in it.</summary>
    public string? Resource { get; init; }

    /// <summary>Part of the name of a span or of the trace id, ignoring case.</summary>
    public string? Text { get; init; }
    public bool ErrorsOnly { get; init; }
    public TimeSpan? MinimumDuration { get; init; }

    /// <summary>What one span of the trace has to meet, all of it.</summary>
    public IReadOnlyList<AttributeFilter> Filters { get; init; } = [];
}

/// <summary>A part of what was found, the newest first.</summary>
/// <param name="Items">The part.</param>
/// <param name="Total">How many there are in all.</param>
internal sealed record Found<T>(IReadOnlyList<T> Items, int Total);
