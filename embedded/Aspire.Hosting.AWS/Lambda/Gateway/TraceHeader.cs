using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The value of <c>X-Amzn-Trace-Id</c> (https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader).</summary>
internal static class TraceHeader
{
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

        if (traceParent is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var remote))
        {
            return Of(remote.TraceId, remote.SpanId, remote.TraceFlags);
        }

        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return Of(activity.TraceId, activity.SpanId, activity.ActivityTraceFlags);
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

    private static string Of(ActivityTraceId traceId, ActivitySpanId spanId, ActivityTraceFlags flags)
    {
        var trace = traceId.ToHexString();
        return $"Root=1-{trace.AsSpan(0, 8)}-{trace.AsSpan(8)};Parent={spanId.ToHexString()};Sampled={(flags.HasFlag(ActivityTraceFlags.Recorded) ? '1' : '0')}";
    }
}
