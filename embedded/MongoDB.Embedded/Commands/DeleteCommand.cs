using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Commands;

/// <summary><c>delete</c>.</summary>
internal static class DeleteCommand
{
    public static readonly string[] Fields = ["deletes", "ordered", "let"];

    private const string Statement = "delete.deletes";

    public static void Run(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        IReadOnlyList<BsonDoc> statements = context.Documents("deletes");
        WriteReply.CheckBatch(statements.Count);
        context.Server.Counters.Count("delete", statements.Count - 1);
        bool ordered = context.Arguments.Boolean("ordered", true);
        foreach (BsonDoc document in statements)
        {
            var statement = new CommandArguments(Statement, document);
            statement.Allow("q", "limit", "hint", "collation", "sampleId");
            statement.Document("q");
            if (!statement.Has("limit"))
            {
                throw statement.Missing("limit");
            }
            CommandContext.CheckCollation(statement);
        }

        var errors = new List<(int Index, MongoError Error)>();
        long deleted = 0;
        for (int i = 0; i < statements.Count; i++)
        {
            try
            {
                deleted += Execute(context, name, new CommandArguments(Statement, statements[i]));
            }
            catch (MongoError e) when (!UpdateCommand.EndsCommand(e))
            {
                errors.Add((i, e));
                if (ordered)
                {
                    break;
                }
            }
        }
        WriteReply.AwaitDurability(context);
        context.Reply.Write("n", BsonValue.Integer(deleted));
        WriteReply.WriteErrors(context.Reply, errors);
    }

    /// <summary>
    /// Deletes the first or all of the matching documents.
    /// <para><paramref name="keep"/>: When set, called with the document before it is deleted.</para>
    /// </summary>
    public static long Delete(
        CommandContext context, Collection collection, Matcher matcher, SortPattern? sort, PlanHint hint, bool all, Action<BsonDoc>? keep)
    {
        long deleted = 0;
        Candidates.ForEach(context, collection, matcher, sort, hint, recordKey =>
        {
            ChangeOutcome outcome = context.Engine.Writer.Change(collection, recordKey, (BsonDoc current, out BsonDoc replacement) =>
            {
                replacement = default;
                if (!matcher.IsMatch(current))
                {
                    return ChangeKind.NoMatch;
                }
                keep?.Invoke(current);
                return ChangeKind.Delete;
            });
            deleted += outcome == ChangeOutcome.Deleted ? 1 : 0;
            return all || outcome != ChangeOutcome.Deleted;
        });
        return deleted;
    }

    private static long Execute(CommandContext context, Namespace name, CommandArguments statement)
    {
        long limit = statement.IntegerOrNull("limit") ?? 0;
        if (limit is not (0 or 1))
        {
            throw MongoError.FailedToParse($"The limit field in delete objects must be 0 or 1. Got {limit}");
        }
        var matcher = Matcher.Parse(statement.Document("q"), QueryContexts.Create(context.Arguments));
        var hint = PlanHint.Parse(statement["hint"]);
        return context.Engine.Catalog.Find(name) is Collection collection
            ? Delete(context, collection, matcher, null, hint, all: limit == 0, keep: null)
            : 0;
    }
}
