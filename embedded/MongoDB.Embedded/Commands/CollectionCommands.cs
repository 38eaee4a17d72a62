using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Commands;

/// <summary><c>create</c>, <c>drop</c>, <c>dropDatabase</c>, <c>collMod</c>, <c>listCollections</c>, <c>listDatabases</c>.</summary>
internal static class CollectionCommands
{
    public static readonly string[] CreateFields =
    [
        "idIndex", "autoIndexId", "collation", "capped", "size", "max", "validator", "validationLevel", "validationAction", "viewOn", "pipeline",
        "timeseries", "expireAfterSeconds", "clusteredIndex", "changeStreamPreAndPostImages", "encryptedFields", "storageEngine", "indexOptionDefaults",
        "flags", "temp",
    ];

    public static readonly string[] ListCollectionsFields = ["filter", "nameOnly", "authorizedCollections", "cursor"];

    public static readonly string[] ListDatabasesFields = ["filter", "nameOnly", "authorizedDatabases"];

    public static readonly string[] CollModFields = ["index", "validator", "validationLevel", "validationAction", "viewOn", "pipeline", "cappedSize", "cappedMax", "changeStreamPreAndPostImages", "expireAfterSeconds", "timeseries", "dryRun"];

    public static void Create(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        CommandContext.CheckCollation(context.Arguments);
        foreach (BsonElement element in context.Body)
        {
            if (Array.IndexOf(CreateFields, element.Name) >= 0 && element.Name is not ("idIndex" or "autoIndexId" or "collation" or "flags")
                && (element.Value.IsDocument ? !element.Value.AsDocument.IsEmpty : element.Value.IsTruthy))
            {
                throw new MongoError(238, $"The create option '{element.Name}' is not supported by this server");
            }
        }
        context.Engine.Catalog.Create(name, BsonDoc.Empty);
        WriteReply.AwaitDurability(context);
    }

    public static void Drop(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        int indexes = context.Engine.Catalog.Find(name)?.Indexes.Length + 1 ?? 0;
        if (context.Engine.Catalog.Drop(name))
        {
            context.Server.Cursors.KillNamespace(name);
            WriteReply.AwaitDurability(context);
            context.Reply.Write("nIndexesWas", indexes);
            context.Reply.Write("ns", name.FullName);
        }
    }

    public static void DropDatabase(CommandContext context)
    {
        Namespace.CheckDatabase(context.Database);
        if (context.Database == "admin")
        {
            throw new MongoError(ErrorCode.IllegalOperation, "Dropping the 'admin' database is prohibited.");
        }
        bool any = false;
        foreach (Collection collection in context.Engine.Catalog.Of(context.Database).ToList())
        {
            any |= context.Engine.Catalog.Drop(collection.Name);
            context.Server.Cursors.KillNamespace(collection.Name);
        }
        WriteReply.AwaitDurability(context);
        if (any)
        {
            context.Reply.Write("dropped", context.Database);
        }
    }

    public static void CollMod(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        foreach (string field in CollModFields)
        {
            if (field != "index" && context.Arguments.Has(field))
            {
                throw new MongoError(238, $"The collMod option '{field}' is not supported by this server");
            }
        }
        Collection collection = context.Engine.Catalog.Find(name)
            ?? throw new MongoError(ErrorCode.NamespaceNotFound, $"ns does not exist: {name.FullName}");
        if (context.Arguments.DocumentOrNull("index") is not BsonDoc document)
        {
            return;
        }
        var change = new CommandArguments("collMod.index", document);
        change.Allow("name", "keyPattern", "expireAfterSeconds", "hidden");
        IndexBuilder.Change(context.Engine, collection, indexes =>
        {
            int at = Array.FindIndex(indexes, i => change.Has("name") ? i.Name == change.String("name") : Planner.SameKey(i.Key, change.Document("keyPattern")));
            if (at < 0)
            {
                throw new MongoError(ErrorCode.IndexNotFound, $"cannot find index {BsonText.ToShell(change.Body)} for ns {name.FullName}");
            }
            IndexInfo[] changed = [.. indexes];
            changed[at] = Modified(indexes[at], change, context.Reply);
            return (changed, []);
        });
        WriteReply.AwaitDurability(context);
    }

    public static void ListCollections(CommandContext context)
    {
        bool nameOnly = context.Arguments.Boolean("nameOnly");
        var matcher = Matcher.Parse(context.Arguments.DocumentOrEmpty("filter"), context.Query());
        List<BsonDoc> found = [.. context.Engine.Catalog.Of(context.Database)
            .OrderBy(c => c.Name.Collection, StringComparer.Ordinal)
            .Select(c => Describe(c, nameOnly))
            .Where(matcher.IsMatch)];
        long? batchSize = new CommandArguments("listCollections.cursor", context.Arguments.DocumentOrEmpty("cursor")).Count("batchSize");
        CursorReply.First(
            context, new Namespace(context.Database, "$cmd.listCollections"), new EnumeratedStream(found, _ => { }, () => { }), batchSize, single: false, noTimeout: false);
    }

    public static void ListDatabases(CommandContext context)
    {
        bool nameOnly = context.Arguments.Boolean("nameOnly");
        var matcher = Matcher.Parse(context.Arguments.DocumentOrEmpty("filter"), context.Query());
        BsonWriter reply = context.Reply;
        reply.StartArray("databases");
        int i = 0;
        long total = 0;
        foreach (IGrouping<string, Collection> database in context.Engine.Catalog.Collections.GroupBy(c => c.Name.Database).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            long size = nameOnly ? 0 : database.Sum(c => StatsCommands.StorageSize(context.Engine, c));
            using var writer = new BsonWriter();
            writer.Write("name", database.Key);
            if (!nameOnly)
            {
                writer.Write("sizeOnDisk", BsonValue.Integer(size));
                writer.Write("empty", false);
            }
            BsonDoc description = writer.ToDocument();
            if (matcher.IsMatch(description) && MayList(context, database.Key))
            {
                reply.Write(i++, BsonValue.Document(description));
                total += size;
            }
        }
        reply.End();
        if (!nameOnly)
        {
            reply.Write("totalSize", BsonValue.Integer(total));
            reply.Write("totalSizeMb", BsonValue.Integer(total >> 20));
        }
    }

    private static bool MayList(CommandContext context, string database) =>
        !context.Client.AuthRequired || context.Client.User is not { } user
        || user.May(Privilege.Read, database) || user.May(Privilege.Admin, database) || user.May(Privilege.Monitor, database);

    private static IndexInfo Modified(IndexInfo index, CommandArguments change, BsonWriter reply)
    {
        IndexInfo result = index;
        BsonValue expire = change["expireAfterSeconds"];
        if (!expire.IsMissing)
        {
            double seconds = IndexSpec.CheckExpire(expire);
            if (index.Fields.Length != 1)
            {
                throw new MongoError(ErrorCode.InvalidOptions, "TTL indexes are single-field indexes, compound indexes do not support TTL");
            }
            if (index.ExpireAfterSeconds is double old)
            {
                reply.Write("expireAfterSeconds_old", BsonValue.Int64((long)old));
            }
            reply.Write("expireAfterSeconds_new", BsonValue.Int64((long)seconds));
            result = result.With(expireAfterSeconds: seconds);
        }
        if (change.Has("hidden"))
        {
            bool hidden = change.Boolean("hidden");
            reply.Write("hidden_old", index.Hidden);
            reply.Write("hidden_new", hidden);
            result = result.With(hidden: hidden);
        }
        return result;
    }

    private static BsonDoc Describe(Collection collection, bool nameOnly)
    {
        using var writer = new BsonWriter();
        writer.Write("name", collection.Name.Collection);
        writer.Write("type", "collection");
        if (!nameOnly)
        {
            writer.Write("options", collection.Options);
            writer.StartDocument("info");
            writer.Write("readOnly", false);
            writer.Write("uuid", BsonValue.Binary(4, collection.Uuid.ToByteArray(bigEndian: true)));
            writer.End();
            writer.Write("idIndex", IndexCommands.Specification(collection.IdIndex));
        }
        return writer.ToDocument();
    }
}
