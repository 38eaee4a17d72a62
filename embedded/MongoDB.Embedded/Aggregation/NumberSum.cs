using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Aggregation;

/// <summary>
/// A running sum whose type is the widest of what was added: int, long when it outgrows int, double when it outgrows long.
/// Integers are summed exactly and doubles with a compensation term, so the order of documents does not show in the result.
/// </summary>
internal struct NumberSum
{
    private Int128 _integers;
    private double _high;
    private double _low;
    private double _plain;
    private Decimal128? _decimal;
    private BsonType _widest;

    /// <summary>How many numbers were added.</summary>
    public long Count { get; private set; }

    public void Add(BsonValue number)
    {
        Count++;
        _widest = Wider(_widest, number.Type);
        switch (number.Type)
        {
            case BsonType.Int32 or BsonType.Int64:
                _integers += number.IntegerBits;
                break;
            case BsonType.Double:
                AddDouble(number.AsDouble);
                break;
            default:
                _decimal = _decimal is { } sum ? sum + number.AsDecimal : number.AsDecimal;
                break;
        }
    }

    /// <summary>The sum; int 0 when nothing was added.</summary>
    public readonly BsonValue Total() => _widest switch
    {
        BsonType.Missing => BsonValue.Int32(0),
        BsonType.Decimal128 => BsonValue.Decimal(AsDecimal()),
        BsonType.Double => BsonValue.Double(AsDouble()),
        BsonType.Int32 when _integers >= int.MinValue && _integers <= int.MaxValue => BsonValue.Int32((int)_integers),
        _ when _integers >= long.MinValue && _integers <= long.MaxValue => BsonValue.Int64((long)_integers),
        _ => BsonValue.Double((double)_integers),
    };

    /// <summary>The average, a double or a decimal; null when nothing was added.</summary>
    public readonly BsonValue Average()
    {
        if (Count == 0)
        {
            return BsonValue.Null;
        }
        return _widest == BsonType.Decimal128
            ? BsonValue.Decimal(AsDecimal() / Decimal128.FromInt64(Count))
            : BsonValue.Double(AsDouble() / Count);
    }

    private readonly double AsDouble()
    {
        double compensated = _high + _low;
        return double.IsFinite(compensated) ? compensated + (double)_integers : _plain + (double)_integers;
    }

    private readonly Decimal128 AsDecimal()
    {
        Decimal128 sum = _decimal ?? Decimal128.Zero;
        if (_integers != 0)
        {
            sum += Decimal128.Parse(_integers.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        double doubles = _high + _low;
        doubles = double.IsFinite(doubles) ? doubles : _plain;
        return doubles == 0 ? sum : sum + Decimal128.FromDouble(doubles);
    }

    // Two-sum: the rounding error of each addition is kept and added at the end.
    private void AddDouble(double value)
    {
        _plain += value;
        double sum = _high + value;
        double part = sum - _high;
        _low += _high - (sum - part) + (value - part);
        _high = sum;
    }

    private static BsonType Wider(BsonType a, BsonType b) => Rank(a) >= Rank(b) ? a : b;

    internal static int Rank(BsonType type) => type switch
    {
        BsonType.Int32 => 1,
        BsonType.Int64 => 2,
        BsonType.Double => 3,
        BsonType.Decimal128 => 4,
        _ => 0,
    };
}
