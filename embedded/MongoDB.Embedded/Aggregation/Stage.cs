using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Aggregation;

/// <summary>One stage: documents in, documents out, lazily where the stage can.</summary>
internal abstract class Stage
{
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
