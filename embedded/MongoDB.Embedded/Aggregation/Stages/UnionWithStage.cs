using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$unionWith</c>: the input, then what a pipeline makes of another collection.</summary>
internal sealed class UnionWithStage(string collection, Pipeline pipeline, StageParser parser) : Stage
{
    public static UnionWithStage Parse(BsonValue argument, StageParser parser)
    {
        if (argument.IsString)
        {
            return new UnionWithStage(argument.AsString, parser.ParseNested(BsonDoc.Empty, parser.Context), parser);
        }
        if (!argument.IsDocument)
        {
            throw MongoError.FailedToParse($"the $unionWith stage specification must be an object or string, but found {argument.Type.Name()}");
        }
        string collection = "";
        BsonDoc stages = BsonDoc.Empty;
        foreach (BsonElement element in argument.AsDocument)
        {
            BsonValue value = element.Value;
            switch (element.Name)
            {
                case "coll":
                    collection = value.IsString
                        ? value.AsString
                        : throw MongoError.TypeMismatch($"BSON field '$unionWith.coll' is the wrong type '{value.Type.Name()}', expected type 'string'");
                    break;
                case "pipeline":
                    stages = value.IsArray
                        ? value.AsDocument
                        : throw MongoError.TypeMismatch($"BSON field '$unionWith.pipeline' is the wrong type '{value.Type.Name()}', expected type 'array'");
                    break;
                default:
                    throw new MongoError(40415, $"BSON field '$unionWith.{element.Name}' is an unknown field.");
            }
        }
        Pipeline pipeline = parser.ParseNested(stages, parser.Context);
        return collection.Length > 0 || pipeline.IsSource
            ? new UnionWithStage(collection, pipeline, parser)
            : throw MongoError.FailedToParse("$unionWith stage without explicit collection must have a pipeline with $documents as first stage");
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        foreach (BsonDoc document in input)
        {
            yield return document;
        }
        IEnumerable<BsonDoc> other = pipeline.IsSource ? [] : parser.Source.Find(parser.Database, collection, pipeline.LeadingMatch);
        foreach (BsonDoc document in pipeline.Run(other, pipeline.IsSource ? PipelineStart.Beginning : PipelineStart.AfterMatch))
        {
            yield return document;
        }
    }
}

/// <summary><c>$documents</c>: literal documents instead of a collection's.</summary>
internal sealed class DocumentsStage(Expression documents) : Stage
{
    public override bool IsSource => true;

    public static DocumentsStage Parse(BsonValue argument, StageParser parser) =>
        new(Expression.Parse(argument, parser.Context));

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        BsonValue list = documents.Evaluate(BsonDoc.Empty);
        if (!list.IsArray)
        {
            throw new MongoError(5858203, "an array is expected");
        }
        foreach (BsonElement element in list.AsDocument)
        {
            yield return element.Type == BsonType.Document
                ? element.Value.AsDocument
                : throw new MongoError(40228, $"'newRoot' expression must evaluate to an object, but resulting value was: {BsonText.ToShell(element.Value)}. Type of resulting value: '{element.Type.Name()}'.");
        }
    }
}
