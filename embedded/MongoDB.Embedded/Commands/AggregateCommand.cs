using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Commands;

/// <summary><c>aggregate</c>.</summary>
internal static class AggregateCommand
{
    public static readonly string[] Fields =
    [
        "pipeline", "cursor", "explain", "allowDiskUse", "bypassDocumentValidation", "collation", "hint", "let", "isMapReduceCommand",
    ];

    public static void Run(CommandContext context)
    {
        CommandArguments arguments = context.Arguments;
        BsonDoc stages = arguments.Array("pipeline").Detach();
        CommandContext.CheckCollation(arguments);
        if (arguments.Boolean("explain"))
        {
            ExplainCommand.Explain(context, context.Body, "queryPlanner");
            return;
        }
        if (arguments.DocumentOrNull("cursor") is not BsonDoc cursor)
        {
            throw MongoError.FailedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
        }
        Namespace name = Source(context);
        QueryContext query = context.Query();
        var source = new PipelineSource(context.Engine, context.Operation);
        long? batchSize = new CommandArguments("aggregate.cursor", cursor).Count("batchSize");
        context.Figures.Namespace = name.FullName;
        CursorReply.First(context, name, Open(context, name, stages, query, source), batchSize, single: false, noTimeout: false);
    }

    /// <summary>The part of a pipeline that the planner sees, for explain.</summary>
    public static FindSpec Leading(CommandArguments arguments)
    {
        QueryContext query = QueryContexts.Create(arguments);
        var pipeline = Pipeline.Parse(arguments.Array("pipeline"), query, source: null, arguments.StringOrNull("$db") ?? "");
        return new FindSpec
        {
            Matcher = pipeline.LeadingMatch ?? Matcher.All,
            Sort = pipeline.LeadingSort,
            Limit = pipeline.LeadingLimit ?? 0,
            Hint = PlanHint.Parse(arguments["hint"]),
        };
    }

    private static Namespace Source(CommandContext context)
    {
        if (context.Target.IsString)
        {
            return context.Namespace();
        }
        return context.Target.IsNumber && context.Target.ToDouble() == 1
            ? new Namespace(context.Database, "$cmd.aggregate")
            : throw MongoError.FailedToParse($"Invalid command format: the 'aggregate' field must specify a collection name or 1");
    }

    private static EnumeratedStream Open(CommandContext context, Namespace name, BsonDoc stages, QueryContext query, PipelineSource source)
    {
        if (!stages.IsEmpty && stages.First.Value.IsDocument && SystemStages.TryStart(context, name, stages.First.Value.AsDocument) is IEnumerable<BsonDoc> first)
        {
            var rest = Pipeline.Parse(Rest(stages), query, source, context.Database);
            return new EnumeratedStream(rest.Run(first), source.Use, source.Dispose);
        }
        var pipeline = Pipeline.Parse(stages, query, source, context.Database);
        if (pipeline.IsSource)
        {
            return new EnumeratedStream(pipeline.Run([]), source.Use, source.Dispose);
        }
        if (!context.Target.IsString)
        {
            string stage = stages.IsEmpty ? "an empty pipeline" : $"'{stages.First.Value.AsDocument.First.Name}'";
            throw new MongoError(ErrorCode.InvalidNamespace, $"{{aggregate: 1}} is not valid for {stage}; a collection is required.");
        }
        Collection? collection = context.Engine.Catalog.Find(name);
        RecordCursor records = QueryExecution.Open(
            context.Engine, collection, pipeline.LeadingMatch ?? Matcher.All, pipeline.LeadingSort, PlanHint.Parse(context.Arguments["hint"]), context.Operation, keepDocuments: true);
        source.Add(records);
        context.Figures.Plan = ExplainCommand.Summary(records.Plan);
        PipelineStart start = records.Plan.ProvidesSort ? PipelineStart.AfterSort : PipelineStart.AfterMatch;
        return new EnumeratedStream(pipeline.Run(PipelineSource.Read(records), start), source.Use, source.Dispose);
    }

    private static BsonDoc Rest(BsonDoc stages)
    {
        using var writer = new BsonWriter();
        int i = 0;
        foreach (BsonElement stage in stages)
        {
            if (i > 0)
            {
                writer.Write(i - 1, stage.Value);
            }
            i++;
        }
        return writer.ToDocument();
    }
}

/// <summary>The collections a pipeline reads, and the cursors it has open on them.</summary>
internal sealed class PipelineSource(StorageEngine engine, OperationContext operation) : IPipelineSource, IDisposable
{
    private readonly HashSet<RecordCursor> _open = [];
    private OperationContext _operation = operation;

    public void Add(RecordCursor cursor) => _open.Add(cursor);

    /// <summary>Sets the operation whose limits the reading obeys from now on.</summary>
    public void Use(OperationContext operation)
    {
        _operation = operation;
        foreach (RecordCursor cursor in _open)
        {
            cursor.Operation = operation;
        }
    }

    public IEnumerable<BsonDoc> Find(string database, string collection, Matcher? filter)
    {
        Collection? source = engine.Catalog.Find(new Namespace(database, collection));
        using RecordCursor cursor = QueryExecution.Open(engine, source, filter ?? Matcher.All, null, default, _operation, keepDocuments: true);
        _open.Add(cursor);
        try
        {
            while (cursor.MoveNext())
            {
                yield return cursor.Current;
            }
        }
        finally
        {
            _open.Remove(cursor);
        }
    }

    public static IEnumerable<BsonDoc> Read(RecordCursor cursor)
    {
        while (cursor.MoveNext())
        {
            yield return cursor.Current;
        }
    }

    public void Dispose()
    {
        foreach (RecordCursor cursor in _open)
        {
            cursor.Dispose();
        }
        _open.Clear();
    }
}
