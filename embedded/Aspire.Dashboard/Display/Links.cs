using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Display;

/// <summary>The addresses that lead from one page of telemetry to another.</summary>
internal static class Links
{
    /// <summary>A trace, with one of its spans selected.</summary>
    public static string Trace(TraceId trace, SpanId? span = null) => span is { IsEmpty: false } ? $"/traces/detail/{trace}?span={span}" : $"/traces/detail/{trace}";

    /// <summary>The log records of a trace or of one of its spans.</summary>
    public static string Logs(TraceId trace, SpanId? span = null) => span is { IsEmpty: false } ? $"/structuredlogs?trace={trace}&span={span}" : $"/structuredlogs?trace={trace}";

    /// <summary>What a store of a kind has not kept, as a sentence; null when it has kept everything.</summary>
    public static string? Dropped(DroppedCounts counts)
    {
        string?[] parts =
        [
            counts.Evicted > 0 ? $"{counts.Evicted:#,0} older made place" : null,
            counts.Refused > 0 ? $"{counts.Refused:#,0} refused as malformed or beyond a limit" : null,
            counts.Truncated > 0 ? $"{counts.Truncated:#,0} cut to a limit" : null,
        ];
        var said = string.Join(", ", parts.OfType<string>());
        return said.Length == 0 ? null : said;
    }
}
