using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$count</c>: one document, or none when there was nothing to count.</summary>
internal sealed class CountStage(string field) : Stage
{
    public static CountStage Parse(BsonValue argument)
    {
        if (!argument.IsString)
        {
            throw new MongoError(40156, "the count field must be a non-empty string");
        }
        string field = argument.AsString;
        if (field.Length == 0)
        {
            throw new MongoError(40156, "the count field must be a non-empty string");
        }
        if (field.StartsWith('$'))
        {
            throw new MongoError(40158, "the count field cannot be a $-prefixed path");
        }
        if (field.Contains('\0', StringComparison.Ordinal))
        {
            throw new MongoError(40159, "the count field cannot contain a null byte");
        }
        return field.Contains('.', StringComparison.Ordinal)
            ? throw new MongoError(40160, "the count field cannot contain '.'")
            : new CountStage(field);
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        long count = 0;
        foreach (BsonDoc _ in input)
        {
            count++;
        }
        if (count > 0)
        {
            using var writer = new BsonWriter();
            writer.Write(field, BsonValue.Integer(count));
            yield return writer.ToDocument();
        }
    }
}

/// <summary><c>$sample</c>: a random choice of documents, each as likely as another (reservoir sampling).</summary>
internal sealed class SampleStage(long size) : Stage
{
    public static SampleStage Parse(BsonValue argument)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(28745, "the $sample stage specification must be an object");
        }
        BsonValue size = default;
        foreach (BsonElement element in argument.AsDocument)
        {
            size = element.Name == "size" ? element.Value : throw new MongoError(28748, $"unrecognized option to $sample: {element.Name}");
        }
        if (size.IsMissing)
        {
            throw new MongoError(28749, "$sample stage must specify a size");
        }
        if (!size.IsNumber)
        {
            throw new MongoError(28746, "size argument to $sample must be a number");
        }
        long number = size.ToInt64Saturating();
        return number > 0 ? new SampleStage(number) : throw new MongoError(28747, "size argument to $sample must be a positive integer");
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        var kept = new List<BsonDoc>();
        var budget = new MemoryBudget(() => new MongoError(
            ErrorCode.QueryExceededMemoryLimitNoDiskUseAllowed, $"$sample exceeded memory limit of {StageLimits.MemoryBytes} bytes"));
        long seen = 0;
        foreach (BsonDoc document in input)
        {
            seen++;
            if (kept.Count < size)
            {
                budget.Add(document.Length);
                kept.Add(document.Detach());
            }
            else if (Random.Shared.NextInt64(seen) is var at && at < size)
            {
                budget.Add(document.Length - kept[(int)at].Length);
                kept[(int)at] = document.Detach();
            }
        }
        Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept));
        foreach (BsonDoc document in kept)
        {
            yield return document;
        }
    }
}
