using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$facet</c>: several pipelines over the same input, their results as arrays of one document.</summary>
internal sealed class FacetStage((string Name, Pipeline Pipeline)[] facets) : Stage
{
    private const int MaxDocumentSize = 16 * 1024 * 1024;

    public static FacetStage Parse(BsonValue argument, StageParser parser)
    {
        if (!argument.IsDocument || argument.AsDocument.IsEmpty)
        {
            throw new MongoError(40169, "the $facet specification must be a non-empty object");
        }
        var facets = new List<(string, Pipeline)>();
        foreach (BsonElement element in argument.AsDocument)
        {
            string name = element.Name;
            if (name.Length == 0 || name.StartsWith('$') || name.Contains('.', StringComparison.Ordinal))
            {
                ExpressionParser.CheckedPath(name);
                throw new MongoError(40170, $"$facet output field names may not contain '.': {name}");
            }
            if (element.Type != BsonType.Array)
            {
                throw new MongoError(40170, $"arguments to $facet must be arrays, {name} is type {element.Type.Name()}");
            }
            foreach (BsonElement stage in element.Value.AsDocument)
            {
                CheckAllowed(stage.Value);
            }
            facets.Add((name, parser.ParseNested(element.Value.AsDocument, parser.Context)));
        }
        return new FacetStage([.. facets]);
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        var documents = new List<BsonDoc>();
        var budget = new MemoryBudget(() => new MongoError(
            ErrorCode.QueryExceededMemoryLimitNoDiskUseAllowed, $"$facet exceeded memory limit of {StageLimits.MemoryBytes} bytes"));
        foreach (BsonDoc document in input)
        {
            budget.Add(document.Length);
            documents.Add(document.Detach());
        }
        using var writer = new BsonWriter();
        foreach ((string name, Pipeline pipeline) in facets)
        {
            writer.StartArray(name);
            int count = 0;
            foreach (BsonDoc result in pipeline.Run(documents))
            {
                writer.Write(count++, BsonValue.Document(result));
                if (writer.Position > MaxDocumentSize)
                {
                    throw new MongoError(
                        ErrorCode.BSONObjectTooLarge, $"BSONObj size: {writer.Position} is invalid. Size must be between 0 and {MaxDocumentSize}");
                }
            }
            writer.End();
        }
        yield return writer.ToDocument();
    }

    private static void CheckAllowed(BsonValue stage)
    {
        if (stage.IsDocument && !stage.AsDocument.IsEmpty
            && stage.AsDocument.First.Name is "$facet" or "$out" or "$merge" or "$geoNear" or "$indexStats" or "$collStats" or "$planCacheStats" or "$documents")
        {
            throw new MongoError(40600, $"{stage.AsDocument.First.Name} is not allowed to be used within a $facet stage");
        }
    }
}
