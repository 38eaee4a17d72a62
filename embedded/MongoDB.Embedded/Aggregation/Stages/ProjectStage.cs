using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$project</c> and <c>$addFields</c> (also called <c>$set</c>).</summary>
internal static class ProjectStage
{
    public static Stage Parse(BsonValue argument, StageParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(15969, "$project specification must be an object");
        }
        Projection projection = StageParser.InContext("$project", () => Projection.ParseStage(argument.AsDocument, parser.Context));
        return new MapStage(projection.Apply);
    }

    public static Stage ParseAddFields(string name, BsonValue argument, StageParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(40272, $"{name} specification stage must be an object, got {argument.Type.Name()}");
        }
        Projection projection = StageParser.InContext(name, () => Projection.ParseAddFields(argument.AsDocument, parser.Context));
        return new MapStage(projection.Apply);
    }
}
