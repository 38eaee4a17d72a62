using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"Array Expression Operators" that look at whole arrays; those that run an expression per element are in <see cref="IterationOperators"/>.</summary>
internal static class ArrayOperators
{
    public static void Register(OperatorTable table)
    {
        table.Unary("$isArray", value => BsonValue.Boolean(value.IsArray));
        table.Unary("$size", value => value.IsArray
            ? BsonValue.Int32(value.AsDocument.Count)
            : throw new MongoError(17124, $"The argument to $size must be an array, but was of type: {value.Type.Name()}"));
        table.Binary("$arrayElemAt", ElementAt);
        table.Unary("$first", value => End("$first", value, last: false));
        table.Unary("$last", value => End("$last", value, last: true));
        table.Nary("$concatArrays", 0, int.MaxValue, Concat);
        table.Binary("$in", In);
        table.Nary("$slice", 2, 3, Slice);
        table.Nary("$range", 2, 3, Range);
        table.Unary("$reverseArray", Reverse);
        table.Nary("$indexOfArray", 2, 4, IndexOf);
    }

    public static List<BsonValue> Elements(BsonValue array)
    {
        var list = new List<BsonValue>();
        foreach (BsonElement element in array.AsDocument)
        {
            list.Add(element.Value);
        }
        return list;
    }

    /// <summary>An array of values; a missing one becomes null.</summary>
    public static BsonValue ToArray(IEnumerable<BsonValue> values)
    {
        using var writer = new BsonWriter();
        int index = 0;
        foreach (BsonValue value in values)
        {
            writer.Write(index++, value.IsMissing ? BsonValue.Null : value);
        }
        return BsonValue.Array(writer.ToDocument());
    }

    /// <summary>A number that is an int exactly.</summary>
    public static bool TryInt(BsonValue value, out int number)
    {
        number = 0;
        return value.IsNumber && value.TryToInt32Exact(out number);
    }

    private static BsonValue ElementAt(BsonValue array, BsonValue index)
    {
        if (array.IsNullish || index.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!array.IsArray)
        {
            throw new MongoError(28689, $"$arrayElemAt's first argument must be an array, but is {array.Type.Name()}");
        }
        if (!index.IsNumber)
        {
            throw new MongoError(28690, $"$arrayElemAt's second argument must be a numeric value, but is {index.Type.Name()}");
        }
        if (!index.TryToInt32Exact(out int at))
        {
            throw new MongoError(28691, $"$arrayElemAt's second argument must be representable as a 32-bit integer: {BsonText.ToShell(index)}");
        }
        return At(array.AsDocument, at < 0 ? array.AsDocument.Count + at : at);
    }

    private static BsonValue At(BsonDoc array, long index)
    {
        if (index < 0)
        {
            return default;
        }
        foreach (BsonElement element in array)
        {
            if (index-- == 0)
            {
                return element.Value;
            }
        }
        return default;
    }

    private static BsonValue End(string name, BsonValue array, bool last)
    {
        if (array.IsNullish)
        {
            return BsonValue.Null;
        }
        return array.IsArray
            ? At(array.AsDocument, last ? array.AsDocument.Count - 1 : 0)
            : throw new MongoError(28689, $"{name}'s argument must be an array, but is {array.Type.Name()}");
    }

    private static BsonValue Concat(ReadOnlySpan<BsonValue> arguments)
    {
        using var writer = new BsonWriter();
        int index = 0;
        foreach (BsonValue array in arguments)
        {
            if (array.IsNullish)
            {
                return BsonValue.Null;
            }
            if (!array.IsArray)
            {
                throw new MongoError(28664, $"$concatArrays only supports arrays, not {array.Type.Name()}");
            }
            foreach (BsonElement element in array.AsDocument)
            {
                writer.Write(index++, element.Value);
            }
        }
        return BsonValue.Array(writer.ToDocument());
    }

    private static BsonValue In(BsonValue value, BsonValue array)
    {
        if (!array.IsArray)
        {
            throw new MongoError(40081, $"$in requires an array as a second argument, found: {array.Type.Name()}");
        }
        foreach (BsonElement element in array.AsDocument)
        {
            if (BsonCompare.Equals(element.Value, value))
            {
                return BsonValue.True;
            }
        }
        return BsonValue.False;
    }

    private static BsonValue Slice(ReadOnlySpan<BsonValue> arguments)
    {
        BsonValue array = arguments[0];
        BsonValue second = arguments[1];
        if (array.IsNullish || second.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!array.IsArray)
        {
            throw new MongoError(28724, $"First argument to $slice must be an array, but is of type: {array.Type.Name()}");
        }
        if (!second.IsNumber)
        {
            throw new MongoError(28725, $"Second argument to $slice must be a numeric value, but is of type: {second.Type.Name()}");
        }
        if (!TryInt(second, out int from))
        {
            throw new MongoError(28726, $"Second argument to $slice can't be represented as a 32-bit integer: {BsonText.ToShell(second)}");
        }
        List<BsonValue> elements = Elements(array);
        if (arguments.Length == 2)
        {
            int keep = Math.Min(Math.Abs((int)Math.Max(from, -int.MaxValue)), elements.Count);
            return ToArray(from < 0 ? elements[^keep..] : elements[..keep]);
        }
        BsonValue third = arguments[2];
        if (third.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!third.IsNumber)
        {
            throw new MongoError(28727, $"Third argument to $slice must be numeric, but is of type: {third.Type.Name()}");
        }
        if (!TryInt(third, out int count))
        {
            throw new MongoError(28728, $"Third argument to $slice can't be represented as a 32-bit integer: {BsonText.ToShell(third)}");
        }
        if (count <= 0)
        {
            throw new MongoError(28729, $"Third argument to $slice must be positive: {BsonText.ToShell(third)}");
        }
        int start = from < 0 ? (int)Math.Max((long)elements.Count + from, 0) : Math.Min(from, elements.Count);
        return ToArray(elements.GetRange(start, Math.Min(count, elements.Count - start)));
    }

    private static BsonValue Range(ReadOnlySpan<BsonValue> arguments)
    {
        int start = RangePart(arguments[0], 34443, "starting value");
        int end = RangePart(arguments[1], 34445, "ending value");
        int step = arguments.Length > 2 ? RangePart(arguments[2], 34447, "step value") : 1;
        if (step == 0)
        {
            throw new MongoError(34449, "$range requires a non-zero step value");
        }
        long count = step > 0 ? ((long)end - start + step - 1) / step : ((long)start - end - step - 1) / -(long)step;
        if (count * 11 > StageLimits.MemoryBytes)
        {
            throw new MongoError(
                ErrorCode.ExceededMemoryLimit, $"$range would use too much memory ({count * 11} bytes) and cannot spill to disk. Memory limit: {StageLimits.MemoryBytes} bytes");
        }
        using var writer = new BsonWriter();
        for (long i = 0; i < count; i++)
        {
            writer.Write((int)i, BsonValue.Int32((int)(start + i * step)));
        }
        return BsonValue.Array(writer.ToDocument());
    }

    private static int RangePart(BsonValue value, int code, string what)
    {
        if (!value.IsNumber)
        {
            throw new MongoError(code, $"$range requires a numeric {what}, found value of type: {value.Type.Name()}");
        }
        return value.TryToInt32Exact(out int number)
            ? number
            : throw new MongoError(
                code + 1, $"$range requires a {what} that can be represented as a 32-bit integer, found value: {BsonText.ToShell(value)}");
    }

    private static BsonValue Reverse(BsonValue array)
    {
        if (array.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!array.IsArray)
        {
            throw new MongoError(34435, $"The argument to $reverseArray must be an array, but was of type: {array.Type.Name()}");
        }
        List<BsonValue> elements = Elements(array);
        elements.Reverse();
        return ToArray(elements);
    }

    private static BsonValue IndexOf(ReadOnlySpan<BsonValue> arguments)
    {
        BsonValue array = arguments[0];
        if (array.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!array.IsArray)
        {
            throw new MongoError(40090, $"$indexOfArray requires an array as a first argument, found: {array.Type.Name()}");
        }
        (int start, int end) = SearchRange("$indexOfArray", arguments);
        int index = 0;
        foreach (BsonElement element in array.AsDocument)
        {
            if (index >= start && index < end && BsonCompare.Equals(element.Value, arguments[1]))
            {
                return BsonValue.Int32(index);
            }
            index++;
        }
        return BsonValue.Int32(-1);
    }

    /// <summary>The optional third and fourth arguments of the operators that search.</summary>
    public static (int Start, int End) SearchRange(string name, ReadOnlySpan<BsonValue> arguments)
    {
        int start = arguments.Length > 2 ? Bound(name, arguments[2], "starting index") : 0;
        int end = arguments.Length > 3 ? Bound(name, arguments[3], "ending index") : int.MaxValue;
        return (start, end);

        static int Bound(string name, BsonValue value, string what)
        {
            if (!TryInt(value, out int bound))
            {
                throw new MongoError(
                    40096, $"{name} requires an integral {what}, found a value of type: {value.Type.Name()}, with value: \"{BsonText.ToShell(value)}\"");
            }
            return bound >= 0 ? bound : throw new MongoError(40097, $"{name} requires a nonnegative {what}, found: {bound}");
        }
    }
}
