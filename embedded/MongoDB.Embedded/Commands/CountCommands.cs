using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Commands;

/// <summary><c>count</c> and <c>distinct</c>.</summary>
internal static class CountCommands
{
    public static readonly string[] CountFields = ["query", "limit", "skip", "hint", "collation", "fields"];

    public static readonly string[] DistinctFields = ["key", "query", "collation", "hint"];

    private const int MaxDistinctBytes = 16 << 20;

    public static void Count(CommandContext context)
    {
        Namespace name = context.Namespace();
        CommandArguments arguments = context.Arguments;
        CommandContext.CheckCollation(arguments);
        long skip = arguments.Count("skip") ?? 0;
        long limit = Math.Abs(arguments.IntegerOrNull("limit") ?? 0);
        var matcher = Matcher.Parse(arguments.DocumentOrEmpty("query"), context.Query());
        long count = 0;
        if (context.Engine.Catalog.Find(name) is Collection collection)
        {
            count = matcher.IsEmpty ? context.Engine.Count(collection).Documents : Matching(context, collection, matcher, limit > 0 ? skip + limit : long.MaxValue);
        }
        count = Math.Max(0, count - skip);
        context.Reply.Write("n", BsonValue.Integer(limit > 0 ? Math.Min(count, limit) : count));
    }

    public static void Distinct(CommandContext context)
    {
        Namespace name = context.Namespace();
        CommandArguments arguments = context.Arguments;
        CommandContext.CheckCollation(arguments);
        var path = new FieldPath(arguments.String("key"));
        var matcher = Matcher.Parse(arguments.DocumentOrEmpty("query"), context.Query());
        var distinct = new List<BsonValue>();
        if (context.Engine.Catalog.Find(name) is Collection collection)
        {
            Collect(context, collection, matcher, path, distinct);
        }
        context.Reply.StartArray("values");
        int start = context.Reply.Position;
        for (int i = 0; i < distinct.Count; i++)
        {
            context.Reply.Write(i, distinct[i]);
            if (context.Reply.Position - start > MaxDistinctBytes)
            {
                throw new MongoError(17217, "distinct too big, 16mb cap");
            }
        }
        context.Reply.End();
    }

    private static long Matching(CommandContext context, Collection collection, Matcher matcher, long enough)
    {
        long count = 0;
        using RecordCursor cursor = Open(context, collection, matcher);
        while (count < enough && cursor.MoveNext())
        {
            count++;
        }
        Note(context, cursor);
        return count;
    }

    private static void Collect(CommandContext context, Collection collection, Matcher matcher, FieldPath path, List<BsonValue> distinct)
    {
        var seen = new HashSet<BsonValue[]>(BsonKeyComparer.Instance);
        var values = new List<BsonValue>();
        using RecordCursor cursor = Open(context, collection, matcher);
        while (cursor.MoveNext())
        {
            values.Clear();
            Paths.CollectDistinct(cursor.Current, path, values);
            foreach (BsonValue value in values)
            {
                // Kept beyond the cursor's buffer only when it is new.
                if (!seen.Contains([value]))
                {
                    BsonValue kept = value.Detach();
                    seen.Add([kept]);
                    distinct.Add(kept);
                }
            }
        }
        Note(context, cursor);
    }

    private static RecordCursor Open(CommandContext context, Collection collection, Matcher matcher)
    {
        var hint = PlanHint.Parse(context.Arguments["hint"]);
        RecordCursor cursor = QueryExecution.Open(context.Engine, collection, matcher, null, hint, context.Operation, keepDocuments: false);
        context.Figures.Namespace = collection.Name.FullName;
        context.Figures.Plan = ExplainCommand.Summary(cursor.Plan);
        return cursor;
    }

    private static void Note(CommandContext context, RecordCursor cursor)
    {
        context.Figures.KeysExamined = cursor.KeysExamined;
        context.Figures.DocumentsExamined = cursor.DocumentsExamined;
    }
}
