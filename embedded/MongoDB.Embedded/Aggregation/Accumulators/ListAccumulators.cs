using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Accumulators;

/// <summary><c>$push</c> and <c>$addToSet</c>.</summary>
internal sealed class ListAccumulator(string name, bool distinct) : Accumulator
{
    private const int PerValue = 24;

    private readonly List<BsonValue> _values = [];
    private readonly HashSet<BsonValue>? _seen = distinct ? new HashSet<BsonValue>(BsonValueComparer.Instance) : null;
    private long _bytes;

    public override void Add(BsonValue value)
    {
        if (value.IsMissing || (_seen is not null && _seen.Contains(value)))
        {
            return;
        }
        BsonValue kept = value.Detach();
        _seen?.Add(kept);
        _values.Add(kept);
        _bytes += kept.RawSlice.Length + PerValue;
        if (_bytes > StageLimits.MemoryBytes)
        {
            throw new MongoError(
                ErrorCode.ExceededMemoryLimit,
                $"{name} used too much memory and cannot spill to disk. Memory limit: {StageLimits.MemoryBytes} bytes");
        }
    }

    public override BsonValue Result() => Operators.ArrayOperators.ToArray(_values);

    public override long MemoryBytes => _bytes;
}

/// <summary><c>$firstN $lastN $minN $maxN</c>: at most n values, missing ones as null.</summary>
internal sealed class SomeAccumulator(SomeKind kind, int most) : Accumulator
{
    private readonly List<BsonValue> _values = [];
    private long _bytes;

    public override void Add(BsonValue value)
    {
        if (kind is SomeKind.Min or SomeKind.Max && value.IsNullish)
        {
            return;
        }
        if (kind == SomeKind.First && _values.Count == most)
        {
            return;
        }
        BsonValue kept = value.IsMissing ? BsonValue.Null : value.Detach();
        int at = kind is SomeKind.Min or SomeKind.Max ? Place(kept) : _values.Count;
        if (at >= most && kind != SomeKind.Last)
        {
            return;
        }
        _values.Insert(at, kept);
        _bytes += kept.RawSlice.Length;
        if (_values.Count > most)
        {
            int drop = kind == SomeKind.Last ? 0 : _values.Count - 1;
            _bytes -= _values[drop].RawSlice.Length;
            _values.RemoveAt(drop);
        }
    }

    public override BsonValue Result() => Operators.ArrayOperators.ToArray(_values);

    public override long MemoryBytes => _bytes + _values.Count * 24L;

    // Behind the values that are equal, so that the first seen stays first.
    private int Place(BsonValue value)
    {
        int low = 0;
        int high = _values.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = BsonCompare.Compare(value, _values[middle]) * (kind == SomeKind.Max ? -1 : 1);
            if (order < 0)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }
        return low;
    }
}

internal enum SomeKind
{
    First,
    Last,
    Min,
    Max,
}
