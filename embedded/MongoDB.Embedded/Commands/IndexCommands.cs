using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Commands;

/// <summary><c>createIndexes</c>, <c>dropIndexes</c>, <c>listIndexes</c>.</summary>
internal static class IndexCommands
{
    public static readonly string[] CreateFields = ["indexes", "commitQuorum", "ignoreUnknownIndexOptions"];

    public static readonly string[] DropFields = ["index"];

    public static readonly string[] ListFields = ["cursor", "includeIndexBuildInfo", "includeBuildUUIDs"];

    public static void Create(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        context.Figures.Namespace = name.FullName;
        if (context.Arguments.Has("commitQuorum"))
        {
            throw MongoError.BadValue("Standalones can't specify commitQuorum");
        }
        var requested = new List<IndexInfo>();
        foreach (BsonDoc specification in context.Documents("indexes"))
        {
            requested.Add(IndexSpec.Parse(specification));
        }
        if (requested.Count == 0)
        {
            throw MongoError.BadValue("Must specify at least one index to create");
        }

        bool created = context.Engine.Catalog.Find(name) is null;
        Collection collection = context.Engine.Catalog.GetOrCreate(name);
        (int before, int after) = IndexBuilder.Build(context.Engine, collection, existing => Missing(context, requested, existing), context.Operation);
        WriteReply.AwaitDurability(context);
        context.Reply.Write("numIndexesBefore", before);
        context.Reply.Write("numIndexesAfter", after);
        context.Reply.Write("createdCollectionAutomatically", created);
        if (before == after)
        {
            context.Reply.Write("note", "all indexes already exist");
        }
    }

    public static void Drop(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        Collection collection = context.Engine.Catalog.Find(name)
            ?? throw new MongoError(ErrorCode.NamespaceNotFound, $"ns not found {name.FullName}");
        BsonValue which = context.Arguments["index"];
        int were = 0;
        IndexBuilder.Change(context.Engine, collection, indexes =>
        {
            were = indexes.Length + 1;
            List<IndexInfo> dropped = which is { IsString: true } text && text.AsString == "*" ? [.. indexes] : Named(indexes, which, context.Arguments);
            return ([.. indexes.Where(i => !dropped.Contains(i))], dropped);
        });
        WriteReply.AwaitDurability(context);
        context.Reply.Write("nIndexesWas", were);
    }

    public static void List(CommandContext context)
    {
        Namespace name = context.Namespace();
        Collection collection = context.Engine.Catalog.Find(name)
            ?? throw new MongoError(ErrorCode.NamespaceNotFound, $"ns does not exist: {name.FullName}");
        List<BsonDoc> specifications = [.. collection.Indexes.Prepend(collection.IdIndex).Select(Specification)];
        long? batchSize = new CommandArguments("listIndexes.cursor", context.Arguments.DocumentOrEmpty("cursor")).Count("batchSize");
        CursorReply.First(context, name, new EnumeratedStream(specifications, _ => { }, () => { }), batchSize, single: false, noTimeout: false);
    }

    /// <summary>An index as listIndexes shows it.</summary>
    public static BsonDoc Specification(IndexInfo index)
    {
        using var writer = new BsonWriter();
        index.WriteSpec(writer);
        return writer.ToDocument();
    }

    private static List<IndexInfo> Missing(CommandContext context, List<IndexInfo> requested, IndexInfo[] existing)
    {
        var all = new List<IndexInfo>(existing);
        var missing = new List<IndexInfo>();
        foreach (IndexInfo index in requested)
        {
            if (!IndexSpec.IsIdIndex(index) && !IndexSpec.Exists(index, all))
            {
                IndexInfo numbered = IndexSpec.Numbered(index, context.Engine.Catalog.AllocateIdent());
                all.Add(numbered);
                missing.Add(numbered);
            }
        }
        return missing;
    }

    private static List<IndexInfo> Named(IndexInfo[] indexes, BsonValue which, CommandArguments arguments)
    {
        switch (which.Type)
        {
            case BsonType.String:
                string name = which.AsString;
                if (name == IndexInfo.IdName)
                {
                    throw new MongoError(ErrorCode.InvalidOptions, "cannot drop _id index");
                }
                return [Array.Find(indexes, i => i.Name == name) ?? throw new MongoError(ErrorCode.IndexNotFound, $"index not found with name [{name}]")];
            case BsonType.Document:
                BsonDoc key = which.AsDocument;
                if (!key.IsEmpty && key.Count == 1 && key.First.Name == "_id")
                {
                    throw new MongoError(ErrorCode.InvalidOptions, "cannot drop _id index");
                }
                return [Array.Find(indexes, i => Planner.SameKey(i.Key, key)) ?? throw new MongoError(ErrorCode.IndexNotFound, $"can't find index with key: {BsonText.ToShell(key)}")];
            case BsonType.Array:
                var several = new List<IndexInfo>();
                foreach (BsonElement element in which.AsDocument)
                {
                    several.AddRange(element.Value.IsString ? Named(indexes, element.Value, arguments) : throw arguments.WrongType("index", element.Value, "string"));
                }
                return several;
            case BsonType.Missing:
                throw arguments.Missing("index");
            default:
                throw arguments.WrongType("index", which, "string");
        }
    }
}
