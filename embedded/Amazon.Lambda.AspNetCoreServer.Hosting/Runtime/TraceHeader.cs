using System.Buffers;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>
/// The X-Ray tracing header (https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader), such as
/// <c>Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1</c>.
/// </summary>
internal static class TraceHeader
{
    private const int RootLength = 35;
    private const int ParentLength = 16;

    // 00-TRACEID-SPANID-FLAGS
    private const int TraceIdStart = 3;
    private const int TraceIdEnd = 35;

    private static readonly SearchValues<char> LowerHexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// The same as a <c>traceparent</c> (https://www.w3.org/TR/trace-context/). Null when it has no parent or is malformed. Only <c>Sampled=0</c> means that
    /// the caller decided against recording.
    /// </summary>
    public static string? ToTraceParent(string? header)
    {
        ReadOnlySpan<char> root = default, parent = default;
        var flags = "01";
        foreach (var range in header.AsSpan().Split(';'))
        {
            var field = header.AsSpan()[range].Trim();
            if (field.StartsWith("Root=", StringComparison.Ordinal))
            {
                root = field["Root=".Length..];
            }
            else if (field.StartsWith("Parent=", StringComparison.Ordinal))
            {
                parent = field["Parent=".Length..];
            }
            else if (field.SequenceEqual("Sampled=0"))
            {
                flags = "00";
            }
        }

        // 1-5759e988-bd862e3fe1be46a994272793: version, time, random.
        return root.Length == RootLength && root.StartsWith("1-", StringComparison.Ordinal) && root[10] == '-' && IsId(root[2..10]) && IsId(root[11..])
            && parent.Length == ParentLength && IsId(parent) && parent.ContainsAnyExcept('0')
            ? $"00-{root[2..10]}{root[11..]}-{parent}-{flags}"
            : null;
    }

    /// <summary>Whether two <c>traceparent</c> have the same trace id.</summary>
    public static bool IsSameTrace(string? first, string second)
        => first is { Length: >= TraceIdEnd } && first.AsSpan(TraceIdStart, TraceIdEnd - TraceIdStart).SequenceEqual(second.AsSpan(TraceIdStart, TraceIdEnd - TraceIdStart));

    private static bool IsId(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(LowerHexDigits);
}
