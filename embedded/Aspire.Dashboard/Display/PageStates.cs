using System.Globalization;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Display;

/// <summary>What the structured logs page shows, as its query string has it.</summary>
internal sealed record LogsState(string? Resource, LogSeverity Level, string? Text, IReadOnlyList<AttributeFilter> Filters, TraceId? Trace, SpanId? Span, long? Before)
{
    /// <summary>The levels to choose from; a level means itself and what is more severe.</summary>
    public static readonly IReadOnlyList<LogSeverity> Levels = [LogSeverity.Trace, LogSeverity.Debug, LogSeverity.Information, LogSeverity.Warning, LogSeverity.Error, LogSeverity.Critical];

    public static LogsState Parse(string? resource, string? level, string? text, IReadOnlyList<string?>? filters, string? trace, string? span, long? before) => new(
        Given(resource),
        Enum.TryParse<LogSeverity>(level, ignoreCase: true, out var severity) && Levels.Contains(severity) ? severity : LogSeverity.Unspecified,
        Given(text),
        FilterText.ParseAll(filters),
        TraceId.TryParse(trace, out var traceId) ? traceId : null,
        SpanId.TryParse(span, out var spanId) ? spanId : null,
        before);

    public LogQuery ToQuery() => new()
    {
        Resource = Resource,
        MinimumSeverity = Level,
        Text = Text,
        Filters = Filters,
        TraceId = Trace,
        SpanId = Span,
        Before = Before,
    };

    /// <summary>The parameters of the query string; null stands for none.</summary>
    public Dictionary<string, object?> ToParameters() => new()
    {
        ["resource"] = Resource,
        ["level"] = LevelName(Level),
        ["text"] = Text,
        ["filter"] = Filters.Select(FilterText.Format).ToArray(),
        ["trace"] = Trace?.ToString(),
        ["span"] = Span?.ToString(),
        ["before"] = Before?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The name of a level in the query string; null for every level.</summary>
    public static string? LevelName(LogSeverity level) => level == LogSeverity.Unspecified ? null : level.ToString().ToLowerInvariant();

    internal static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>What the traces page shows, as its query string has it.</summary>
/// <param name="Resource">A resource that has a part in the trace.</param>
/// <param name="Text">Part of a span's name or of the trace id.</param>
/// <param name="ErrorsOnly">Whether only traces with an error are shown.</param>
/// <param name="Minimum">The shortest duration shown.</param>
/// <param name="Filters">What one span has to meet.</param>
/// <param name="Page">The page, from 1.</param>
internal sealed record TracesState(string? Resource, string? Text, bool ErrorsOnly, TimeSpan? Minimum, IReadOnlyList<AttributeFilter> Filters, int Page)
{
    // Far longer than a trace can be; keeps what somebody types in range.
    private const double LongestMilliseconds = 86_400_000;

    public static TracesState Parse(string? resource, string? text, bool? errors, string? min, IReadOnlyList<string?>? filters, int? page) => new(
        LogsState.Given(resource),
        LogsState.Given(text),
        errors ?? false,
        double.TryParse(min, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is > 0 and <= LongestMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds) : null,
        FilterText.ParseAll(filters),
        Math.Clamp(page ?? 1, 1, 1_000_000));

    public TraceQuery ToQuery() => new() { Resource = Resource, Text = Text, ErrorsOnly = ErrorsOnly, MinimumDuration = Minimum, Filters = Filters };

    /// <summary>The parameters of the query string; null stands for none.</summary>
    public Dictionary<string, object?> ToParameters() => new()
    {
        ["resource"] = Resource,
        ["text"] = Text,
        ["errors"] = ErrorsOnly ? true : null,
        ["min"] = Minimum?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        ["filter"] = Filters.Select(FilterText.Format).ToArray(),
        ["page"] = Page > 1 ? Page : null,
    };
}

/// <summary>What the metrics page shows, as its query string has it.</summary>
/// <param name="Resource">Whose instruments are listed.</param>
/// <param name="Meter">The meter of the shown instrument.</param>
/// <param name="Instrument">The shown instrument.</param>
/// <param name="Minutes">The minutes up to now that are shown: 1, 5, 15, 30 or 60.</param>
/// <param name="Table">Whether the values are a table instead of a chart.</param>
/// <param name="Dimensions">The values that count of some dimensions; of an absent one all count.</param>
internal sealed record MetricsState(string? Resource, string? Meter, string? Instrument, int Minutes, bool Table, IReadOnlyDictionary<string, IReadOnlySet<string>> Dimensions)
{
    public const int DefaultMinutes = 5;

    /// <summary>The view of the query string that is a table.</summary>
    public const string TableView = "table";

    public static readonly IReadOnlyList<int> Durations = [1, 5, 15, 30, 60];

    public static MetricsState Parse(string? resource, string? meter, string? instrument, int? minutes, string? view, IReadOnlyList<string?>? dimensions)
    {
        var counting = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var text in dimensions ?? [])
        {
            // KEY=VALUE counts this value too; KEY alone counts none.
            var parts = text?.Split('=', 2);
            if (parts is null || parts[0].Length == 0)
            {
                continue;
            }

            var key = Uri.UnescapeDataString(parts[0]);
            if (!counting.TryGetValue(key, out var values))
            {
                counting.Add(key, values = new HashSet<string>(StringComparer.Ordinal));
            }

            if (parts.Length == 2)
            {
                ((HashSet<string>)values).Add(Uri.UnescapeDataString(parts[1]));
            }
        }

        return new MetricsState(LogsState.Given(resource), LogsState.Given(meter), LogsState.Given(instrument),
            minutes is { } given && Durations.Contains(given) ? given : DefaultMinutes, view == TableView, counting);
    }

    /// <summary>The parameters of the query string; null stands for none.</summary>
    public Dictionary<string, object?> ToParameters() => new()
    {
        ["resource"] = Resource,
        ["meter"] = Meter,
        ["instrument"] = Instrument,
        ["duration"] = Minutes == DefaultMinutes ? null : Minutes,
        ["view"] = Table ? TableView : null,
        ["dim"] = Dimensions.SelectMany(dimension => dimension.Value.Count == 0
            ? [Uri.EscapeDataString(dimension.Key)]
            : dimension.Value.Order(StringComparer.Ordinal).Select(value => $"{Uri.EscapeDataString(dimension.Key)}={Uri.EscapeDataString(value)}")).ToArray(),
    };

    /// <summary>The same with other values of a dimension; null counts all.</summary>
    public MetricsState With(string dimension, IReadOnlySet<string>? values)
    {
        var counting = new Dictionary<string, IReadOnlySet<string>>(Dimensions, StringComparer.Ordinal);
        if (values is null)
        {
            counting.Remove(dimension);
        }
        else
        {
            counting[dimension] = values;
        }

        return this with { Dimensions = counting };
    }

    /// <summary>The query for the time up to now, in steps whose borders stay where they are from one second to the next.</summary>
    public MetricQuery ToQuery(Instrument instrument, DateTime nowUtc)
    {
        const int Steps = 60;
        var step = TimeSpan.FromMinutes(Minutes) / Steps;
        var to = new DateTime(nowUtc.Ticks / step.Ticks * step.Ticks, DateTimeKind.Utc);
        return new MetricQuery
        {
            Resource = instrument.Resource,
            Meter = instrument.Meter,
            Name = instrument.Name,
            FromUtc = to - (step * Steps),
            ToUtc = to,
            Steps = Steps,
            Dimensions = Dimensions,
        };
    }
}
