using MongoDB.Embedded.Aggregation.Operators;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Accumulators;

/// <summary>One computed field of a group: how to make its accumulator and what to feed it.</summary>
internal sealed class AccumulatorSpec(string name, Func<BsonValue, Accumulator> create, Expression argument, Expression? initial)
{
    public string Field => name;

    public BsonValue Argument(BsonDoc document) => argument.Evaluate(document);

    /// <summary>A new accumulator for a group, whose key <c>n</c> may refer to.</summary>
    public Accumulator Create(BsonDoc group) => create(initial?.Evaluate(group) ?? default);

    /// <exception cref="MongoError">15952 and the 4023x numbers of <c>$group</c>.</exception>
    public static AccumulatorSpec Parse(string field, BsonValue specification, QueryContext context)
    {
        if (field.Contains('.', StringComparison.Ordinal))
        {
            throw new MongoError(40235, $"The field name '{field}' cannot contain '.'");
        }
        if (field.StartsWith('$'))
        {
            throw new MongoError(40236, $"The field name '{field}' cannot be an operator name");
        }
        if (!specification.IsDocument || specification.AsDocument.IsEmpty || !specification.AsDocument.First.NameUtf8.StartsWith("$"u8))
        {
            throw new MongoError(40234, $"The field '{field}' must be an accumulator object");
        }
        if (specification.AsDocument.Count > 1)
        {
            throw new MongoError(40238, $"The field '{field}' must specify one accumulator");
        }
        string name = specification.AsDocument.First.Name;
        BsonValue argument = specification.AsDocument.First.Value;
        Func<BsonValue, Accumulator>? create = Simple(name);
        if (create is not null)
        {
            if (argument.IsArray)
            {
                throw new MongoError(40237, $"The {name} accumulator is a unary operator");
            }
            return new AccumulatorSpec(field, create, Expression.Parse(argument, context), null);
        }
        return name switch
        {
            "$count" => ParseCount(field, argument, context),
            "$firstN" => ParseSome(field, name, SomeKind.First, argument, context),
            "$lastN" => ParseSome(field, name, SomeKind.Last, argument, context),
            "$minN" => ParseSome(field, name, SomeKind.Min, argument, context),
            "$maxN" => ParseSome(field, name, SomeKind.Max, argument, context),
            "$top" or "$topN" or "$bottom" or "$bottomN" => RankedAccumulator.Parse(field, name, argument, context),
            "$accumulator" => throw new MongoError(ErrorCode.NotImplemented, "the accumulator $accumulator is not supported"),
            _ => throw new MongoError(15952, $"unknown group operator '{name}'"),
        };
    }

    private static Func<BsonValue, Accumulator>? Simple(string name) => name switch
    {
        "$sum" => _ => new SumAccumulator(),
        "$avg" => _ => new AverageAccumulator(),
        "$min" => _ => new ExtremeAccumulator(max: false),
        "$max" => _ => new ExtremeAccumulator(max: true),
        "$first" => _ => new FirstAccumulator(),
        "$last" => _ => new LastAccumulator(),
        "$push" => _ => new ListAccumulator("$push", distinct: false),
        "$addToSet" => _ => new ListAccumulator("$addToSet", distinct: true),
        "$stdDevPop" => _ => new DeviationAccumulator(sample: false),
        "$stdDevSamp" => _ => new DeviationAccumulator(sample: true),
        "$mergeObjects" => _ => new MergeAccumulator(),
        _ => null,
    };

    private static AccumulatorSpec ParseCount(string field, BsonValue argument, QueryContext context) =>
        argument.IsDocument && argument.AsDocument.IsEmpty
            ? new AccumulatorSpec(field, _ => new CountAccumulator(), Expression.Parse(BsonValue.Null, context), null)
            : throw MongoError.TypeMismatch("$count takes no arguments, i.e. $count:{}");

    private static AccumulatorSpec ParseSome(string field, string name, SomeKind kind, BsonValue argument, QueryContext context)
    {
        (BsonValue input, BsonValue n) = ReadInputAndN(name, argument);
        return new AccumulatorSpec(
            field,
            value => new SomeAccumulator(kind, CheckN(value)),
            Expression.Parse(input, context),
            Expression.Parse(n, context));
    }

    /// <summary>The members of <c>{input, n}</c>.</summary>
    public static (BsonValue Input, BsonValue N) ReadInputAndN(string name, BsonValue argument)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(5787801, $"specification must be an object; found {name}: {BsonText.ToShell(argument)}");
        }
        var named = NamedArguments.Read(argument.AsDocument, ["input", "n"], unknown => new MongoError(5787901, $"Unknown argument for 'n' operator: {unknown}"));
        if (!named.Has("n"))
        {
            throw new MongoError(5787906, "Missing value for 'n'");
        }
        return named.Has("input")
            ? (named.Raw("input"), named.Raw("n"))
            : throw new MongoError(5787907, "Missing value for 'input'");
    }

    /// <summary>A count of values to keep: a positive integer.</summary>
    public static int CheckN(BsonValue value)
    {
        if (!value.IsNumber || !value.TryToInt64Exact(out long n))
        {
            throw new MongoError(
                5787902, $"Value for 'n' must be of integral type, but found {BsonText.ToShell(value)}");
        }
        return n > 0 ? (int)Math.Min(n, int.MaxValue) : throw new MongoError(5787908, $"'n' must be greater than 0, found {n}");
    }
}
