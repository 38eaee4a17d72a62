using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation;

/// <summary>One stage: documents in, documents out, lazily where the stage can.</summary>
internal abstract class Stage
{
    /// <summary>Whether the stage makes its own documents and has to come first.</summary>
    public virtual bool IsSource => false;

    public abstract IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input);
}

/// <summary>A stage that makes one document of each.</summary>
internal sealed class MapStage(Func<BsonDoc, BsonDoc> map) : Stage
{
    public BsonDoc Map(BsonDoc document) => map(document);

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        foreach (BsonDoc document in input)
        {
            yield return map(document);
        }
    }
}

/// <summary>What a blocking stage holds, counted against its bound.</summary>
internal sealed class MemoryBudget(Func<MongoError> exceeded)
{
    private long _bytes;

    public void Add(long bytes)
    {
        _bytes += bytes;
        if (_bytes > StageLimits.MemoryBytes)
        {
            throw exceeded();
        }
    }
}
