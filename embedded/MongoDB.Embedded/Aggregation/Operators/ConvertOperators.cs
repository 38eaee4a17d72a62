using System.Globalization;
using MongoDB.Embedded.Aggregation.Dates;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"Type Expression Operators": <c>$convert</c>, its shorthands, <c>$type</c> and <c>$isNumber</c>.</summary>
internal static class ConvertOperators
{
    public static void Register(OperatorTable table)
    {
        table.Unary("$type", value => BsonValue.String(value.Type.Name()));
        table.Unary("$isNumber", value => BsonValue.Boolean(value.IsNumber));
        table.Add("$convert", ParseConvert);
        Shorthand(table, "$toBool", BsonType.Boolean);
        Shorthand(table, "$toInt", BsonType.Int32);
        Shorthand(table, "$toLong", BsonType.Int64);
        Shorthand(table, "$toDouble", BsonType.Double);
        Shorthand(table, "$toDecimal", BsonType.Decimal128);
        Shorthand(table, "$toString", BsonType.String);
        Shorthand(table, "$toObjectId", BsonType.ObjectId);
        Shorthand(table, "$toDate", BsonType.DateTime);
    }

    /// <summary>A scalar as <c>$toString</c> prints it.</summary>
    public static string Text(BsonValue value) => value.Type switch
    {
        BsonType.Boolean => value.AsBoolean ? "true" : "false",
        BsonType.Int32 or BsonType.Int64 => value.IntegerBits.ToString(CultureInfo.InvariantCulture),
        BsonType.Double => DoubleText(value.AsDouble),
        BsonType.Decimal128 => value.AsDecimal.ToString(),
        BsonType.ObjectId => value.AsObjectId.ToString(),
        BsonType.DateTime => DateFormat.IsoText(value.AsDateTimeMs),
        _ => throw new InvalidOperationException($"{value.Type} has no text"),
    };

    /// <exception cref="MongoError">ConversionFailure (241).</exception>
    public static BsonValue Convert(BsonValue value, BsonType target) => target switch
    {
        _ when value.Type == target => value,
        BsonType.Boolean => ToBool(value),
        BsonType.Int32 => ToInteger(value, target),
        BsonType.Int64 => ToInteger(value, target),
        BsonType.Double => ToDouble(value),
        BsonType.Decimal128 => ToDecimal(value),
        BsonType.String => ToText(value),
        BsonType.ObjectId => ToObjectId(value),
        BsonType.DateTime => ToDate(value),
        _ => throw Unsupported(value, target),
    };

    private static void Shorthand(OperatorTable table, string name, BsonType target) =>
        table.Unary(name, value => value.IsNullish ? BsonValue.Null : Convert(value, target));

    private static ConvertNode ParseConvert(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw MongoError.FailedToParse($"$convert expects an object of named arguments but found: {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument,
            ["input", "to", "onError", "onNull"],
            unknown => MongoError.FailedToParse($"$convert found an unknown argument: {unknown}"));
        return new ConvertNode(
            named.Required("input", parser, () => MongoError.FailedToParse("Missing 'input' parameter to $convert")),
            named.Required("to", parser, () => MongoError.FailedToParse("Missing 'to' parameter to $convert")),
            named.Optional("onError", parser),
            named.Optional("onNull", parser));
    }

    private static BsonValue ToBool(BsonValue value) => value.Type switch
    {
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => BsonValue.Boolean(value.IsTruthy),
        BsonType.String or BsonType.ObjectId or BsonType.DateTime => BsonValue.True,
        BsonType.Array or BsonType.Document or BsonType.Binary or BsonType.Regex or BsonType.Timestamp or BsonType.MinKey or BsonType.MaxKey
            or BsonType.JavaScript or BsonType.JavaScriptWithScope or BsonType.Symbol or BsonType.DbPointer => BsonValue.True,
        _ => throw Unsupported(value, BsonType.Boolean),
    };

    private static BsonValue ToInteger(BsonValue value, BsonType target)
    {
        long number;
        switch (value.Type)
        {
            case BsonType.Boolean:
                number = value.AsBoolean ? 1 : 0;
                break;
            case BsonType.Int32 or BsonType.Int64:
                number = value.IntegerBits;
                break;
            case BsonType.Double or BsonType.Decimal128:
                number = Truncate(value);
                break;
            case BsonType.DateTime when target == BsonType.Int64:
                number = value.AsDateTimeMs;
                break;
            case BsonType.String:
                number = ParseInteger(value.AsString, target);
                break;
            default:
                throw Unsupported(value, target);
        }
        if (target == BsonType.Int64)
        {
            return BsonValue.Int64(number);
        }
        return number is >= int.MinValue and <= int.MaxValue ? BsonValue.Int32((int)number) : throw Overflows(value);
    }

    private static long Truncate(BsonValue value)
    {
        if (value.IsNaN)
        {
            throw Failure("Attempt to convert NaN value to integer type in $convert with no onError value");
        }
        bool infinite = value.Type == BsonType.Double ? double.IsInfinity(value.AsDouble) : value.AsDecimal.IsInfinity;
        if (infinite)
        {
            throw Failure("Attempt to convert infinity value to integer type in $convert with no onError value");
        }
        if (value.Type == BsonType.Double)
        {
            BsonValue whole = BsonValue.Double(Math.Truncate(value.AsDouble));
            return whole.TryToInt64Exact(out long number) ? number : throw Overflows(value);
        }
        return value.AsDecimal.RoundTo(0, DecimalRounding.TowardZero).TryToInt64Exact(out long cut) ? cut : throw Overflows(value);
    }

    private static long ParseInteger(string text, BsonType target)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && (target == BsonType.Int64 || number is >= int.MinValue and <= int.MaxValue))
        {
            return number;
        }
        ReadOnlySpan<char> digits = text.AsSpan().TrimStart("+-");
        string reason = text.Length == 0 ? "No digits"
            : digits.Length > 0 && digits.Length >= text.Length - 1 && !digits.ContainsAnyExceptInRange('0', '9') ? "Overflow"
            : text.Any(char.IsAsciiDigit) && char.IsAsciiDigit(digits.IsEmpty ? ' ' : digits[0]) ? "Did not consume whole string."
            : "Did not consume any digits";
        throw Unparsable(text, reason);
    }

    private static BsonValue ToDouble(BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Boolean:
                return BsonValue.Double(value.AsBoolean ? 1 : 0);
            case BsonType.Int32 or BsonType.Int64:
                return BsonValue.Double(value.IntegerBits);
            case BsonType.Decimal128:
                double nearest = value.AsDecimal.ToDouble();
                return double.IsInfinity(nearest) && !value.AsDecimal.IsInfinity ? throw Overflows(value) : BsonValue.Double(nearest);
            case BsonType.DateTime:
                return BsonValue.Double(value.AsDateTimeMs);
            case BsonType.String:
                string text = value.AsString;
                return TryDouble(text, out double number)
                    ? BsonValue.Double(number)
                    : throw Unparsable(text, text.Length == 0 ? "Empty string" : "Did not consume whole string.");
            default:
                throw Unsupported(value, BsonType.Double);
        }
    }

    private static bool TryDouble(string text, out double number)
    {
        // Decimal128's parser knows the same notation; it refuses blanks and group separators, which double.Parse may not.
        number = 0;
        if (!Decimal128.TryParse(text, out Decimal128 value))
        {
            return false;
        }
        if (!value.IsFinite)
        {
            number = value.ToDouble();
            return true;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private static BsonValue ToDecimal(BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Boolean:
                return BsonValue.Decimal(value.AsBoolean ? Decimal128.One : Decimal128.Zero);
            case BsonType.Int32 or BsonType.Int64 or BsonType.Double:
                return BsonValue.Decimal(value.ToDecimal());
            case BsonType.DateTime:
                return BsonValue.Decimal(Decimal128.FromInt64(value.AsDateTimeMs));
            case BsonType.String:
                string text = value.AsString;
                return Decimal128.TryParse(text, out Decimal128 number)
                    ? BsonValue.Decimal(number)
                    : throw Unparsable(text, text.Length == 0 ? "Empty string" : "Failed to parse string to decimal");
            default:
                throw Unsupported(value, BsonType.Decimal128);
        }
    }

    private static BsonValue ToText(BsonValue value) => value.Type switch
    {
        BsonType.Boolean or BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 or BsonType.ObjectId
            or BsonType.DateTime => BsonValue.String(Text(value)),
        _ => throw Unsupported(value, BsonType.String),
    };

    private static BsonValue ToObjectId(BsonValue value)
    {
        if (!value.IsString)
        {
            throw Unsupported(value, BsonType.ObjectId);
        }
        string text = value.AsString;
        if (ObjectId.TryParse(text, out ObjectId id))
        {
            return BsonValue.ObjectId(id);
        }
        string reason = text.Length != 24
            ? $"Invalid string length for parsing to OID, expected 24 but found {text.Length}"
            : $"Invalid character found in hex string: {text}";
        throw Failure($"Failed to parse objectId '{text}' in $convert with no onError value: {reason}");
    }

    private static BsonValue ToDate(BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Int64:
                return BsonValue.DateTime(value.AsInt64);
            case BsonType.Double or BsonType.Decimal128:
                return BsonValue.DateTime(Truncate(value));
            case BsonType.ObjectId or BsonType.Timestamp:
                return BsonValue.DateTime(DateArguments.Milliseconds(value));
            case BsonType.String:
                return BsonValue.DateTime(DateParser.Parse(value.AsString, zone: null));
            default:
                throw Unsupported(value, BsonType.DateTime);
        }
    }

    // As C prints %.16g, which is what the server's strings have always been.
    private static string DoubleText(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }
        return value.ToString("G16", CultureInfo.InvariantCulture).Replace('E', 'e');
    }

    private static MongoError Failure(string message) => new(ErrorCode.ConversionFailure, message);

    private static MongoError Unsupported(BsonValue value, BsonType target) =>
        Failure($"Unsupported conversion from {value.Type.Name()} to {target.Name()} in $convert with no onError value");

    private static MongoError Overflows(BsonValue value) =>
        Failure($"Conversion would overflow target type in $convert with no onError value: {BsonText.ToShell(value)}");

    private static MongoError Unparsable(string text, string reason) =>
        Failure($"Failed to parse number '{text}' in $convert with no onError value: {reason}");

    private sealed class ConvertNode(ExpressionNode input, ExpressionNode to, ExpressionNode? onError, ExpressionNode? onNull) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue value = input.Evaluate(context);
            BsonValue target = to.Evaluate(context);
            BsonType? type = target.IsNullish ? null : TargetType(target);
            if (value.IsNullish)
            {
                return onNull?.Evaluate(context) ?? BsonValue.Null;
            }
            if (type is null)
            {
                return BsonValue.Null;
            }
            try
            {
                return Convert(value, type.Value);
            }
            catch (MongoError error) when (onError is not null && error.Is(ErrorCode.ConversionFailure))
            {
                return onError.Evaluate(context);
            }
        }

        private static BsonType TargetType(BsonValue target)
        {
            if (target.IsString)
            {
                return BsonTypes.TryFromAlias(target.AsString, out BsonType type)
                    ? type
                    : throw MongoError.BadValue($"Unknown type name: {target.AsString}");
            }
            if (!target.IsNumber)
            {
                throw MongoError.FailedToParse($"$convert's 'to' argument must be a string or number, but is {target.Type.Name()}");
            }
            if (!target.TryToInt64Exact(out long code))
            {
                throw MongoError.FailedToParse("In $convert, numeric 'to' argument is not an integer");
            }
            return BsonTypes.TryFromCode(code, out BsonType byCode)
                ? byCode
                : throw MongoError.FailedToParse($"In $convert, numeric value for 'to' does not correspond to a BSON type: {code}");
        }
    }
}
