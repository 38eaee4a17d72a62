using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;
using MongoDB.Embedded.Update;

namespace MongoDB.Embedded.Commands;

/// <summary><c>update</c>.</summary>
internal static class UpdateCommand
{
    public static readonly string[] Fields = ["updates", "ordered", "bypassDocumentValidation", "let"];

    private const string Statement = "update.updates";

    public static void Run(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        IReadOnlyList<BsonDoc> statements = context.Documents("updates");
        WriteReply.CheckBatch(statements.Count);
        context.Server.Counters.Count("update", statements.Count - 1);
        bool ordered = context.Arguments.Boolean("ordered", true);
        foreach (BsonDoc statement in statements)
        {
            Check(new CommandArguments(Statement, statement));
        }

        var errors = new List<(int Index, MongoError Error)>();
        var upserted = new List<(int Index, BsonValue Id)>();
        long matched = 0;
        long modified = 0;
        for (int i = 0; i < statements.Count; i++)
        {
            try
            {
                UpdateResult result = Execute(context, name, new CommandArguments(Statement, statements[i]));
                matched += result.Matched;
                modified += result.Modified;
                if (!result.UpsertedId.IsMissing)
                {
                    upserted.Add((i, result.UpsertedId));
                }
            }
            catch (MongoError e) when (!EndsCommand(e))
            {
                errors.Add((i, e));
                if (ordered)
                {
                    break;
                }
            }
        }

        WriteReply.AwaitDurability(context);
        context.Reply.Write("n", BsonValue.Integer(matched + upserted.Count));
        context.Reply.Write("nModified", BsonValue.Integer(modified));
        if (upserted.Count > 0)
        {
            context.Reply.StartArray("upserted");
            for (int i = 0; i < upserted.Count; i++)
            {
                context.Reply.StartDocument(i);
                context.Reply.Write("index", upserted[i].Index);
                context.Reply.Write("_id", upserted[i].Id);
                context.Reply.End();
            }
            context.Reply.End();
        }
        WriteReply.WriteErrors(context.Reply, errors);
    }

    /// <summary>Errors that are about the command and not about one of its statements.</summary>
    public static bool EndsCommand(MongoError error) =>
        error.Is(ErrorCode.MaxTimeMSExpired) || error.Is(ErrorCode.Interrupted) || error.Is(ErrorCode.InterruptedAtShutdown);

    /// <summary>The filter of an update statement, for explain.</summary>
    public static (Matcher Matcher, PlanHint Hint) Query(CommandContext context, CommandArguments statement) =>
        (Matcher.Parse(statement.Document("q"), QueryContexts.Create(context.Arguments)), PlanHint.Parse(statement["hint"]));

    private static void Check(CommandArguments statement)
    {
        statement.Allow("q", "u", "c", "upsert", "multi", "hint", "arrayFilters", "collation", "sort", "upsertSupplied", "sampleId", "allowShardKeyUpdatesWithoutFullShardKeyInQuery");
        statement.Document("q");
        BsonValue update = statement["u"];
        if (update.IsMissing)
        {
            throw statement.Missing("u");
        }
        if (!update.IsDocument && !update.IsArray)
        {
            throw MongoError.FailedToParse("Update argument must be either an object or an array");
        }
        CommandContext.CheckCollation(statement);
    }

    private static UpdateResult Execute(CommandContext context, Namespace name, CommandArguments statement)
    {
        QueryContext query = statement.DocumentOrNull("c") is null
            ? QueryContexts.Create(context.Arguments)
            : QueryContexts.Create(statement, "c");
        bool multi = statement.Boolean("multi");
        var matcher = Matcher.Parse(statement.Document("q"), query);
        UpdateProgram program = UpdateProgram.Parse(statement["u"], statement.ArrayOrNull("arrayFilters"), query);
        if (multi && program.IsReplacement)
        {
            throw MongoError.FailedToParse("multi update is not supported for replacement-style update");
        }
        BsonDoc? sort = statement.DocumentOrNull("sort");
        if (multi && sort is not null)
        {
            throw MongoError.FailedToParse("Cannot specify sort with multi=true");
        }
        var operation = new UpdateOperation(context, name)
        {
            Matcher = matcher,
            Program = program,
            Multi = multi,
            Upsert = statement.Boolean("upsert"),
            Hint = PlanHint.Parse(statement["hint"]),
            Sort = sort is BsonDoc pattern ? SortPattern.Parse(pattern) : null,
        };
        return operation.Run();
    }
}
