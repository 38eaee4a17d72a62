using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads the points of histograms, those with explicit bounds and the exponential ones.</summary>
internal abstract class HistogramReader(TelemetryStore store) : DataPointReader(store)
{
    private const int Explicit_Start = (2 << 3) | WireReader.Fixed64;
    private const int Explicit_Time = (3 << 3) | WireReader.Fixed64;
    private const int Explicit_Count = (4 << 3) | WireReader.Fixed64;
    private const int Explicit_Counts = (6 << 3) | WireReader.Bytes;
    private const int Explicit_CountsUnpacked = (6 << 3) | WireReader.Fixed64;
    private const int Explicit_Bounds = (7 << 3) | WireReader.Bytes;
    private const int Explicit_BoundsUnpacked = (7 << 3) | WireReader.Fixed64;
    private const int Explicit_Exemplars = (8 << 3) | WireReader.Bytes;
    private const int Explicit_Attributes = (9 << 3) | WireReader.Bytes;
    private const int Explicit_Flags = (10 << 3) | WireReader.Varint;
    private const int Exponential_Attributes = (1 << 3) | WireReader.Bytes;
    private const int Exponential_Start = (2 << 3) | WireReader.Fixed64;
    private const int Exponential_Time = (3 << 3) | WireReader.Fixed64;
    private const int Exponential_Count = (4 << 3) | WireReader.Fixed64;
    private const int Exponential_Scale = (6 << 3) | WireReader.Varint;
    private const int Exponential_ZeroCount = (7 << 3) | WireReader.Fixed64;
    private const int Exponential_Positive = (8 << 3) | WireReader.Bytes;
    private const int Exponential_Negative = (9 << 3) | WireReader.Bytes;
    private const int Exponential_Flags = (10 << 3) | WireReader.Varint;
    private const int Exponential_Exemplars = (11 << 3) | WireReader.Bytes;
    private const int Buckets_Offset = (1 << 3) | WireReader.Varint;
    private const int Buckets_Counts = (2 << 3) | WireReader.Bytes;
    private const int Buckets_CountsUnpacked = (2 << 3) | WireReader.Varint;

    /// <summary>More buckets than any SDK makes: the largest default is 160 for each sign.</summary>
    private const int MaxBuckets = 2_000;

    private readonly List<ulong> _counts = [];
    private readonly List<ulong> _bounds = [];
    private ExplicitBuckets? _layout;

    /// <summary>A point; null when it has no value or a wrong one.</summary>
    protected MetricDataPoint? ReadExplicit(ReadOnlySpan<byte> message)
    {
        var (start, time, count, flags) = (0UL, 0UL, 0UL, 0UL);
        List<Exemplar>? exemplars = null;
        _counts.Clear();
        _bounds.Clear();
        var attributes = BeginAttributes();
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Explicit_Start:
                    start = reader.ReadFixed64();
                    break;
                case Explicit_Time:
                    time = reader.ReadFixed64();
                    break;
                case Explicit_Count:
                    count = reader.ReadFixed64();
                    break;
                case Explicit_Counts:
                    AddFixed64s(reader.ReadBytes(), _counts);
                    break;
                case Explicit_CountsUnpacked:
                    _counts.Add(reader.ReadFixed64());
                    break;
                case Explicit_Bounds:
                    AddFixed64s(reader.ReadBytes(), _bounds);
                    break;
                case Explicit_BoundsUnpacked:
                    _bounds.Add(reader.ReadFixed64());
                    break;
                case Explicit_Exemplars:
                    AddExemplar(ref exemplars, reader.ReadBytes());
                    break;
                case Explicit_Attributes:
                    AddAttribute(reader.ReadBytes(), attributes);
                    break;
                case Explicit_Flags:
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

        // Without bounds there may be one bucket, or none: then only the count is known.
        var hasBuckets = _counts.Count == _bounds.Count + 1 || (_counts.Count == 0 && _bounds.Count == 0);
        if (count > MaxCount || !hasBuckets || _counts.Count > MaxBuckets || Layout() is not { } layout || Buckets() is not { } buckets)
        {
            Refused++;
            return null;
        }

        return Point(taken, start, time, exemplars, value: 0, new HistogramData(layout, (long)count, buckets));
    }

    /// <summary>A point; null when it has no value or a wrong one.</summary>
    protected MetricDataPoint? ReadExponential(ReadOnlySpan<byte> message)
    {
        var (start, time, count, zeroes, scale, flags) = (0UL, 0UL, 0UL, 0UL, 0L, 0UL);
        ReadOnlySpan<byte> positive = default, negative = default;
        List<Exemplar>? exemplars = null;
        var attributes = BeginAttributes();
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Exponential_Attributes:
                    AddAttribute(reader.ReadBytes(), attributes);
                    break;
                case Exponential_Start:
                    start = reader.ReadFixed64();
                    break;
                case Exponential_Time:
                    time = reader.ReadFixed64();
                    break;
                case Exponential_Count:
                    count = reader.ReadFixed64();
                    break;
                case Exponential_Scale:
                    scale = reader.ReadZigZag();
                    break;
                case Exponential_ZeroCount:
                    zeroes = reader.ReadFixed64();
                    break;
                case Exponential_Positive:
                    positive = reader.ReadBytes();
                    break;
                case Exponential_Negative:
                    negative = reader.ReadBytes();
                    break;
                case Exponential_Flags:
                    flags = reader.ReadVarint();
                    break;
                case Exponential_Exemplars:
                    AddExemplar(ref exemplars, reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        var taken = TakeDimensions(attributes);
        var buckets = new List<Bucket>();
        if (zeroes is > 0 and <= MaxCount)
        {
            buckets.Add(new Bucket(ExponentialBuckets.Zero, (long)zeroes));
        }

        // Both signs are read also when the point is refused: what is malformed is malformed.
        var isRight = AddBuckets(buckets, positive, isNegative: false) & AddBuckets(buckets, negative, isNegative: true);
        if (!HasValue(flags))
        {
            return null;
        }

        if (!isRight || count > MaxCount || zeroes > MaxCount || scale is < ExponentialBuckets.MinScale or > ExponentialBuckets.MaxScale)
        {
            Refused++;
            return null;
        }

        return Point(taken, start, time, exemplars, value: 0, new HistogramData(new ExponentialBuckets((int)scale), (long)count, buckets));
    }

    /// <summary>The layout with the bounds that were read; null when they do not rise.</summary>
    private ExplicitBuckets? Layout()
    {
        var bounds = new double[_bounds.Count];
        for (var i = 0; i < bounds.Length; i++)
        {
            bounds[i] = BitConverter.UInt64BitsToDouble(_bounds[i]);
            if (!double.IsFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1]))
            {
                return null;
            }
        }

        // The points of an instrument follow each other and have the same bounds.
        return _layout is not null && _layout.Matches(bounds) ? _layout : _layout = new ExplicitBuckets(bounds);
    }

    private List<Bucket>? Buckets()
    {
        var buckets = new List<Bucket>();
        for (var i = 0; i < _counts.Count; i++)
        {
            if (_counts[i] > MaxCount)
            {
                return null;
            }

            if (_counts[i] > 0)
            {
                buckets.Add(new Bucket(i, (long)_counts[i]));
            }
        }

        return buckets;
    }

    /// <summary>Adds the buckets of one sign.</summary>
    /// <returns>False when there are too many, or one has an index or a count that is out of range.</returns>
    private static bool AddBuckets(List<Bucket> buckets, ReadOnlySpan<byte> message, bool isNegative)
    {
        // The offset may come after the counts.
        var (offset, place, isRight) = (0L, 0L, true);
        var first = buckets.Count;
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Buckets_Offset:
                    offset = reader.ReadZigZag();
                    break;
                case Buckets_CountsUnpacked:
                    Add(reader.ReadVarint());
                    break;
                case Buckets_Counts:
                    var counts = new WireReader(reader.ReadBytes());
                    while (!counts.IsAtEnd)
                    {
                        Add(counts.ReadVarint());
                    }

                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (offset < int.MinValue || offset > int.MaxValue - MaxBuckets)
        {
            return false;
        }

        for (var i = first; i < buckets.Count; i++)
        {
            var index = (int)(offset + buckets[i].Index);
            buckets[i] = new Bucket(isNegative ? ExponentialBuckets.Negative(index) : ExponentialBuckets.Positive(index), buckets[i].Count);
        }

        return isRight;

        void Add(ulong count)
        {
            if (place >= MaxBuckets || count > MaxCount)
            {
                isRight = false;
            }
            else if (count > 0)
            {
                buckets.Add(new Bucket(place, (long)count));
            }

            place++;
        }
    }
}
