using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary><c>$sqrt $exp $ln $log $log10 $pow</c> and "Trigonometry Expression Operators". Decimals are computed as decimals, trigonometry of decimals through doubles.</summary>
internal static class ExponentialOperators
{
    public static void Register(OperatorTable table)
    {
        table.Unary("$sqrt", Sqrt);
        table.Unary("$exp", value => Apply("$exp", value, Math.Exp, d => d.Exp()));
        table.Unary("$ln", value => Logarithm("$ln", 28766, value, Math.Log, d => d.Ln()));
        table.Unary("$log10", value => Logarithm("$log10", 28761, value, Math.Log10, d => d.Log10()));
        table.Binary("$log", Log);
        table.Binary("$pow", Pow);
        Angle(table, "$sin", Math.Sin, double.NegativeInfinity, double.PositiveInfinity, open: true);
        Angle(table, "$cos", Math.Cos, double.NegativeInfinity, double.PositiveInfinity, open: true);
        Angle(table, "$tan", Math.Tan, double.NegativeInfinity, double.PositiveInfinity, open: true);
        Angle(table, "$asin", Math.Asin, -1, 1);
        Angle(table, "$acos", Math.Acos, -1, 1);
        Angle(table, "$atan", Math.Atan);
        Angle(table, "$sinh", Math.Sinh);
        Angle(table, "$cosh", Math.Cosh);
        Angle(table, "$tanh", Math.Tanh);
        Angle(table, "$asinh", Math.Asinh);
        Angle(table, "$acosh", Math.Acosh, 1, double.PositiveInfinity);
        Angle(table, "$atanh", Math.Atanh, -1, 1);
        Angle(table, "$degreesToRadians", d => d * (Math.PI / 180));
        Angle(table, "$radiansToDegrees", r => r * (180 / Math.PI));
        table.Binary("$atan2", Atan2);
    }

    private static BsonValue Apply(string name, BsonValue value, Func<double, double> onDouble, Func<Decimal128, Decimal128> onDecimal) =>
        value.Type == BsonType.Decimal128 ? BsonValue.Decimal(onDecimal(value.AsDecimal))
        : value.IsNumber ? BsonValue.Double(onDouble(value.ToDouble()))
        : ArithmeticOperators.NullOrNotNumeric(name, value);

    private static BsonValue Sqrt(BsonValue value)
    {
        if (value.IsNumber && !value.IsNaN && BsonCompare.CompareNumbers(value, BsonValue.Int32(0)) < 0)
        {
            throw new MongoError(28714, "$sqrt's argument must be greater than or equal to 0");
        }
        return Apply("$sqrt", value, Math.Sqrt, d => d.Sqrt());
    }

    private static BsonValue Logarithm(string name, int code, BsonValue value, Func<double, double> onDouble, Func<Decimal128, Decimal128> onDecimal)
    {
        if (value.IsNumber && !value.IsNaN && BsonCompare.CompareNumbers(value, BsonValue.Int32(0)) <= 0)
        {
            throw new MongoError(code, $"{name}'s argument must be a positive number, but is {BsonText.ToShell(value)}");
        }
        return Apply(name, value, onDouble, onDecimal);
    }

    private static BsonValue Log(BsonValue number, BsonValue radix)
    {
        if (number.IsNullish || radix.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!number.IsNumber)
        {
            throw new MongoError(28756, $"$log's argument must be numeric, not {number.Type.Name()}");
        }
        if (!radix.IsNumber)
        {
            throw new MongoError(28757, $"$log's base must be numeric, not {radix.Type.Name()}");
        }
        if (!number.IsNaN && BsonCompare.CompareNumbers(number, BsonValue.Int32(0)) <= 0)
        {
            throw new MongoError(28758, $"$log's argument must be a positive number, but is {BsonText.ToShell(number)}");
        }
        if (!radix.IsNaN && (BsonCompare.CompareNumbers(radix, BsonValue.Int32(0)) <= 0 || BsonCompare.CompareNumbers(radix, BsonValue.Int32(1)) == 0))
        {
            throw new MongoError(28759, $"$log's base must be a positive number not equal to 1, but is {BsonText.ToShell(radix)}");
        }
        return ArithmeticOperators.Wider(number, radix) == BsonType.Decimal128
            ? BsonValue.Decimal(number.ToDecimal().Ln() / radix.ToDecimal().Ln())
            : BsonValue.Double(Math.Log(number.ToDouble()) / Math.Log(radix.ToDouble()));
    }

    private static BsonValue Pow(BsonValue number, BsonValue exponent)
    {
        if (number.IsNullish || exponent.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!number.IsNumber)
        {
            throw new MongoError(28762, $"$pow's base must be numeric, not {number.Type.Name()}");
        }
        if (!exponent.IsNumber)
        {
            throw new MongoError(28763, $"$pow's exponent must be numeric, not {exponent.Type.Name()}");
        }
        if (!number.IsNaN && BsonCompare.CompareNumbers(number, BsonValue.Int32(0)) == 0
            && !exponent.IsNaN && BsonCompare.CompareNumbers(exponent, BsonValue.Int32(0)) < 0)
        {
            throw new MongoError(28764, "$pow cannot take a base of 0 and a negative exponent");
        }
        BsonType type = ArithmeticOperators.Wider(number, exponent);
        if (type == BsonType.Decimal128)
        {
            return BsonValue.Decimal(number.ToDecimal().Pow(exponent.ToDecimal()));
        }
        return type == BsonType.Double || exponent.IntegerBits < 0 || !TryWholePower(number.IntegerBits, exponent.IntegerBits, out long power)
            ? BsonValue.Double(Math.Pow(number.ToDouble(), exponent.ToDouble()))
            : ArithmeticOperators.Integer(power, type);
    }

    private static bool TryWholePower(long number, long exponent, out long power)
    {
        power = 1;
        if (number is 0 or 1 or -1)
        {
            power = exponent == 0 ? 1 : number == -1 && exponent % 2 == 0 ? 1 : number;
            return true;
        }
        // The smallest base that is left outgrows a long after 63 doublings.
        for (long i = 0; i < exponent; i++)
        {
            Int128 next = (Int128)power * number;
            if (i > 63 || next < long.MinValue || next > long.MaxValue)
            {
                return false;
            }
            power = (long)next;
        }
        return true;
    }

    private static void Angle(
        OperatorTable table,
        string name,
        Func<double, double> function,
        double least = double.NegativeInfinity,
        double most = double.PositiveInfinity,
        bool open = false) => table.Unary(name, value =>
    {
        if (value.IsNumber && !value.IsNaN)
        {
            double angle = value.ToDouble();
            if (open ? angle <= least || angle >= most : angle < least || angle > most)
            {
                string range = $"{(open ? '(' : '[')}{BsonText.DoubleText(least)},{BsonText.DoubleText(most)}{(open ? ')' : ']')}";
                throw new MongoError(50989, $"cannot apply {name} to {BsonText.ToShell(value)}, value must be in {range}");
            }
        }
        return Apply(name, value, function, d => Decimal128.FromDouble(function(d.ToDouble())));
    });

    private static BsonValue Atan2(BsonValue y, BsonValue x)
    {
        if (y.IsNullish || x.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!y.IsNumber)
        {
            throw new MongoError(51044, $"$atan2 only supports numeric types, not {y.Type.Name()}");
        }
        if (!x.IsNumber)
        {
            throw new MongoError(51045, $"$atan2 only supports numeric types, not {x.Type.Name()}");
        }
        double angle = Math.Atan2(y.ToDouble(), x.ToDouble());
        return ArithmeticOperators.Wider(y, x) == BsonType.Decimal128
            ? BsonValue.Decimal(Decimal128.FromDouble(angle))
            : BsonValue.Double(angle);
    }
}
