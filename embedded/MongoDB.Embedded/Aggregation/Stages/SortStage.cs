using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$sort</c>; with a limit behind it, it keeps no more than that many documents.</summary>
internal sealed class SortStage(SortPattern pattern, long? limit) : Stage
{
    public SortPattern Pattern => pattern;

    public long? Limit => limit;

    public SortStage WithLimit(long most) => new(pattern, Math.Min(limit ?? most, most));

    public static SortStage Parse(BsonValue argument)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(15973, "the $sort key specification must be an object");
        }
        var pattern = SortPattern.Parse(argument.AsDocument);
        return pattern.IsEmpty ? throw new MongoError(15976, "$sort stage must have at least one sort key") : new SortStage(pattern, null);
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input) => Sorter.Sort(input, pattern, limit);
}
