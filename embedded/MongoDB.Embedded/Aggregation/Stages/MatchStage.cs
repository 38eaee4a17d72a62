using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$match</c>.</summary>
internal sealed class MatchStage(Matcher matcher) : Stage
{
    public Matcher Matcher => matcher;

    public static MatchStage Parse(BsonValue argument, StageParser parser) => argument.IsDocument
        ? new MatchStage(Matcher.Parse(argument.AsDocument, parser.Context))
        : throw new MongoError(15959, "the match filter must be an expression in an object");

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        foreach (BsonDoc document in input)
        {
            if (matcher.IsMatch(document))
            {
                yield return document;
            }
        }
    }
}
