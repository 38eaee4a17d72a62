using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$replaceRoot</c> and <c>$replaceWith</c>: an expression's document becomes the document.</summary>
internal static class ReplaceRootStage
{
    public static Stage Parse(BsonValue argument, StageParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(40229, $"expected an object as specification for $replaceRoot stage, got {argument.Type.Name()}");
        }
        BsonValue newRoot = default;
        foreach (BsonElement element in argument.AsDocument)
        {
            newRoot = element.Name == "newRoot"
                ? element.Value
                : throw new MongoError(40415, $"BSON field '$replaceRoot.{element.Name}' is an unknown field.");
        }
        return newRoot.IsMissing
            ? throw new MongoError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field")
            : ParseWith(newRoot, parser, "'newRoot' expression ");
    }

    public static Stage ParseWith(BsonValue argument, StageParser parser, string what = "'replacement document' ")
    {
        var expression = Expression.Parse(argument, parser.Context);
        return new MapStage(document =>
        {
            BsonValue value = expression.Evaluate(document);
            return value.IsDocument
                ? value.AsDocument
                : throw new MongoError(
                    40228,
                    $"{what}must evaluate to an object, but resulting value was: {(value.IsMissing ? "MISSING" : BsonText.ToShell(value))}. Type of resulting value: '{value.Type.Name()}'. Input document: {document}");
        });
    }
}
