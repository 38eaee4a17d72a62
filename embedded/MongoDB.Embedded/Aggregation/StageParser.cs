using MongoDB.Embedded.Aggregation.Stages;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation;

/// <summary>The table of stages.</summary>
internal sealed class StageParser(QueryContext context)
{
    public QueryContext Context => context;

    public Stage Parse(string name, BsonValue argument) => name switch
    {
        "$project" => ProjectStage.Parse(argument, this),
        "$addFields" or "$set" => ProjectStage.ParseAddFields(name, argument, this),
        "$unset" => UnsetStage.Parse(argument, this),
        "$replaceRoot" => ReplaceRootStage.Parse(argument, this),
        "$replaceWith" => ReplaceRootStage.ParseWith(argument, this),
        _ => throw new MongoError(40324, $"Unrecognized pipeline stage name: '{name}'"),
    };

    /// <summary>Runs a parser whose errors name the stage they came from.</summary>
    public static T InContext<T>(string stage, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (MongoError error)
        {
            throw error.WithContext($"Invalid {stage}");
        }
    }
}
