using MongoDB.Embedded.Aggregation.Stages;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation;

/// <summary>The table of stages, and what they need while they are parsed.</summary>
internal sealed class StageParser(QueryContext context, IPipelineSource? source, string database, int depth)
{
    // Stages the server has and this one does not yet; the error names them rather than calling them unknown.
    private static readonly HashSet<string> Unsupported = new(StringComparer.Ordinal)
    {
        "$graphLookup", "$merge", "$out", "$redact", "$setWindowFields", "$densify", "$fill", "$bucketAuto", "$geoNear", "$indexStats",
        "$collStats", "$changeStream", "$currentOp", "$listSessions", "$listLocalSessions", "$planCacheStats", "$search", "$searchMeta",
        "$vectorSearch", "$queryStats", "$shardedDataDistribution",
    };

    public QueryContext Context => context;

    public string Database => database;

    /// <exception cref="InvalidOperationException">The pipeline was parsed without a source.</exception>
    public IPipelineSource Source => source ?? throw new InvalidOperationException("this pipeline has no source of other collections");

    /// <exception cref="MongoError">The stage is malformed, unknown (40324) or not supported (NotImplemented, 238).</exception>
    public Stage Parse(string name, BsonValue argument) => name switch
    {
        "$match" => MatchStage.Parse(argument, this),
        "$project" => ProjectStage.Parse(argument, this),
        "$addFields" or "$set" => ProjectStage.ParseAddFields(name, argument, this),
        "$unset" => UnsetStage.Parse(argument),
        "$replaceRoot" => ReplaceRootStage.Parse(argument, this),
        "$replaceWith" => ReplaceRootStage.ParseWith(argument, this),
        "$group" => GroupStage.Parse(argument, this),
        "$sortByCount" => GroupStage.ParseSortByCount(argument, this),
        "$bucket" => BucketStage.Parse(argument, this),
        "$sort" => SortStage.Parse(argument),
        "$skip" => SkipStage.Parse(argument),
        "$limit" => LimitStage.Parse(argument),
        "$count" => CountStage.Parse(argument),
        "$sample" => SampleStage.Parse(argument),
        "$unwind" => UnwindStage.Parse(argument),
        "$lookup" => LookupStage.Parse(argument, this),
        "$unionWith" => UnionWithStage.Parse(argument, this),
        "$facet" => FacetStage.Parse(argument, this),
        "$documents" => DocumentsStage.Parse(argument, this),
        _ when Unsupported.Contains(name) => throw new MongoError(
            ErrorCode.NotImplemented, $"the aggregation stage {name} is not supported"),
        _ => throw new MongoError(40324, $"Unrecognized pipeline stage name: '{name}'"),
    };

    /// <summary>A pipeline inside a stage.</summary>
    /// <exception cref="MongoError">MaxSubPipelineDepthExceeded (232), or what is wrong with one of its stages.</exception>
    public Pipeline ParseNested(BsonDoc stages, QueryContext inner) => depth < StageLimits.PipelineDepth
        ? Pipeline.Parse(stages, inner, source, database, depth + 1)
        : throw new MongoError(
            ErrorCode.MaxSubPipelineDepthExceeded, $"Maximum number of nested sub-pipelines exceeded. Limit is {StageLimits.PipelineDepth}");

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
