using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Tests.Support;

/// <summary>A span as it was sent; ids are hexadecimal, the parent's empty for a root.</summary>
internal sealed record OtlpSpan(string Resource, string Name, string TraceId, string SpanId, string ParentId, int Kind, int Status, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A log record as it was sent.</summary>
internal sealed record OtlpLog(string Resource, string Body, string TraceId, string SpanId, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A point of a metric as it was sent: a number, or the count of a histogram.</summary>
internal sealed record OtlpPoint(string Resource, IReadOnlyDictionary<string, string> ResourceAttributes, string Metric, string Unit, double Value, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> ExemplarTraceIds);

/// <summary>As much of OTLP (https://github.com/open-telemetry/opentelemetry-proto) as tests look at, by the numbers of its fields.</summary>
internal static class OtlpDecoder
{
    public static IEnumerable<OtlpSpan> Spans(byte[] body) => Records(body).Select(found => new OtlpSpan(
        found.Resource.GetValueOrDefault("service.name", ""), found.Record.Text(5), found.Record.Hex(1), found.Record.Hex(2), found.Record.Hex(4),
        (int)found.Record.Number(6), found.Record.Children(15).Select(status => (int)status.Number(3)).SingleOrDefault(), Attributes(found.Record, 9)));

    public static IEnumerable<OtlpLog> Logs(byte[] body) => Records(body).Select(found => new OtlpLog(
        found.Resource.GetValueOrDefault("service.name", ""), found.Record.Children(5).Select(Value).SingleOrDefault(""), found.Record.Hex(9), found.Record.Hex(10), Attributes(found.Record, 6)));

    public static IEnumerable<OtlpPoint> Points(byte[] body) =>
        from found in Records(body)
        // Gauge, sum, histogram: attributes, value and exemplars of a histogram's point have numbers of their own.
        from data in new[] { 5, 7, 9 }.SelectMany(kind => found.Record.Children(kind).Select(message => (IsHistogram: kind == 9, Message: message)))
        from point in data.Message.Children(1)
        select new OtlpPoint(
            found.Resource.GetValueOrDefault("service.name", ""),
            found.Resource,
            found.Record.Text(1),
            found.Record.Text(3),
            data.IsHistogram ? point.Number(4) : point.Has(4) ? point.Double(4) : point.Number(6),
            Attributes(point, data.IsHistogram ? 9 : 7),
            [.. point.Children(data.IsHistogram ? 8 : 5).Select(exemplar => exemplar.Hex(5))]);

    // Resource, scope, record: the same numbers for all three signals.
    private static IEnumerable<(Dictionary<string, string> Resource, Message Record)> Records(byte[] body) =>
        from ofResource in Message.Parse(body).Children(1)
        let resource = ofResource.Children(1).Select(message => Attributes(message, 1)).Single()
        from ofScope in ofResource.Children(2)
        from record in ofScope.Children(2)
        select (resource, record);

    private static Dictionary<string, string> Attributes(Message message, int field)
        // A log record may have the same key twice: from its message and from a scope.
        => message.Children(field).GroupBy(pair => pair.Text(1)).ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Children(2).Select(Value).SingleOrDefault(""));

    private static string Value(Message value)
        => value.Has(2) ? (value.Number(2) != 0 ? "true" : "false")
            : value.Has(3) ? value.Number(3).ToString(CultureInfo.InvariantCulture)
            : value.Has(4) ? value.Double(4).ToString(CultureInfo.InvariantCulture)
            : value.Text(1);

    /// <summary>A message of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/), of which nothing is known but the numbers of its fields.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

        public static Message Parse(byte[] bytes)
        {
            var message = new Message();
            var at = 0;
            while (at < bytes.Length)
            {
                var tag = Varint(bytes, ref at);
                var field = (int)(tag >> 3);
                switch (tag & 7)
                {
                    case 0:
                        message._fields.Add((field, Varint(bytes, ref at), []));
                        break;
                    case 1:
                        message._fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)), []));
                        at += 8;
                        break;
                    case 2:
                        var length = (int)Varint(bytes, ref at);
                        message._fields.Add((field, 0, bytes[at..(at + length)]));
                        at += length;
                        break;
                    case 5:
                        message._fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)), []));
                        at += 4;
                        break;
                    default:
                        throw new InvalidDataException($"The wire type {tag & 7} of field {field} is none of OTLP's.");
                }
            }

            return message;
        }

        public bool Has(int field) => _fields.Any(f => f.Field == field);

        public IEnumerable<Message> Children(int field) => _fields.Where(f => f.Field == field).Select(f => Parse(f.Bytes));

        public string Text(int field) => Encoding.UTF8.GetString(Last(field).Bytes);

        public string Hex(int field) => Convert.ToHexStringLower(Last(field).Bytes);

        public long Number(int field) => (long)Last(field).Number;

        public double Double(int field) => BitConverter.UInt64BitsToDouble(Last(field).Number);

        private (int Field, ulong Number, byte[] Bytes) Last(int field)
        {
            var last = _fields.LastOrDefault(f => f.Field == field);
            return last.Bytes is null ? (field, 0, []) : last;
        }

        private static ulong Varint(byte[] bytes, ref int at)
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = bytes[at++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
