namespace Aspire.Dashboard.Telemetry;

/// <summary>Whether a record meets the conditions of a query.</summary>
internal static class Filters
{
    public static bool Matches(LogEntry entry, LogQuery query)
        => (query.Resource is null || Same(query.Resource, entry.Resource.Name))
        && entry.Severity >= query.MinimumSeverity
        && (query.TraceId is null || entry.TraceId == query.TraceId)
        && (query.SpanId is null || entry.SpanId == query.SpanId)
        && (string.IsNullOrEmpty(query.Text) || HasText(entry, query.Text))
        && All(entry, query.Filters);

    /// <summary>Whether the span meets every condition.</summary>
    public static bool All(Span span, IReadOnlyList<AttributeFilter> filters)
    {
        for (var i = 0; i < filters.Count; i++)
        {
            var filter = filters[i];
            var value = filter.Key switch
            {
                "name" => span.Name,
                "message" => span.StatusMessage,
                "resource" => span.Resource.Name,
                "scope" => span.Scope.Name,
                "status" => Name(span.Status),
                "kind" => Name(span.Kind),
                "level" => null,
                "traceid" => span.TraceId.ToString(),
                "spanid" => span.SpanId.ToString(),
                _ => span.Attribute(filter.Key),
            };
            if (!Meets(value, filter))
            {
                return false;
            }
        }

        return true;
    }

    public static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    public static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of the attribute with that key; null when there is none.</summary>
    public static string? Value(IReadOnlyList<TelemetryAttribute> attributes, string key)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            if (attributes[i].Key == key)
            {
                return attributes[i].Value;
            }
        }

        return null;
    }

    private static bool All(LogEntry entry, IReadOnlyList<AttributeFilter> filters)
    {
        for (var i = 0; i < filters.Count; i++)
        {
            var filter = filters[i];
            var value = filter.Key switch
            {
                "message" => entry.Message,
                "resource" => entry.Resource.Name,
                "scope" => entry.Scope.Name,
                "level" => Name(entry.Severity),
                "traceid" => entry.TraceId.IsEmpty ? null : entry.TraceId.ToString(),
                "spanid" => entry.SpanId.IsEmpty ? null : entry.SpanId.ToString(),
                "name" or "status" or "kind" => null,
                _ => Value(entry.Attributes, filter.Key),
            };
            if (!Meets(value, filter))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasText(LogEntry entry, string text)
    {
        if (Contains(entry.Message, text) || Contains(entry.Scope.Name, text))
        {
            return true;
        }

        for (var i = 0; i < entry.Attributes.Count; i++)
        {
            if (Contains(entry.Attributes[i].Value, text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is absent neither equals nor contains anything.</summary>
    private static bool Meets(string? value, AttributeFilter filter) => filter.Condition switch
    {
        FilterCondition.Equals => value is not null && Same(value, filter.Value),
        FilterCondition.NotEquals => value is null || !Same(value, filter.Value),
        FilterCondition.Contains => value is not null && Contains(value, filter.Value),
        FilterCondition.NotContains => value is null || !Contains(value, filter.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter.Condition, "No such condition."),
    };

    private static string Name(SpanStatus status) => status switch { SpanStatus.Ok => "Ok", SpanStatus.Error => "Error", _ => "Unset" };

    private static string Name(SpanKind kind) => kind switch
    {
        SpanKind.Internal => "Internal",
        SpanKind.Server => "Server",
        SpanKind.Client => "Client",
        SpanKind.Producer => "Producer",
        SpanKind.Consumer => "Consumer",
        _ => "Unspecified",
    };

    private static string Name(LogSeverity severity) => severity switch
    {
        LogSeverity.Trace => "Trace",
        LogSeverity.Debug => "Debug",
        LogSeverity.Information => "Information",
        LogSeverity.Warning => "Warning",
        LogSeverity.Error => "Error",
        LogSeverity.Critical => "Critical",
        _ => "Unspecified",
    };
}
