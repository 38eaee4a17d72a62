using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Commands;

/// <summary><c>find</c>, <c>getMore</c> and <c>killCursors</c>.</summary>
internal static class FindCommand
{
    public static readonly string[] FindFields =
    [
        "filter", "projection", "sort", "hint", "skip", "limit", "batchSize", "singleBatch", "max", "min", "returnKey", "showRecordId",
        "tailable", "oplogReplay", "noCursorTimeout", "awaitData", "allowPartialResults", "collation", "allowDiskUse", "let",
    ];

    public static void Find(CommandContext context)
    {
        Namespace name = context.Namespace();
        CommandArguments arguments = context.Arguments;
        FindSpec spec = Parse(arguments);
        var stream = new FindStream(context.Engine, context.Engine.Catalog.Find(name), spec, context.Operation);
        context.Figures.Namespace = name.FullName;
        context.Figures.Plan = ExplainCommand.Summary(stream.Plan);
        bool single = arguments.Boolean("singleBatch") || arguments.IntegerOrNull("limit") < 0;
        CursorReply.First(context, name, stream, arguments.Count("batchSize"), single, arguments.Boolean("noCursorTimeout"));
    }

    public static void GetMore(CommandContext context)
    {
        CommandArguments arguments = context.Arguments;
        if (context.Target.Type != BsonType.Int64)
        {
            throw arguments.WrongType("getMore", context.Target, "long");
        }
        var name = new Namespace(context.Database, arguments.String("collection"));
        context.Figures.Namespace = name.FullName;
        CursorReply.Next(context, context.Target.AsInt64, name, arguments.Count("batchSize"));
    }

    public static void KillCursors(CommandContext context)
    {
        Namespace name = context.Namespace();
        var killed = new List<long>();
        var notFound = new List<long>();
        foreach (BsonElement element in context.Arguments.Array("cursors"))
        {
            if (element.Value.Type != BsonType.Int64)
            {
                throw context.Arguments.WrongType("cursors", element.Value, "long");
            }
            long id = element.Value.AsInt64;
            (context.Server.Cursors.Kill(id, name, CursorReply.Owner(context)) ? killed : notFound).Add(id);
        }
        WriteIds(context.Reply, "cursorsKilled", killed);
        WriteIds(context.Reply, "cursorsNotFound", notFound);
        WriteIds(context.Reply, "cursorsAlive", []);
        WriteIds(context.Reply, "cursorsUnknown", []);
    }

    /// <summary>Reads the query part of a find, for find itself and for explain.</summary>
    public static FindSpec Parse(CommandArguments arguments)
    {
        foreach (string unsupported in (ReadOnlySpan<string>)["max", "min", "returnKey", "showRecordId", "tailable", "awaitData"])
        {
            BsonValue value = arguments[unsupported];
            if (value.IsDocument ? !value.AsDocument.IsEmpty : value.IsTruthy)
            {
                throw new MongoError(238, $"The find option '{unsupported}' is not supported by this server");
            }
        }
        CommandContext.CheckCollation(arguments);
        QueryContext query = QueryContexts.Create(arguments);
        var matcher = Matcher.Parse(arguments.DocumentOrEmpty("filter"), query);
        BsonDoc sort = arguments.DocumentOrEmpty("sort").Detach();
        BsonDoc projection = arguments.DocumentOrEmpty("projection").Detach();
        PlanHint hint = PlanHint.Parse(arguments["hint"]);
        int natural = NaturalSort(sort);
        return new FindSpec
        {
            Matcher = matcher,
            Sort = sort.IsEmpty || natural != 0 ? null : SortPattern.Parse(sort),
            Projection = Projection.Parse(projection, matcher, query),
            Hint = natural != 0 ? new PlanHint(null, null, natural) : hint,
            Skip = arguments.Count("skip") ?? 0,
            Limit = Math.Abs(arguments.IntegerOrNull("limit") ?? 0),
            AllowDiskUse = arguments.Boolean("allowDiskUse"),
        };
    }

    private static int NaturalSort(BsonDoc sort)
    {
        if (sort.IsEmpty || !sort.First.NameUtf8.SequenceEqual("$natural"u8))
        {
            return 0;
        }
        return sort.First.Value.IsNumber && sort.First.Value.ToDouble() < 0 ? -1 : 1;
    }

    private static void WriteIds(BsonWriter reply, string name, List<long> ids)
    {
        reply.StartArray(name);
        for (int i = 0; i < ids.Count; i++)
        {
            reply.Write(i, BsonValue.Int64(ids[i]));
        }
        reply.End();
    }
}
