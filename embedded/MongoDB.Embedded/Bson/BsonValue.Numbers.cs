namespace MongoDB.Embedded.Bson;

internal readonly partial struct BsonValue
{
    // 2^63: the first double above the range of long. Every double below it in magnitude converts without overflow.
    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary>What a boolean context makes of it: false, zero, null, undefined and missing are false, all else true.</summary>
    public bool IsTruthy => _type switch
    {
        BsonType.Missing or BsonType.Null or BsonType.Undefined => false,
        BsonType.Boolean or BsonType.Int32 or BsonType.Int64 => _bits != 0,
        BsonType.Double => AsDouble != 0,
        BsonType.Decimal128 => !AsDecimal.IsZero,
        _ => true,
    };

    /// <summary>True for the double or decimal NaN.</summary>
    public bool IsNaN => _type switch
    {
        BsonType.Double => double.IsNaN(AsDouble),
        BsonType.Decimal128 => AsDecimal.IsNaN,
        _ => false,
    };

    /// <summary>An integer of int or long; other types throw.</summary>
    public long IntegerBits => _type is BsonType.Int32 or BsonType.Int64 ? _bits : throw Wrong(BsonType.Int64);

    /// <summary>The number as long if it is one exactly (1, NumberLong(1), 1.0, NumberDecimal("1.0")).</summary>
    public bool TryToInt64Exact(out long value)
    {
        switch (_type)
        {
            case BsonType.Int32 or BsonType.Int64:
                value = _bits;
                return true;
            case BsonType.Double:
                double d = AsDouble;
                if (d is >= -TwoTo63 and < TwoTo63 && Math.Truncate(d) == d)
                {
                    value = (long)d;
                    return true;
                }
                break;
            case BsonType.Decimal128:
                return AsDecimal.TryToInt64Exact(out value);
            default:
                break;
        }
        value = 0;
        return false;
    }

    /// <summary>The number as int if it is one exactly.</summary>
    public bool TryToInt32Exact(out int value)
    {
        bool good = TryToInt64Exact(out long wide) && wide is >= int.MinValue and <= int.MaxValue;
        value = good ? (int)wide : 0;
        return good;
    }

    /// <summary>The number cut to a long: NaN is 0, what is out of range is the nearest end.</summary>
    public long ToInt64Saturating()
    {
        switch (_type)
        {
            case BsonType.Int32 or BsonType.Int64:
                return _bits;
            case BsonType.Double:
                double d = AsDouble;
                return double.IsNaN(d) ? 0 : d >= TwoTo63 ? long.MaxValue : d < -TwoTo63 ? long.MinValue : (long)d;
            case BsonType.Decimal128:
                return AsDecimal.ToInt64Saturating();
            default:
                throw Wrong(BsonType.Int64);
        }
    }

    /// <summary>The nearest double.</summary>
    public double ToDouble() => _type switch
    {
        BsonType.Int32 or BsonType.Int64 => _bits,
        BsonType.Double => AsDouble,
        BsonType.Decimal128 => AsDecimal.ToDouble(),
        _ => throw Wrong(BsonType.Double),
    };

    /// <summary>The number as decimal; a double keeps 15 digits, as the server converts it.</summary>
    public Decimal128 ToDecimal() => _type switch
    {
        BsonType.Int32 or BsonType.Int64 => Decimal128.FromInt64(_bits),
        BsonType.Double => Decimal128.FromDouble(AsDouble),
        BsonType.Decimal128 => AsDecimal,
        _ => throw Wrong(BsonType.Decimal128),
    };
}
