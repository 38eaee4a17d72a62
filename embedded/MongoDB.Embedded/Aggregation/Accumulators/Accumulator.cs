using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Aggregation.Accumulators;

/// <summary>One group's running result. Values that outlive a document are detached from its buffer.</summary>
internal abstract class Accumulator
{
    public abstract void Add(BsonValue value);

    /// <summary>The result; a missing one is reported as null by <c>$group</c>.</summary>
    public abstract BsonValue Result();

    /// <summary>Bytes held beyond a fixed size, for the stage's memory bound.</summary>
    public virtual long MemoryBytes => 0;
}

internal sealed class SumAccumulator : Accumulator
{
    private NumberSum _sum;

    public override void Add(BsonValue value)
    {
        if (value.IsNumber)
        {
            _sum.Add(value);
        }
    }

    public override BsonValue Result() => _sum.Total();
}

internal sealed class AverageAccumulator : Accumulator
{
    private NumberSum _sum;

    public override void Add(BsonValue value)
    {
        if (value.IsNumber)
        {
            _sum.Add(value);
        }
    }

    public override BsonValue Result() => _sum.Average();
}

internal sealed class CountAccumulator : Accumulator
{
    private long _count;

    public override void Add(BsonValue value) => _count++;

    public override BsonValue Result() => BsonValue.Integer(_count);
}

internal sealed class ExtremeAccumulator(bool max) : Accumulator
{
    private BsonValue _best;

    public override void Add(BsonValue value)
    {
        if (value.IsNullish)
        {
            return;
        }
        int order = _best.IsMissing ? 1 : BsonCompare.Compare(value, _best) * (max ? 1 : -1);
        if (order > 0)
        {
            _best = value.Detach();
        }
    }

    public override BsonValue Result() => _best.IsMissing ? BsonValue.Null : _best;

    public override long MemoryBytes => _best.RawSlice.Length;
}

internal sealed class FirstAccumulator : Accumulator
{
    private BsonValue _first;
    private bool _any;

    public override void Add(BsonValue value)
    {
        if (!_any)
        {
            _any = true;
            _first = value.Detach();
        }
    }

    public override BsonValue Result() => _first;

    public override long MemoryBytes => _first.RawSlice.Length;
}

internal sealed class LastAccumulator : Accumulator
{
    private BsonValue _last;

    public override void Add(BsonValue value) => _last = value.Detach();

    public override BsonValue Result() => _last;

    public override long MemoryBytes => _last.RawSlice.Length;
}

/// <summary>Standard deviation by Welford's method; values that are no numbers are left out.</summary>
internal sealed class DeviationAccumulator(bool sample) : Accumulator
{
    private long _count;
    private double _mean;
    private double _squares;

    public override void Add(BsonValue value)
    {
        if (!value.IsNumber)
        {
            return;
        }
        double x = value.ToDouble();
        _count++;
        double delta = x - _mean;
        _mean += delta / _count;
        _squares += delta * (x - _mean);
    }

    public override BsonValue Result()
    {
        long divisor = sample ? _count - 1 : _count;
        return divisor <= 0 ? BsonValue.Null : BsonValue.Double(Math.Sqrt(_squares / divisor));
    }
}

internal sealed class MergeAccumulator : Accumulator
{
    private BsonDoc _merged;

    public override void Add(BsonValue value)
    {
        if (!value.IsNullish)
        {
            _merged = Operators.ObjectOperators.Merge(_merged, Operators.ObjectOperators.MergeInput(value)).Detach();
        }
    }

    public override BsonValue Result() => BsonValue.Document(_merged);

    public override long MemoryBytes => _merged.Length;
}
