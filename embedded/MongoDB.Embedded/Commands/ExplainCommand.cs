using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Commands;

/// <summary><c>explain</c>: the plan that the same command would be executed with, from the same planner.</summary>
internal static class ExplainCommand
{
    public static readonly string[] Fields = ["verbosity"];

    public static void Run(CommandContext context)
    {
        if (!context.Target.IsDocument || context.Target.AsDocument.IsEmpty)
        {
            throw context.Arguments.WrongType("explain", context.Target, "object");
        }
        string verbosity = context.Arguments.StringOrNull("verbosity") ?? "allPlansExecution";
        if (verbosity is not ("queryPlanner" or "executionStats" or "allPlansExecution"))
        {
            throw MongoError.BadValue($"Enumeration value '{verbosity}' for field 'explain.verbosity' is not a valid value.");
        }
        BsonDoc command = context.Target.AsDocument;
        Explain(context, command, verbosity);
    }

    /// <summary>A plan in one word, for logs: IXSCAN { a: 1 }.</summary>
    public static string Summary(QueryPlan plan) => plan.Kind switch
    {
        PlanKind.Eof => "EOF",
        PlanKind.IdLookup => "IDHACK",
        PlanKind.CollectionScan => "COLLSCAN",
        _ => $"IXSCAN {BsonText.ToShell(plan.Index!.Key)}",
    };

    /// <summary>Writes the explanation of a find, aggregate, count, distinct, update, delete or findAndModify.</summary>
    public static void Explain(CommandContext context, BsonDoc command, string verbosity)
    {
        (Namespace name, FindSpec spec) = Target(context, command);
        Collection? collection = context.Engine.Catalog.Find(name);
        using RecordCursor cursor = QueryExecution.Open(
            context.Engine, collection, spec.Matcher, spec.Sort, spec.Hint, context.Operation, keepDocuments: false);
        BsonWriter reply = context.Reply;
        reply.Write("explainVersion", "1");
        reply.StartDocument("queryPlanner");
        reply.Write("namespace", name.FullName);
        reply.Write("indexFilterSet", false);
        reply.Write("parsedQuery", spec.Matcher.Filter);
        reply.StartDocument("winningPlan");
        WritePlan(reply, cursor.Plan, spec);
        reply.End();
        reply.StartArray("rejectedPlans");
        reply.End();
        reply.End();
        if (verbosity != "queryPlanner")
        {
            WriteExecution(reply, cursor, spec);
        }
        reply.Write("command", command);
        reply.StartDocument("serverInfo");
        reply.Write("host", System.Net.Dns.GetHostName());
        reply.Write("port", context.Server.Network().Port);
        reply.Write("version", ServerInfo.Version);
        reply.End();
    }

    private static void WriteExecution(BsonWriter reply, RecordCursor cursor, FindSpec spec)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        long matched = 0;
        bool sorted = spec.Sort is not { IsEmpty: false } || cursor.Plan.ProvidesSort;
        long enough = sorted && spec.Limit > 0 ? spec.Skip + spec.Limit : long.MaxValue;
        while (matched < enough && cursor.MoveNext())
        {
            matched++;
        }
        long returned = Math.Max(0, matched - spec.Skip);
        returned = spec.Limit > 0 ? Math.Min(returned, spec.Limit) : returned;
        reply.StartDocument("executionStats");
        reply.Write("executionSuccess", true);
        reply.Write("nReturned", BsonValue.Integer(returned));
        reply.Write("executionTimeMillis", BsonValue.Integer((long)System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds));
        reply.Write("totalKeysExamined", BsonValue.Integer(cursor.KeysExamined));
        reply.Write("totalDocsExamined", BsonValue.Integer(cursor.DocumentsExamined));
        reply.End();
    }

    private static void WritePlan(BsonWriter reply, QueryPlan plan, FindSpec spec)
    {
        var stages = new List<(string Stage, Action Write)>();
        if (spec.Limit > 0)
        {
            stages.Add(("LIMIT", () => reply.Write("limitAmount", BsonValue.Integer(spec.Limit))));
        }
        if (spec.Projection is not null)
        {
            stages.Add(("PROJECTION_DEFAULT", () => { }));
        }
        if (spec.Skip > 0)
        {
            stages.Add(("SKIP", () => reply.Write("skipAmount", BsonValue.Integer(spec.Skip))));
        }
        if (spec.Sort is { IsEmpty: false } sort && !plan.ProvidesSort)
        {
            stages.Add(("SORT", () => WriteSort(reply, sort)));
        }
        switch (plan.Kind)
        {
            case PlanKind.Eof:
                stages.Add(("EOF", () => { }));
                break;
            case PlanKind.IdLookup:
                stages.Add(("IDHACK", () => { }));
                break;
            case PlanKind.CollectionScan:
                stages.Add(("COLLSCAN", () =>
                {
                    WriteFilter(reply, spec);
                    reply.Write("direction", plan.Reverse ? "backward" : "forward");
                }
                ));
                break;
            default:
                stages.Add(("FETCH", () => WriteFilter(reply, spec)));
                stages.Add(("IXSCAN", () => WriteIndexScan(reply, plan)));
                break;
        }
        for (int i = 0; i < stages.Count; i++)
        {
            if (i > 0)
            {
                reply.StartDocument("inputStage");
            }
            reply.Write("stage", stages[i].Stage);
            stages[i].Write();
        }
        for (int i = 1; i < stages.Count; i++)
        {
            reply.End();
        }
    }

    private static void WriteFilter(BsonWriter reply, FindSpec spec)
    {
        if (!spec.Matcher.IsEmpty)
        {
            reply.Write("filter", spec.Matcher.Filter);
        }
    }

    private static void WriteSort(BsonWriter reply, SortPattern sort)
    {
        reply.StartDocument("sortPattern");
        foreach ((string path, bool ascending) in sort.Fields)
        {
            reply.Write(path, ascending ? 1 : -1);
        }
        reply.End();
        reply.Write("type", "simple");
    }

    private static void WriteIndexScan(BsonWriter reply, QueryPlan plan)
    {
        IndexInfo index = plan.Index!;
        reply.Write("keyPattern", index.Key);
        reply.Write("indexName", index.Name);
        reply.Write("isMultiKey", index.Multikey);
        reply.Write("isUnique", index.Unique);
        reply.Write("isSparse", index.Sparse);
        reply.Write("isPartial", index.PartialFilter is not null);
        reply.Write("indexVersion", 2);
        reply.Write("direction", plan.Reverse ? "backward" : "forward");
        reply.StartDocument("indexBounds");
        for (int f = 0; f < index.Fields.Length; f++)
        {
            reply.StartArray(index.Fields[f].Path);
            IReadOnlyList<string> bounds = f < plan.BoundedBy.Count ? BoundsText.Of(plan.BoundedBy[f]) : ["[MinKey, MaxKey]"];
            for (int i = 0; i < bounds.Count; i++)
            {
                reply.Write(i, BsonValue.String(bounds[i]));
            }
            reply.End();
        }
        reply.End();
    }

    private static (Namespace Name, FindSpec Spec) Target(CommandContext context, BsonDoc command)
    {
        BsonElement first = command.First;
        string kind = first.Name;
        if (!first.Value.IsString)
        {
            throw new MongoError(ErrorCode.InvalidNamespace, $"collection name has invalid type {first.Value.Type.Name()}");
        }
        var name = Namespace.Create(context.Database, first.Value.AsString);
        var arguments = new CommandArguments(kind, command);
        return (name, kind switch
        {
            "find" => FindCommand.Parse(arguments),
            "aggregate" => AggregateCommand.Leading(arguments),
            "count" or "distinct" => Simple(arguments, "query"),
            "findAndModify" => Simple(arguments, "query"),
            "update" => Simple(Statement(arguments, "updates"), "q"),
            "delete" => Simple(Statement(arguments, "deletes"), "q"),
            _ => throw new MongoError(ErrorCode.CommandNotFound, $"Explain failed due to unknown command: {kind}"),
        });
    }

    private static FindSpec Simple(CommandArguments arguments, string filter) => new()
    {
        Matcher = Matcher.Parse(arguments.DocumentOrEmpty(filter), QueryContexts.Create(arguments)),
        Sort = arguments.DocumentOrNull("sort") is BsonDoc sort && !sort.IsEmpty ? SortPattern.Parse(sort.Detach()) : null,
        Hint = PlanHint.Parse(arguments["hint"]),
    };

    private static CommandArguments Statement(CommandArguments arguments, string array)
    {
        BsonDoc statements = arguments.Array(array);
        return statements.Count == 1 && statements.First.Value.IsDocument
            ? new CommandArguments($"{arguments.Owner}.{array}", statements.First.Value.AsDocument)
            : throw new MongoError(ErrorCode.InvalidLength, $"explained write batches must be of size 1");
    }
}
