using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation;

/// <summary>A compiled aggregation pipeline.</summary>
internal sealed class Pipeline
{
    private readonly IReadOnlyList<Stage> _stages;

    private Pipeline(IReadOnlyList<Stage> stages) => _stages = stages;

    /// <summary>The pipeline of an update: only stages that turn one document into one.</summary>
    /// <exception cref="MongoError">A stage is malformed or not allowed in an update.</exception>
    public static Pipeline ParseUpdate(BsonDoc stages, QueryContext context)
    {
        var parser = new StageParser(context);
        var parsed = new List<Stage>();
        foreach (BsonElement element in stages)
        {
            (string name, BsonValue argument) = Single(element.Value);
            if (name is not ("$addFields" or "$set" or "$project" or "$unset" or "$replaceRoot" or "$replaceWith"))
            {
                throw new MongoError(ErrorCode.InvalidOptions, $"{name} is not allowed to be used within an update");
            }
            parsed.Add(parser.Parse(name, argument));
        }
        return new Pipeline(parsed);
    }

    /// <summary>What an update's pipeline makes of one document.</summary>
    public BsonDoc RunOne(BsonDoc document)
    {
        foreach (Stage stage in _stages)
        {
            document = ((MapStage)stage).Map(document);
        }
        return document;
    }

    private static (string Name, BsonValue Argument) Single(BsonValue stage)
    {
        if (!stage.IsDocument)
        {
            throw MongoError.TypeMismatch("Each element of the 'pipeline' array must be an object");
        }
        BsonDoc document = stage.AsDocument;
        return document.Count == 1
            ? (document.First.Name, document.First.Value)
            : throw new MongoError(40323, "A pipeline stage specification object must contain exactly one field.");
    }
}
