using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"Arithmetic Expression Operators": the result has the wider type, an integer that overflows the next one.</summary>
internal static class ArithmeticOperators
{
    public static void Register(OperatorTable table)
    {
        table.Nary("$add", 0, int.MaxValue, Add);
        table.Binary("$subtract", Subtract);
        table.Nary("$multiply", 0, int.MaxValue, Multiply);
        table.Binary("$divide", Divide);
        table.Binary("$mod", Mod);
        table.Unary("$abs", Abs);
        table.Unary("$ceil", value => Whole("$ceil", value, Math.Ceiling, DecimalRounding.Ceiling));
        table.Unary("$floor", value => Whole("$floor", value, Math.Floor, DecimalRounding.Floor));
        table.Nary("$round", 1, 2, arguments => Round("$round", arguments, DecimalRounding.HalfEven));
        table.Nary("$trunc", 1, 2, arguments => Round("$trunc", arguments, DecimalRounding.TowardZero));
        table.Nary("$bitAnd", 0, int.MaxValue, arguments => Bits("$bitAnd", arguments, -1, (a, b) => a & b));
        table.Nary("$bitOr", 0, int.MaxValue, arguments => Bits("$bitOr", arguments, 0, (a, b) => a | b));
        table.Nary("$bitXor", 0, int.MaxValue, arguments => Bits("$bitXor", arguments, 0, (a, b) => a ^ b));
        table.Unary("$bitNot", BitNot);
    }

    private static BsonValue Add(ReadOnlySpan<BsonValue> arguments)
    {
        NumberSum sum = default;
        BsonValue date = default;
        foreach (BsonValue value in arguments)
        {
            if (value.IsNullish)
            {
                return BsonValue.Null;
            }
            if (value.Type == BsonType.DateTime)
            {
                date = date.IsMissing ? value : throw new MongoError(16612, "only one date allowed in an $add expression");
            }
            else if (value.IsNumber)
            {
                sum.Add(value);
            }
            else
            {
                throw MongoError.TypeMismatch($"$add only supports numeric or date types, not {value.Type.Name()}");
            }
        }
        return date.IsMissing ? sum.Total() : Shift(date, sum.Total(), 1, "$add");
    }

    private static BsonValue Subtract(BsonValue left, BsonValue right)
    {
        if (left.IsNullish || right.IsNullish)
        {
            return BsonValue.Null;
        }
        if (left.Type == BsonType.DateTime && right.Type == BsonType.DateTime)
        {
            return BsonValue.Int64(unchecked(left.AsDateTimeMs - right.AsDateTimeMs));
        }
        if (left.Type == BsonType.DateTime && right.IsNumber)
        {
            return Shift(left, right, -1, "$subtract");
        }
        if (!left.IsNumber || !right.IsNumber)
        {
            throw MongoError.TypeMismatch($"can't $subtract {right.Type.Name()} from {left.Type.Name()}");
        }
        return Wider(left, right) switch
        {
            BsonType.Decimal128 => BsonValue.Decimal(left.ToDecimal() - right.ToDecimal()),
            BsonType.Double => BsonValue.Double(left.ToDouble() - right.ToDouble()),
            BsonType type => Integer((Int128)left.IntegerBits - right.IntegerBits, type),
        };
    }

    private static BsonValue Multiply(ReadOnlySpan<BsonValue> arguments)
    {
        BsonValue product = BsonValue.Int32(1);
        foreach (BsonValue value in arguments)
        {
            if (value.IsNullish)
            {
                return BsonValue.Null;
            }
            if (!value.IsNumber)
            {
                throw MongoError.TypeMismatch($"$multiply only supports numeric types, not {value.Type.Name()}");
            }
            product = Wider(product, value) switch
            {
                BsonType.Decimal128 => BsonValue.Decimal(product.ToDecimal() * value.ToDecimal()),
                BsonType.Double => BsonValue.Double(product.ToDouble() * value.ToDouble()),
                BsonType type => Integer((Int128)product.IntegerBits * value.IntegerBits, type),
            };
        }
        return product;
    }

    private static BsonValue Divide(BsonValue left, BsonValue right)
    {
        if (left.IsNumber && right.IsNumber)
        {
            if (Wider(left, right) == BsonType.Decimal128)
            {
                return right.ToDecimal().IsZero
                    ? throw MongoError.BadValue("can't $divide by zero")
                    : BsonValue.Decimal(left.ToDecimal() / right.ToDecimal());
            }
            double divisor = right.ToDouble();
            return divisor == 0
                ? throw MongoError.BadValue("can't $divide by zero")
                : BsonValue.Double(left.ToDouble() / divisor);
        }
        return left.IsNullish || right.IsNullish
            ? BsonValue.Null
            : throw MongoError.TypeMismatch($"$divide only supports numeric types, not {left.Type.Name()} and {right.Type.Name()}");
    }

    private static BsonValue Mod(BsonValue left, BsonValue right)
    {
        if (left.IsNumber && right.IsNumber)
        {
            BsonType type = Wider(left, right);
            if (type == BsonType.Decimal128 ? right.ToDecimal().IsZero : right.ToDouble() == 0)
            {
                throw MongoError.BadValue("can't $mod by zero");
            }
            return type switch
            {
                BsonType.Decimal128 => BsonValue.Decimal(left.ToDecimal() % right.ToDecimal()),
                BsonType.Double => BsonValue.Double(left.ToDouble() % right.ToDouble()),
                _ => Integer(right.IntegerBits == -1 ? 0 : left.IntegerBits % right.IntegerBits, type),
            };
        }
        return left.IsNullish || right.IsNullish
            ? BsonValue.Null
            : throw MongoError.TypeMismatch($"$mod only supports numeric types, not {left.Type.Name()} and {right.Type.Name()}");
    }

    private static BsonValue Abs(BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Double:
                return BsonValue.Double(Math.Abs(value.AsDouble));
            case BsonType.Decimal128:
                return BsonValue.Decimal(value.AsDecimal.Abs());
            case BsonType.Int32 or BsonType.Int64:
                return value.IntegerBits == long.MinValue
                    ? throw new MongoError(28680, "can't take $abs of long long min")
                    : Integer(Math.Abs(value.IntegerBits), value.Type);
            default:
                return NullOrNotNumeric("$abs", value);
        }
    }

    private static BsonValue Whole(string name, BsonValue value, Func<double, double> onDouble, DecimalRounding rounding) => value.Type switch
    {
        BsonType.Int32 or BsonType.Int64 => value,
        BsonType.Double => BsonValue.Double(onDouble(value.AsDouble)),
        BsonType.Decimal128 => BsonValue.Decimal(value.AsDecimal.RoundTo(0, rounding)),
        _ => NullOrNotNumeric(name, value),
    };

    private static BsonValue Round(string name, ReadOnlySpan<BsonValue> arguments, DecimalRounding rounding)
    {
        BsonValue number = arguments[0];
        BsonValue place = arguments.Length > 1 ? arguments[1] : BsonValue.Int32(0);
        if (number.IsNullish || place.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!number.IsNumber)
        {
            throw new MongoError(51081, $"{name} only supports numeric types, not {number.Type.Name()}");
        }
        if (!place.IsNumber || !place.TryToInt64Exact(out long places))
        {
            throw new MongoError(51082, $"precision argument to  {name} must be a integral value");
        }
        if (places is < -20 or > 100)
        {
            throw new MongoError(51083, $"cannot apply {name} with precision value {places} value must be in [-20, 100]");
        }
        Decimal128 exact = number.Type == BsonType.Double ? Exact(number.AsDouble) : number.ToDecimal();
        switch (number.Type)
        {
            case BsonType.Double:
                return double.IsFinite(number.AsDouble)
                    ? BsonValue.Double(exact.RoundTo((int)places, rounding).ToDouble())
                    : number;
            case BsonType.Decimal128:
                return BsonValue.Decimal(exact.RoundTo((int)places, rounding));
            default:
                if (places >= 0)
                {
                    return number;
                }
                return exact.RoundTo((int)places, rounding).TryToInt64Exact(out long rounded)
                    ? Integer(rounded, number.Type)
                    : throw new MongoError(51080, "invalid conversion from Decimal128 result in $round resulting from arguments");
        }
    }

    // All 17 digits that tell doubles apart, so that 2.675 rounds as the number written 2.675.
    private static Decimal128 Exact(double value) =>
        Decimal128.Parse(value.ToString("R", System.Globalization.CultureInfo.InvariantCulture).Replace("∞", "Infinity", StringComparison.Ordinal));

    private static BsonValue Bits(string name, ReadOnlySpan<BsonValue> arguments, long start, Func<long, long, long> combine)
    {
        long bits = start;
        bool wide = false;
        foreach (BsonValue value in arguments)
        {
            if (value.IsNullish)
            {
                return BsonValue.Null;
            }
            if (value.Type is not (BsonType.Int32 or BsonType.Int64))
            {
                throw MongoError.TypeMismatch($"{name} only supports int and long operands.");
            }
            wide |= value.Type == BsonType.Int64;
            bits = combine(bits, value.IntegerBits);
        }
        return wide ? BsonValue.Int64(bits) : BsonValue.Int32((int)bits);
    }

    private static BsonValue BitNot(BsonValue value) => value.Type switch
    {
        BsonType.Int32 => BsonValue.Int32(~value.AsInt32),
        BsonType.Int64 => BsonValue.Int64(~value.AsInt64),
        BsonType.Double or BsonType.Decimal128 => throw MongoError.TypeMismatch($"$bitNot only supports int and long, not: {value.Type.Name()}."),
        _ => NullOrNotNumeric("$bitNot", value),
    };

    /// <summary>Null for nullish values, an error for others that are no numbers.</summary>
    public static BsonValue NullOrNotNumeric(string name, BsonValue value) => value.IsNullish
        ? BsonValue.Null
        : throw new MongoError(28765, $"{name} only supports numeric types, not {value.Type.Name()}");

    /// <summary>An integer result in the type of its operands, or the next one that holds it.</summary>
    public static BsonValue Integer(Int128 value, BsonType type)
    {
        if (type == BsonType.Int32 && value >= int.MinValue && value <= int.MaxValue)
        {
            return BsonValue.Int32((int)value);
        }
        return value >= long.MinValue && value <= long.MaxValue ? BsonValue.Int64((long)value) : BsonValue.Double((double)value);
    }

    public static BsonType Wider(BsonValue a, BsonValue b) => NumberSum.Rank(a.Type) >= NumberSum.Rank(b.Type) ? a.Type : b.Type;

    private static BsonValue Shift(BsonValue date, BsonValue milliseconds, int sign, string name)
    {
        bool finite = milliseconds.Type switch
        {
            BsonType.Double => Math.Abs(milliseconds.AsDouble) < 9.2e18,
            BsonType.Decimal128 => milliseconds.AsDecimal.RoundTo(0, DecimalRounding.HalfEven).TryToInt64Exact(out _),
            _ => true,
        };
        if (!finite)
        {
            throw new MongoError(ErrorCode.Overflow, $"date overflow in {name}");
        }
        long offset = milliseconds.Type switch
        {
            BsonType.Double => (long)Math.Round(milliseconds.AsDouble, MidpointRounding.AwayFromZero),
            BsonType.Decimal128 => milliseconds.AsDecimal.RoundTo(0, DecimalRounding.HalfEven).ToInt64Saturating(),
            _ => milliseconds.IntegerBits,
        };
        Int128 result = date.AsDateTimeMs + (Int128)sign * offset;
        return result >= long.MinValue && result <= long.MaxValue
            ? BsonValue.DateTime((long)result)
            : throw new MongoError(ErrorCode.Overflow, $"date overflow in {name}");
    }
}
