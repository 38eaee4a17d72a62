using MongoDB.Embedded.Aggregation.Dates;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary><c>$year</c> and its kin, <c>$dateToParts</c>, <c>$dateFromParts</c>, and the halves of timestamps.</summary>
internal static class DatePartOperators
{
    public static void Register(OperatorTable table)
    {
        Part(table, "$year", t => BsonValue.Integer(t.Year));
        Part(table, "$month", t => BsonValue.Int32(t.Month));
        Part(table, "$dayOfMonth", t => BsonValue.Int32(t.Day));
        Part(table, "$hour", t => BsonValue.Int32(t.Hour));
        Part(table, "$minute", t => BsonValue.Int32(t.Minute));
        Part(table, "$second", t => BsonValue.Int32(t.Second));
        Part(table, "$millisecond", t => BsonValue.Int32(t.Millisecond));
        Part(table, "$dayOfYear", t => BsonValue.Int32(t.DayOfYear));
        Part(table, "$dayOfWeek", t => BsonValue.Int32(t.DayOfWeek + 1));
        Part(table, "$week", t => BsonValue.Int32(t.Week));
        Part(table, "$isoDayOfWeek", t => BsonValue.Int32(t.IsoDayOfWeek));
        Part(table, "$isoWeek", t => BsonValue.Int32(t.IsoWeek.Week));
        Part(table, "$isoWeekYear", t => BsonValue.Int64(t.IsoWeek.Year));
        table.Add("$dateToParts", ParseToParts);
        table.Add("$dateFromParts", ParseFromParts);
        table.Unary("$tsSecond", value => Timestamp("$tsSecond", 5687301, value) is { } ts ? BsonValue.Int64((long)(ts >> 32)) : BsonValue.Null);
        table.Unary("$tsIncrement", value => Timestamp("$tsIncrement", 5687302, value) is { } ts ? BsonValue.Int64((uint)ts) : BsonValue.Null);
    }

    private static ulong? Timestamp(string name, int code, BsonValue value) => value.IsNullish ? null
        : value.Type == BsonType.Timestamp ? value.AsTimestamp
        : throw new MongoError(code, $" Argument to {name} must be a timestamp, but is {value.Type.Name()}");

    private static void Part(OperatorTable table, string name, Func<CivilTime, BsonValue> part) => table.Add(name, (argument, parser) =>
    {
        if (argument.IsDocument && !argument.AsDocument.IsEmpty && !argument.AsDocument.First.NameUtf8.StartsWith("$"u8))
        {
            var named = NamedArguments.Read(
                argument.AsDocument, ["date", "timezone"], unknown => new MongoError(40535, $"unrecognized option to {name}: \"{unknown}\""));
            return new PartNode(
                named.Required("date", parser, () => new MongoError(40539, $"missing 'date' argument to {name}, provided: {name}: {argument.AsDocument}")),
                named.Optional("timezone", parser),
                part);
        }
        ExpressionNode[] arguments = parser.ParseArguments(argument);
        return arguments.Length == 1
            ? new PartNode(arguments[0], null, part)
            : throw new MongoError(40536, $"{name} accepts exactly one argument if given an array, but was given {arguments.Length}");
    });

    private static ToPartsNode ParseToParts(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(40524, "$dateToParts only supports an object as its argument");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["date", "timezone", "iso8601"], unknown => new MongoError(40520, $"Unrecognized argument to $dateToParts: {unknown}"));
        return new ToPartsNode(
            named.Required("date", parser, () => new MongoError(40522, "Missing 'date' parameter to $dateToParts")),
            named.Optional("timezone", parser),
            named.Optional("iso8601", parser));
    }

    private static FromPartsNode ParseFromParts(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(40519, "$dateFromParts only supports an object as its argument");
        }
        string[] natural = ["year", "month", "day"];
        string[] iso = ["isoWeekYear", "isoWeek", "isoDayOfWeek"];
        string[] time = ["hour", "minute", "second", "millisecond"];
        var named = NamedArguments.Read(
            argument.AsDocument,
            [.. natural, .. iso, .. time, "timezone"],
            unknown => new MongoError(40518, $"Unrecognized argument to $dateFromParts: {unknown}"));
        bool byWeek = named.Has("isoWeekYear");
        if (!byWeek && !named.Has("year"))
        {
            throw new MongoError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
        }
        if (byWeek && natural.Any(named.Has))
        {
            throw new MongoError(40489, "$dateFromParts does not allow mixing natural dates with ISO dates");
        }
        if (!byWeek && iso.Any(named.Has))
        {
            throw new MongoError(40525, "$dateFromParts does not allow mixing natural dates with ISO dates");
        }
        string[] names = [.. byWeek ? iso : natural, .. time];
        return new FromPartsNode(
            byWeek, names, [.. names.Select(n => named.Optional(n, parser))], named.Optional("timezone", parser));
    }

    private sealed class PartNode(ExpressionNode date, ExpressionNode? zone, Func<CivilTime, BsonValue> part) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue value = date.Evaluate(context);
            if (value.IsNullish || DateArguments.ZoneOf(zone, context) is not { } inZone)
            {
                return BsonValue.Null;
            }
            return part(inZone.ToLocal(DateArguments.Milliseconds(value)));
        }
    }

    private sealed class ToPartsNode(ExpressionNode date, ExpressionNode? zone, ExpressionNode? iso) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            if (DateArguments.ZoneOf(zone, context) is not { } inZone)
            {
                return BsonValue.Null;
            }
            BsonValue byWeek = iso?.Evaluate(context) ?? BsonValue.False;
            if (byWeek.IsNullish)
            {
                return BsonValue.Null;
            }
            if (byWeek.Type != BsonType.Boolean)
            {
                throw new MongoError(40521, $"iso8601 must evaluate to a bool, found {byWeek.Type.Name()}");
            }
            BsonValue value = date.Evaluate(context);
            if (value.IsNullish)
            {
                return BsonValue.Null;
            }
            CivilTime local = inZone.ToLocal(DateArguments.Milliseconds(value));
            using var writer = new BsonWriter();
            if (byWeek.AsBoolean)
            {
                writer.Write("isoWeekYear", (int)local.IsoWeek.Year);
                writer.Write("isoWeek", local.IsoWeek.Week);
                writer.Write("isoDayOfWeek", local.IsoDayOfWeek);
            }
            else
            {
                writer.Write("year", (int)local.Year);
                writer.Write("month", local.Month);
                writer.Write("day", local.Day);
            }
            writer.Write("hour", local.Hour);
            writer.Write("minute", local.Minute);
            writer.Write("second", local.Second);
            writer.Write("millisecond", local.Millisecond);
            return BsonValue.Document(writer.ToDocument());
        }
    }

    private sealed class FromPartsNode(bool byWeek, string[] names, ExpressionNode?[] parts, ExpressionNode? zone) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            Span<long> values = stackalloc long[parts.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                // Date parts default to 1, the time of day to 0.
                values[i] = i < 3 ? 1 : 0;
                if (parts[i] is not { } node)
                {
                    continue;
                }
                BsonValue value = node.Evaluate(context);
                if (value.IsNullish)
                {
                    return BsonValue.Null;
                }
                values[i] = Part(i, value);
            }
            if (DateArguments.ZoneOf(zone, context) is not { } inZone)
            {
                return BsonValue.Null;
            }
            Int128 local = byWeek
                ? (Int128)(CivilTime.IsoYearStart(values[0]) + (values[1] - 1) * 7 + values[2] - 1) * CivilTime.MillisecondsPerDay
                    + (Int128)values[3] * 3_600_000 + (Int128)values[4] * 60_000 + (Int128)values[5] * 1000 + values[6]
                : CivilTime.ToMilliseconds(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
            return local >= long.MinValue / 2 && local <= long.MaxValue / 2
                ? BsonValue.DateTime(inZone.ToUtc((long)local))
                : throw new MongoError(ErrorCode.DurationOverflow, "Overflow casting from a lower-precision duration to a higher-precision duration");
        }

        private long Part(int index, BsonValue value)
        {
            if (!value.IsNumber || !value.TryToInt64Exact(out long number))
            {
                throw new MongoError(
                    40515, $"'{names[index]}' must evaluate to an integer, found {value.Type.Name()} with value {BsonText.ToShell(value)}");
            }
            if (index == 0 && number is < 1 or > 9999)
            {
                throw new MongoError(
                    byWeek ? 31095 : 40523, $"'{names[index]}' must evaluate to an integer in the range 1 to 9999, found {number}");
            }
            // Seconds and milliseconds may carry any distance, the others only a 16-bit one.
            if (index is > 0 and < 5 && number is < short.MinValue or > short.MaxValue)
            {
                throw new MongoError(
                    31034, $"'{names[index]}' must evaluate to a value in the range [{short.MinValue}, {short.MaxValue}]; value {number} is not in range");
            }
            return number;
        }
    }
}
