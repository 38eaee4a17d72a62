using System.Buffers.Binary;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads the data points of metrics (opentelemetry/proto/metrics/v1/metrics.proto). A point that cannot be kept is refused, the rest of its request is not.</summary>
internal abstract class DataPointReader(TelemetryStore store) : RecordReader(store)
{
    private const int Number_Start = (2 << 3) | WireReader.Fixed64;
    private const int Number_Time = (3 << 3) | WireReader.Fixed64;
    private const int Number_Double = (4 << 3) | WireReader.Fixed64;
    private const int Number_Exemplars = (5 << 3) | WireReader.Bytes;
    private const int Number_Int = (6 << 3) | WireReader.Fixed64;
    private const int Number_Attributes = (7 << 3) | WireReader.Bytes;
    private const int Number_Flags = (8 << 3) | WireReader.Varint;
    private const int Exemplar_Time = (2 << 3) | WireReader.Fixed64;
    private const int Exemplar_Double = (3 << 3) | WireReader.Fixed64;
    private const int Exemplar_SpanId = (4 << 3) | WireReader.Bytes;
    private const int Exemplar_TraceId = (5 << 3) | WireReader.Bytes;
    private const int Exemplar_Int = (6 << 3) | WireReader.Fixed64;

    /// <summary>DataPointFlags.NO_RECORDED_VALUE: the series has ended, the point has no value.</summary>
    private const ulong NoRecordedValue = 1;

    /// <summary>Larger counts are no whole numbers any more as doubles, and their sums would not fit.</summary>
    protected const ulong MaxCount = 1UL << 53;

    private static readonly Comparison<TelemetryAttribute> ByKey = static (x, y) => string.CompareOrdinal(x.Key, y.Key);

    /// <summary>A point of a gauge or of a sum; null when it has no value or a wrong one.</summary>
    protected MetricDataPoint? ReadNumber(ReadOnlySpan<byte> message, bool isIncrease)
    {
        var (start, time, value, flags) = (0UL, 0UL, double.NaN, 0UL);
        List<Exemplar>? exemplars = null;
        var attributes = BeginAttributes();
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Number_Start:
                    start = reader.ReadFixed64();
                    break;
                case Number_Time:
                    time = reader.ReadFixed64();
                    break;
                case Number_Double:
                    value = reader.ReadDouble();
                    break;
                case Number_Int:
                    value = (long)reader.ReadFixed64();
                    break;
                case Number_Exemplars:
                    AddExemplar(ref exemplars, reader.ReadBytes());
                    break;
                case Number_Attributes:
                    AddAttribute(reader.ReadBytes(), attributes);
                    break;
                case Number_Flags:
                    flags = reader.ReadVarint();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        var taken = TakeDimensions(attributes);
        if (!HasValue(flags))
        {
            return null;
        }

        if (!double.IsFinite(value) || (isIncrease && value < 0))
        {
            Refused++;
            return null;
        }

        return Point(taken, start, time, exemplars, value, histogram: null);
    }

    protected MetricDataPoint Point(TelemetryAttribute[] dimensions, ulong start, ulong time, List<Exemplar>? exemplars, double value, HistogramData? histogram) => new()
    {
        Attributes = dimensions,
        StartUtc = start == 0 ? null : ToTime(start),
        TimeUtc = time == 0 ? Now : ToTime(time),
        Value = value,
        Histogram = histogram,
        Exemplars = exemplars is null ? [] : exemplars,
    };

    protected static bool HasValue(ulong flags) => (flags & NoRecordedValue) == 0;

    /// <summary>Takes the attributes of a point, by key.</summary>
    protected TelemetryAttribute[] TakeDimensions(int begin)
    {
        var dimensions = TakeAttributes(begin);
        dimensions.AsSpan().Sort(ByKey);
        return dimensions;
    }

    /// <summary>Adds an exemplar. One without a trace leads nowhere and is left out.</summary>
    protected void AddExemplar(ref List<Exemplar>? exemplars, ReadOnlySpan<byte> message)
    {
        var (time, value, hasIds) = (0UL, double.NaN, true);
        TraceId traceId = default;
        SpanId spanId = default;
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Exemplar_Time:
                    time = reader.ReadFixed64();
                    break;
                case Exemplar_Double:
                    value = reader.ReadDouble();
                    break;
                case Exemplar_Int:
                    value = (long)reader.ReadFixed64();
                    break;
                case Exemplar_SpanId:
                    hasIds &= TryReadSpanId(reader.ReadBytes(), out spanId);
                    break;
                case Exemplar_TraceId:
                    hasIds &= TryReadTraceId(reader.ReadBytes(), out traceId);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (!hasIds || traceId.IsEmpty || !double.IsFinite(value))
        {
            return;
        }

        if ((exemplars ??= []).Count < Limits.MaxExemplarCount)
        {
            exemplars.Add(new Exemplar(time == 0 ? Now : ToTime(time), value, traceId, spanId));
        }
        else
        {
            OwnTruncated++;
        }
    }

    /// <summary>Adds the eight-byte numbers of a packed field.</summary>
    protected static void AddFixed64s(ReadOnlySpan<byte> packed, List<ulong> into)
    {
        if (packed.Length % sizeof(ulong) != 0)
        {
            throw new MalformedTelemetryException("A packed field of eight-byte numbers ends within a number.");
        }

        for (; !packed.IsEmpty; packed = packed[sizeof(ulong)..])
        {
            into.Add(BinaryPrimitives.ReadUInt64LittleEndian(packed));
        }
    }
}
