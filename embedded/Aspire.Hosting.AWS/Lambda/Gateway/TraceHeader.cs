using System.Buffers;
using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The value of <c>X-Amzn-Trace-Id</c> (https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader).</summary>
internal static class TraceHeader
{
    private static readonly SearchValues<char> LowerHexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// The value for a request. One that came with a root stays as it is. Otherwise the trace that came as <c>traceparent</c>, or that this process is
    /// in, goes on: X-Ray's ids are W3C's with a different spelling. A request of no trace gets a new root.
    /// </summary>
    public static string For(string? incoming, string? traceParent, DateTimeOffset now)
    {
        if (incoming is not null && incoming.Contains("Root=1-", StringComparison.OrdinalIgnoreCase))
        {
            return incoming;
        }

        // The gateway's own span is in the trace of the client, and nearer.
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return Of(activity.TraceId, activity.SpanId, activity.ActivityTraceFlags);
        }

        if (traceParent is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var remote))
        {
            return Of(remote.TraceId, remote.SpanId, remote.TraceFlags);
        }

        return string.Create(35 + "Root=".Length, now.ToUnixTimeSeconds(), static (text, seconds) =>
        {
            "Root=1-".CopyTo(text);
            seconds.TryFormat(text[7..], out _, "x8", CultureInfo.InvariantCulture);
            text[15] = '-';
            Span<byte> random = stackalloc byte[12];
            Random.Shared.NextBytes(random);
            Convert.TryToHexStringLower(random, text[16..], out _);
        });
    }

    /// <summary>
    /// The trace that a value belongs to; none when it has no root, or is malformed. Without a parent the trace goes on all the same, with a span that has none.
    /// </summary>
    public static ActivityContext ContextOf(string? value)
    {
        var header = value.AsSpan();
        Span<char> trace = stackalloc char[32];
        ReadOnlySpan<char> parent = default;
        var hasTrace = false;
        var flags = ActivityTraceFlags.Recorded;
        foreach (var range in header.Split(';'))
        {
            var field = header[range].Trim();
            if (field.StartsWith("Root=1-", StringComparison.OrdinalIgnoreCase) && field.Length == 40 && field[15] == '-')
            {
                field.Slice(7, 8).CopyTo(trace);
                field[16..].CopyTo(trace[8..]);
                hasTrace = IsId(trace);
            }
            else if (field.StartsWith("Parent=", StringComparison.OrdinalIgnoreCase) && field.Length == 23 && IsId(field[7..]))
            {
                parent = field[7..];
            }
            else if (field is "Sampled=0")
            {
                flags = ActivityTraceFlags.None;
            }
        }

        return hasTrace
            ? new ActivityContext(ActivityTraceId.CreateFromString(trace), parent.IsEmpty ? default : ActivitySpanId.CreateFromString(parent), flags, isRemote: true)
            : default;
    }

    /// <summary>The value for what a span calls.</summary>
    public static string Of(ActivityContext span) => Of(span.TraceId, span.SpanId, span.TraceFlags);

    private static bool IsId(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(LowerHexDigits) && text.ContainsAnyExcept('0');

    private static string Of(ActivityTraceId traceId, ActivitySpanId spanId, ActivityTraceFlags flags)
    {
        var trace = traceId.ToHexString();
        return $"Root=1-{trace.AsSpan(0, 8)}-{trace.AsSpan(8)};Parent={spanId.ToHexString()};Sampled={(flags.HasFlag(ActivityTraceFlags.Recorded) ? '1' : '0')}";
    }
}
