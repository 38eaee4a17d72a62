using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$limit</c>.</summary>
internal sealed class LimitStage(long most) : Stage
{
    public long Most => most;

    public static LimitStage Parse(BsonValue argument)
    {
        long most = StageNumber.NonNegative(argument, "$limit", 5107201);
        return most > 0 ? new LimitStage(most) : throw new MongoError(15958, "the limit must be positive");
    }

    /// <summary>At most so many documents; the input is not asked for one more.</summary>
    public static IEnumerable<BsonDoc> Take(IEnumerable<BsonDoc> input, long most)
    {
        foreach (BsonDoc document in input)
        {
            yield return document;
            if (--most == 0)
            {
                yield break;
            }
        }
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input) => Take(input, most);
}

/// <summary><c>$skip</c>.</summary>
internal sealed class SkipStage(long count) : Stage
{
    public long Count => count;

    public static SkipStage Parse(BsonValue argument) => new(StageNumber.NonNegative(argument, "$skip", 5107200));

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        long left = count;
        foreach (BsonDoc document in input)
        {
            if (left > 0)
            {
                left--;
            }
            else
            {
                yield return document;
            }
        }
    }
}

/// <summary>The numbers that stages take.</summary>
internal static class StageNumber
{
    /// <exception cref="MongoError">The number is none, not whole or negative.</exception>
    public static long NonNegative(BsonValue value, string stage, int code)
    {
        string quoted = $"{stage}: {BsonText.ToShell(value)}";
        if (!value.IsNumber)
        {
            throw new MongoError(code, $"invalid argument to {stage} stage: Expected a number in: {quoted}");
        }
        if (!value.TryToInt64Exact(out long number))
        {
            throw new MongoError(code, value.Type == BsonType.Double && Math.Abs(value.AsDouble) > long.MaxValue
                ? $"invalid argument to {stage} stage: Cannot represent as a 64-bit integer: {quoted}"
                : $"invalid argument to {stage} stage: Expected an integer: {quoted}");
        }
        return number >= 0
            ? number
            : throw new MongoError(code, $"invalid argument to {stage} stage: Expected a non-negative number in: {quoted}");
    }
}
