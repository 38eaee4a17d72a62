using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$unset</c>: leaves fields out.</summary>
internal static class UnsetStage
{
    public static Stage Parse(BsonValue argument)
    {
        var paths = new List<string>();
        if (argument.IsString)
        {
            paths.Add(argument.AsString);
        }
        else if (argument.IsArray)
        {
            foreach (BsonElement element in argument.AsDocument)
            {
                paths.Add(element.Type == BsonType.String
                    ? element.Value.AsString
                    : throw new MongoError(31120, "$unset specification must be a string or an array containing only string values"));
            }
            if (paths.Count == 0)
            {
                throw new MongoError(31119, "$unset specification must be a string or an array with at least one field");
            }
        }
        else
        {
            throw new MongoError(31002, "$unset specification must be a string or an array");
        }
        Projection projection = StageParser.InContext("$unset", () => Projection.ParseUnset(paths));
        return new MapStage(projection.Apply);
    }
}
