using MongoDB.Embedded.Aggregation.Dates;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary><c>$dateToString</c>, <c>$dateFromString</c>, <c>$dateAdd</c>, <c>$dateSubtract</c>, <c>$dateDiff</c>, <c>$dateTrunc</c>.</summary>
internal static class DateOperators
{
    public static void Register(OperatorTable table)
    {
        table.Add("$dateToString", ParseToString);
        table.Add("$dateFromString", ParseFromString);
        table.Add("$dateAdd", (argument, parser) => ParseAdd("$dateAdd", argument, parser, 1));
        table.Add("$dateSubtract", (argument, parser) => ParseAdd("$dateSubtract", argument, parser, -1));
        table.Add("$dateDiff", ParseDiff);
        table.Add("$dateTrunc", ParseTrunc);
    }

    private static ToStringNode ParseToString(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(18629, "$dateToString only supports an object as its argument");
        }
        var named = NamedArguments.Read(
            argument.AsDocument,
            ["date", "format", "timezone", "onNull"],
            unknown => new MongoError(18534, $"Unrecognized argument to $dateToString: {unknown}"));
        return new ToStringNode(
            named.Required("date", parser, () => new MongoError(18628, "Missing 'date' parameter to $dateToString")),
            named.Optional("format", parser),
            named.Optional("timezone", parser),
            named.Optional("onNull", parser));
    }

    private static FromStringNode ParseFromString(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(40540, $"$dateFromString only supports an object as an argument, found: {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument,
            ["dateString", "format", "timezone", "onError", "onNull"],
            unknown => new MongoError(40541, $"Unrecognized argument to $dateFromString: {unknown}"));
        return new FromStringNode(
            named.Required("dateString", parser, () => new MongoError(40542, "Missing 'dateString' parameter to $dateFromString")),
            named.Optional("format", parser),
            named.Optional("timezone", parser),
            named.Optional("onError", parser),
            named.Optional("onNull", parser));
    }

    private static AddNode ParseAdd(string name, BsonValue argument, ExpressionParser parser, int sign)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(5166400, $"{name} expects an object as its argument.found input type:{argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument,
            ["startDate", "unit", "amount", "timezone"],
            unknown => new MongoError(5166401, $"Unrecognized argument to {name}: {unknown}. Expected arguments are startDate, unit, amount, and optionally timezone."));
        MongoError Missing() => new(5166402, $"{name} requires startDate, unit, and amount to be present");
        return new AddNode(
            name,
            named.Required("startDate", parser, Missing),
            named.Required("unit", parser, Missing),
            named.Required("amount", parser, Missing),
            named.Optional("timezone", parser),
            sign);
    }

    private static DiffNode ParseDiff(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(5166301, "$dateDiff only supports an object as its argument");
        }
        var named = NamedArguments.Read(
            argument.AsDocument,
            ["startDate", "endDate", "unit", "timezone", "startOfWeek"],
            unknown => new MongoError(5166302, $"Unrecognized argument to $dateDiff: {unknown}"));
        return new DiffNode(
            named.Required("startDate", parser, () => new MongoError(5166303, "Missing 'startDate' parameter to $dateDiff")),
            named.Required("endDate", parser, () => new MongoError(5166304, "Missing 'endDate' parameter to $dateDiff")),
            named.Required("unit", parser, () => new MongoError(5166305, "Missing 'unit' parameter to $dateDiff")),
            named.Optional("timezone", parser),
            named.Optional("startOfWeek", parser));
    }

    private static TruncNode ParseTrunc(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(5439007, "$dateTrunc only supports an object as its argument");
        }
        var named = NamedArguments.Read(
            argument.AsDocument,
            ["date", "unit", "binSize", "timezone", "startOfWeek"],
            unknown => new MongoError(5439008, $"Unrecognized argument to $dateTrunc: {unknown}"));
        return new TruncNode(
            named.Required("date", parser, () => new MongoError(5439009, "Missing 'date' parameter to $dateTrunc")),
            named.Required("unit", parser, () => new MongoError(5439010, "Missing 'unit' parameter to $dateTrunc")),
            named.Optional("binSize", parser),
            named.Optional("timezone", parser),
            named.Optional("startOfWeek", parser));
    }

    private static DateUnit UnitOf(string name, int code, BsonValue value)
    {
        if (!value.IsString)
        {
            throw new MongoError(code, $"{name} requires 'unit' to be a string, but got {value.Type.Name()}");
        }
        return DateUnits.TryParse(value.AsString, out DateUnit unit)
            ? unit
            : throw MongoError.FailedToParse($"{name} parameter 'unit' value cannot be recognized as a time unit: {value.AsString}");
    }

    private static int? WeekdayOf(string name, int code, ExpressionNode? node, EvaluationContext context)
    {
        if (node is null)
        {
            return 0;
        }
        BsonValue value = node.Evaluate(context);
        if (value.IsNullish)
        {
            return null;
        }
        if (!value.IsString)
        {
            throw new MongoError(code, $"{name} requires 'startOfWeek' to be a string, but got {value.Type.Name()}");
        }
        return DateUnits.TryWeekday(value.AsString, out int day)
            ? day
            : throw MongoError.FailedToParse($"{name} parameter 'startOfWeek' value cannot be recognized as a day of a week: {value.AsString}");
    }

    private sealed class ToStringNode(ExpressionNode date, ExpressionNode? format, ExpressionNode? zone, ExpressionNode? onNull) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue pattern = format?.Evaluate(context) ?? BsonValue.Missing;
            if (format is not null && !pattern.IsString && !pattern.IsNullish)
            {
                throw new MongoError(
                    18533, $"$dateToString requires that 'format' be a string, found: {pattern.Type.Name()} with value {BsonText.ToShell(pattern)}");
            }
            BsonValue value = date.Evaluate(context);
            Zone? inZone = DateArguments.ZoneOf(zone, context);
            if (value.IsNullish)
            {
                return onNull?.Evaluate(context) ?? BsonValue.Null;
            }
            if (inZone is null || (format is not null && pattern.IsNullish))
            {
                return BsonValue.Null;
            }
            string text = format is not null ? pattern.AsString : inZone.IsUtc ? DateFormat.Iso : DateFormat.IsoLocal;
            return BsonValue.String(DateFormat.Format(text, DateArguments.Milliseconds(value), inZone));
        }
    }

    private sealed class FromStringNode(
        ExpressionNode text, ExpressionNode? format, ExpressionNode? zone, ExpressionNode? onError, ExpressionNode? onNull) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue value = text.Evaluate(context);
            Zone? given = zone is null ? null : DateArguments.ZoneOf(zone, context);
            BsonValue pattern = format?.Evaluate(context) ?? BsonValue.Missing;
            if (format is not null && !pattern.IsString && !pattern.IsNullish)
            {
                throw new MongoError(40684, $"$dateFromString requires that 'format' be a string, found: {pattern.Type.Name()} with value {BsonText.ToShell(pattern)}");
            }
            if (value.IsNullish)
            {
                return onNull?.Evaluate(context) ?? BsonValue.Null;
            }
            if ((zone is not null && given is null) || (format is not null && pattern.IsNullish))
            {
                return BsonValue.Null;
            }
            try
            {
                if (!value.IsString)
                {
                    throw new MongoError(
                        ErrorCode.ConversionFailure,
                        $"$dateFromString requires that 'dateString' be a string, found: {value.Type.Name()} with value {BsonText.ToShell(value)}");
                }
                return BsonValue.DateTime(pattern.IsString
                    ? DateParser.Parse(value.AsString, pattern.AsString, given)
                    : DateParser.Parse(value.AsString, given));
            }
            catch (MongoError error) when (onError is not null && error.Is(ErrorCode.ConversionFailure))
            {
                return onError.Evaluate(context);
            }
        }
    }

    private sealed class AddNode(string name, ExpressionNode date, ExpressionNode unit, ExpressionNode amount, ExpressionNode? zone, int sign)
        : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue start = date.Evaluate(context);
            BsonValue of = unit.Evaluate(context);
            BsonValue by = amount.Evaluate(context);
            Zone? inZone = DateArguments.ZoneOf(zone, context);
            if (start.IsNullish || of.IsNullish || by.IsNullish || inZone is null)
            {
                return BsonValue.Null;
            }
            DateUnit which = UnitOf(name, 5166404, of);
            if (!by.IsNumber || !by.TryToInt64Exact(out long number))
            {
                throw new MongoError(5166405, $"{name} expects integer amount of time units");
            }
            if (!DateArguments.TryMilliseconds(start, out long ms))
            {
                throw new MongoError(5166403, $"{name} requires startDate to be convertible to a date");
            }
            if (number == long.MinValue && sign < 0)
            {
                throw new MongoError(6045000, $"invalid {name} 'amount' parameter value: {number}");
            }
            return BsonValue.DateTime(DateUnits.Add(ms, which, number * sign, inZone));
        }
    }

    private sealed class DiffNode(ExpressionNode start, ExpressionNode end, ExpressionNode unit, ExpressionNode? zone, ExpressionNode? startOfWeek)
        : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue from = start.Evaluate(context);
            BsonValue to = end.Evaluate(context);
            BsonValue of = unit.Evaluate(context);
            Zone? inZone = DateArguments.ZoneOf(zone, context);
            if (from.IsNullish || to.IsNullish || of.IsNullish || inZone is null)
            {
                return BsonValue.Null;
            }
            DateUnit which = UnitOf("$dateDiff", 5439013, of);
            int? weekday = which == DateUnit.Week ? WeekdayOf("$dateDiff", 5439015, startOfWeek, context) : 0;
            if (weekday is null)
            {
                return BsonValue.Null;
            }
            return BsonValue.Int64(DateUnits.Difference(Date(from, "startDate"), Date(to, "endDate"), which, inZone, weekday.Value));
        }

        private static long Date(BsonValue value, string name) => DateArguments.TryMilliseconds(value, out long ms)
            ? ms
            : throw new MongoError(5166307, $"$dateDiff requires '{name}' to be a date, but got {value.Type.Name()}");
    }

    private sealed class TruncNode(ExpressionNode date, ExpressionNode unit, ExpressionNode? binSize, ExpressionNode? zone, ExpressionNode? startOfWeek)
        : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue value = date.Evaluate(context);
            BsonValue of = unit.Evaluate(context);
            BsonValue size = binSize?.Evaluate(context) ?? BsonValue.Int32(1);
            Zone? inZone = DateArguments.ZoneOf(zone, context);
            if (value.IsNullish || of.IsNullish || size.IsNullish || inZone is null)
            {
                return BsonValue.Null;
            }
            DateUnit which = UnitOf("$dateTrunc", 5439013, of);
            if (!size.IsNumber || !size.TryToInt64Exact(out long bins))
            {
                throw new MongoError(
                    5439017, $"$dateTrunc requires 'binSize' to be a 64-bit integer, but got value '{BsonText.ToShell(size)}' of type {size.Type.Name()}");
            }
            if (bins is < 1 or > 100_000_000_000)
            {
                throw new MongoError(5439018, $"$dateTrunc requires 'binSize' to be greater than 0 and less than or equal to 100000000000, but got value {bins}");
            }
            int? weekday = which == DateUnit.Week ? WeekdayOf("$dateTrunc", 5439015, startOfWeek, context) : 0;
            if (weekday is null)
            {
                return BsonValue.Null;
            }
            if (!DateArguments.TryMilliseconds(value, out long ms))
            {
                throw new MongoError(5439012, $"$dateTrunc requires 'date' to be a date, but got {value.Type.Name()}");
            }
            return BsonValue.DateTime(DateUnits.Truncate(ms, which, bins, inZone, weekday.Value));
        }
    }
}
