using static Aspire.Dashboard.Tests.Otlp.Wire;

namespace Aspire.Dashboard.Tests.Otlp;

/// <summary>Requests of the three signals, with every field that the readers know.</summary>
internal static class Payloads
{
    public static readonly byte[] TraceId = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    public static readonly byte[] SpanId = [.. Enumerable.Range(1, 8).Select(i => (byte)i)];

    public static ulong Now { get; } = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

    public static byte[] Attribute(int field, string key, byte[] anyValue) => Bytes(field, Text(1, key), Bytes(2, anyValue));

    /// <summary>A request with one resource and one scope, whose records are in the field 2.</summary>
    public static byte[] Request(string resource, params ReadOnlySpan<byte[]> records) => Bytes(1,
        Bytes(1, Attribute(1, "service.name", Text(1, resource)), Attribute(1, "service.instance.id", Text(1, "one"))),
        Bytes(2, [Bytes(1, Text(1, "scope"), Text(2, "1.0")), .. records]));

    public static byte[] Traces() => Request("sender", Span(SpanId), Span([8, 7, 6, 5, 4, 3, 2, 1]));

    public static byte[] Span(byte[] spanId) => Bytes(2,
        Bytes(1, TraceId), Bytes(2, spanId), Bytes(4, new byte[] { 9, 9, 9, 9, 9, 9, 9, 9 }), Text(5, "GET /students"), Number(6, 3), Fixed64(7, Now), Fixed64(8, Now + 1_000_000),
        Attribute(9, "text", Text(1, "täxt")), Attribute(9, "bool", Number(2, 1)), Attribute(9, "int", Number(3, ulong.MaxValue)), Attribute(9, "double", Double(4, 1.5)),
        Attribute(9, "array", Bytes(5, Bytes(1, Text(1, "a")), Bytes(1, Number(3, 2)))), Attribute(9, "map", Bytes(6, Bytes(1, Text(1, "k"), Bytes(2, Text(1, "v"))))), Attribute(9, "bytes", Bytes(7, new byte[] { 1, 2 })),
        Bytes(11, Fixed64(1, Now), Text(2, "exception"), Attribute(3, "exception.type", Text(1, "E"))),
        Bytes(13, Bytes(1, TraceId), Bytes(2, SpanId), Attribute(4, "k", Text(1, "v"))),
        Bytes(15, Text(2, "broken"), Number(3, 2)));

    public static byte[] Logs() => Request("sender", Log("first"), Log("second"));

    public static byte[] Log(string message) => Bytes(2,
        Fixed64(1, Now), Number(2, 17), Text(3, "ERROR"), Bytes(5, Text(1, message)), Attribute(6, "Id", Number(3, 5)), Bytes(9, TraceId), Bytes(10, SpanId), Fixed64(11, Now));

    public static byte[] Metrics() => Request("sender",
        Metric("gauge", 5, Bytes(1, NumberPoint(Double(4, 2.5)))),
        Metric("sum", 7, Bytes(1, NumberPoint(Fixed64(6, 3))), Number(2, 1), Number(3, 1)),
        Metric("histogram", 9, Bytes(1, HistogramPoint([1, 2], [1, 0, 4])), Number(2, 1)),
        Metric("exponential", 10, Bytes(1, ExponentialPoint(scale: 3, offset: -2, [1, 0, 5])), Number(2, 1)));

    public static byte[] Metric(string name, int dataField, params ReadOnlySpan<byte[]> data) => Bytes(2, Text(1, name), Text(2, "about"), Text(3, "s"), Bytes(dataField, data));

    public static byte[] NumberPoint(params ReadOnlySpan<byte[]> value) => Message([Fixed64(2, Now - 1_000_000_000), Fixed64(3, Now), Attribute(7, "z", Text(1, "1")), Attribute(7, "a", Text(1, "2")), Exemplar(5), .. value]);

    public static byte[] HistogramPoint(double[] bounds, ulong[] counts) => Message(Fixed64(2, Now - 1_000_000_000), Fixed64(3, Now), Fixed64(4, Sum(counts)), Double(5, 7),
        Bytes(6, [.. counts.Select(c => Fixed64(c))]), Bytes(7, [.. bounds.Select(b => Fixed64(BitConverter.DoubleToUInt64Bits(b)))]), Exemplar(8), Attribute(9, "a", Text(1, "1")));

    public static byte[] ExponentialPoint(int scale, int offset, ulong[] counts) => Message(Attribute(1, "a", Text(1, "1")), Fixed64(2, Now - 1_000_000_000), Fixed64(3, Now), Fixed64(4, (2 * Sum(counts)) + 1), Double(5, 7),
        ZigZag(6, scale), Fixed64(7, 1), Bytes(8, ZigZag(1, offset), Bytes(2, [.. counts.Select(Varint)])), Bytes(9, ZigZag(1, offset), Bytes(2, [.. counts.Select(Varint)])), Exemplar(11));

    private static byte[] Exemplar(int field) => Bytes(field, Fixed64(2, Now), Double(3, 1.5), Bytes(4, SpanId), Bytes(5, TraceId));

    private static ulong Sum(ulong[] counts) => counts.Aggregate(0UL, (sum, count) => sum + count);
}
