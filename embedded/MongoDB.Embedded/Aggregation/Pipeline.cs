using MongoDB.Embedded.Aggregation.Stages;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation;

/// <summary>How much of a pipeline's beginning its input has already done.</summary>
internal enum PipelineStart
{
    Beginning,

    /// <summary>The input passed <see cref="Pipeline.LeadingMatch"/>.</summary>
    AfterMatch,

    /// <summary>The input is also in the order of <see cref="Pipeline.LeadingSort"/>.</summary>
    AfterSort,
}

/// <summary>
/// A compiled aggregation pipeline. It belongs to one command: variables of <c>$lookup</c> make it unfit for several at once.
/// </summary>
internal sealed class Pipeline
{
    private readonly IReadOnlyList<Stage> _stages;
    private readonly int _matches;

    private Pipeline(IReadOnlyList<Stage> stages)
    {
        _stages = stages;
        var filters = new List<Matcher>();
        while (_matches < stages.Count && stages[_matches] is MatchStage match)
        {
            filters.Add(match.Matcher);
            _matches++;
        }
        LeadingMatch = filters.Count == 0 ? null : filters.Count == 1 ? filters[0] : Matcher.And(filters);
        if (_matches < stages.Count && stages[_matches] is SortStage sort)
        {
            LeadingSort = sort.Pattern;
            LeadingLimit = sort.Limit;
        }
        else if (_matches < stages.Count && stages[_matches] is LimitStage limit)
        {
            LeadingLimit = limit.Most;
        }
    }

    /// <summary>The filters at the beginning as one, for the planner; null when the pipeline starts otherwise.</summary>
    public Matcher? LeadingMatch { get; }

    /// <summary>The sort at the beginning or directly behind <see cref="LeadingMatch"/>.</summary>
    public SortPattern? LeadingSort { get; }

    /// <summary>How many documents are wanted of what match and sort give, if that is limited.</summary>
    public long? LeadingLimit { get; }

    /// <summary>Whether the first stage makes the documents, so that there is no collection to read.</summary>
    public bool IsSource => _stages.Count > 0 && _stages[0].IsSource;

    public bool IsEmpty => _stages.Count == 0;

    /// <param name="stages">The array of stages.</param>
    /// <param name="context">Variables and time.</param>
    /// <param name="source">Reads other collections; null where there are none to read.</param>
    /// <param name="database">The database whose collections <c>$lookup</c> and <c>$unionWith</c> name.</param>
    /// <exception cref="MongoError">A stage is malformed, unknown or not supported.</exception>
    public static Pipeline Parse(BsonDoc stages, QueryContext context, IPipelineSource? source, string database) =>
        Parse(stages, context, source, database, depth: 0);

    internal static Pipeline Parse(BsonDoc stages, QueryContext context, IPipelineSource? source, string database, int depth)
    {
        var parser = new StageParser(context, source, database, depth);
        var parsed = new List<Stage>();
        foreach (BsonElement element in stages.Detach())
        {
            (string name, BsonValue argument) = Single(element.Value);
            Stage stage = parser.Parse(name, argument);
            if (stage.IsSource && parsed.Count > 0)
            {
                throw new MongoError(40602, $"{name} is only valid as the first stage in a pipeline");
            }
            if (parsed.Count == StageLimits.Stages)
            {
                throw new MongoError(7749501, $"Pipeline length must be no longer than {StageLimits.Stages} stages");
            }
            if (stage is LimitStage limit && BoundSort(parsed, limit))
            {
                continue;
            }
            parsed.Add(stage);
        }
        return new Pipeline(parsed);
    }

    /// <summary>The pipeline of an update: only stages that turn one document into one.</summary>
    /// <exception cref="MongoError">A stage is malformed or not allowed in an update.</exception>
    public static Pipeline ParseUpdate(BsonDoc stages, QueryContext context)
    {
        foreach (BsonElement element in stages)
        {
            (string name, _) = Single(element.Value);
            if (name is not ("$addFields" or "$set" or "$project" or "$unset" or "$replaceRoot" or "$replaceWith"))
            {
                throw new MongoError(ErrorCode.InvalidOptions, $"{name} is not allowed to be used within an update");
            }
        }
        return Parse(stages, context, source: null, database: "");
    }

    /// <summary>Runs the stages over the input, lazily; errors come while the result is enumerated.</summary>
    /// <param name="input">The collection's documents; not read when <see cref="IsSource"/>.</param>
    /// <param name="start">What the input has already been through.</param>
    public IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input, PipelineStart start = PipelineStart.Beginning)
    {
        int skip = start == PipelineStart.Beginning ? 0 : _matches;
        IEnumerable<BsonDoc> documents = input;
        if (start == PipelineStart.AfterSort && LeadingSort is not null)
        {
            skip++;
            if (LeadingLimit is { } limit)
            {
                documents = LimitStage.Take(documents, limit);
            }
        }
        for (int i = skip; i < _stages.Count; i++)
        {
            documents = _stages[i].Run(documents);
        }
        return documents;
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

    /// <summary>
    /// A limit behind a sort bounds what the sort has to keep, one behind a skip as well. Returns whether nothing is left of it.
    /// </summary>
    private static bool BoundSort(List<Stage> stages, LimitStage limit)
    {
        if (stages is [.., SortStage sort])
        {
            stages[^1] = sort.WithLimit(limit.Most);
            return true;
        }
        if (stages is [.., SortStage skipped, SkipStage skip] && limit.Most <= long.MaxValue - skip.Count)
        {
            stages[^2] = skipped.WithLimit(limit.Most + skip.Count);
        }
        return false;
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
