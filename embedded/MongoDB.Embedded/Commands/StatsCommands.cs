using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Commands;

/// <summary><c>dbStats</c>, <c>collStats</c>, <c>validate</c>.</summary>
internal static class StatsCommands
{
    public static readonly string[] DbStatsFields = ["scale", "freeStorage"];

    public static readonly string[] CollStatsFields = ["scale"];

    public static readonly string[] ValidateFields = ["full", "repair", "metadata", "checkBSONConformance", "background", "enforceFastCount"];

    public static void DbStats(CommandContext context)
    {
        long scale = Scale(context.Arguments);
        List<Collection> collections = [.. context.Engine.Catalog.Of(context.Database)];
        long documents = 0;
        long bytes = 0;
        long indexes = 0;
        long storage = 0;
        long indexStorage = 0;
        foreach (Collection collection in collections)
        {
            CollectionCounters counters = context.Engine.Count(collection);
            documents += counters.Documents;
            bytes += counters.Bytes;
            indexes += collection.Indexes.Length + 1;
            storage += RecordSize(context.Engine, collection);
            indexStorage += collection.Indexes.Sum(i => IdentSize(context.Engine, i.Ident));
        }
        BsonWriter reply = context.Reply;
        reply.Write("db", context.Database);
        reply.Write("collections", BsonValue.Integer(collections.Count));
        reply.Write("views", 0);
        reply.Write("objects", BsonValue.Integer(documents));
        reply.Write("avgObjSize", documents > 0 ? (double)bytes / documents : 0.0);
        reply.Write("dataSize", (double)(bytes / scale));
        reply.Write("storageSize", (double)(storage / scale));
        reply.Write("indexes", BsonValue.Integer(indexes));
        reply.Write("indexSize", (double)(indexStorage / scale));
        reply.Write("totalSize", (double)((storage + indexStorage) / scale));
        reply.Write("scaleFactor", BsonValue.Integer(scale));
        var drive = new DriveInfo(context.Engine.Path);
        reply.Write("fsUsedSize", (double)((drive.TotalSize - drive.TotalFreeSpace) / scale));
        reply.Write("fsTotalSize", (double)(drive.TotalSize / scale));
    }

    public static void CollStats(CommandContext context)
    {
        Namespace name = context.Namespace();
        long scale = Scale(context.Arguments);
        WriteCollStats(context.Engine, context.Reply, name, scale);
    }

    /// <summary>The figures of a collection; zeros when there is none.</summary>
    public static void WriteCollStats(StorageEngine engine, BsonWriter reply, Namespace name, long scale)
    {
        Collection? collection = engine.Catalog.Find(name);
        CollectionCounters? counters = collection is null ? null : engine.Count(collection);
        long documents = counters?.Documents ?? 0;
        long bytes = counters?.Bytes ?? 0;
        reply.Write("ns", name.FullName);
        reply.Write("size", BsonValue.Integer(bytes / scale));
        reply.Write("count", BsonValue.Integer(documents));
        if (documents > 0)
        {
            reply.Write("avgObjSize", BsonValue.Integer(bytes / documents));
        }
        long records = collection is null ? 0 : RecordSize(engine, collection);
        reply.Write("storageSize", BsonValue.Integer(records / scale));
        reply.Write("capped", false);
        reply.Write("nindexes", collection is null ? 0 : collection.Indexes.Length + 1);
        reply.StartDocument("indexSizes");
        long total = 0;
        if (collection is not null)
        {
            reply.Write(IndexInfo.IdName, 0);
            foreach (IndexInfo index in collection.Indexes)
            {
                long size = IdentSize(engine, index.Ident);
                total += size;
                reply.Write(index.Name, BsonValue.Integer(size / scale));
            }
        }
        reply.End();
        reply.Write("totalIndexSize", BsonValue.Integer(total / scale));
        reply.Write("totalSize", BsonValue.Integer((records + total) / scale));
        reply.Write("scaleFactor", BsonValue.Integer(scale));
    }

    public static void Validate(CommandContext context)
    {
        Namespace name = context.Namespace();
        Collection collection = context.Engine.Catalog.Find(name)
            ?? throw new MongoError(ErrorCode.NamespaceNotFound, $"Collection '{name.FullName}' does not exist to validate.");
        ValidationResult result = CollectionValidator.Validate(context.Engine, collection, context.Operation);
        BsonWriter reply = context.Reply;
        reply.Write("ns", name.FullName);
        reply.Write("nInvalidDocuments", BsonValue.Integer(result.InvalidDocuments));
        reply.Write("nrecords", BsonValue.Integer(result.Records));
        reply.Write("nIndexes", result.Keys.Count);
        reply.StartDocument("keysPerIndex");
        foreach ((string index, long keys) in result.Keys)
        {
            reply.Write(index, BsonValue.Integer(keys));
        }
        reply.End();
        reply.StartDocument("indexDetails");
        foreach ((string index, _) in result.Keys)
        {
            reply.StartDocument(index);
            reply.Write("valid", !result.InvalidIndexes.Contains(index));
            reply.End();
        }
        reply.End();
        reply.Write("valid", result.Errors.Count == 0);
        reply.Write("repaired", false);
        reply.StartArray("warnings");
        reply.End();
        reply.StartArray("errors");
        for (int i = 0; i < result.Errors.Count; i++)
        {
            reply.Write(i, BsonValue.String(result.Errors[i]));
        }
        reply.End();
        reply.StartArray("extraIndexEntries");
        reply.End();
        reply.StartArray("missingIndexEntries");
        reply.End();
    }

    /// <summary>Roughly the bytes on disk of records and indexes.</summary>
    public static long StorageSize(StorageEngine engine, Collection collection) =>
        RecordSize(engine, collection) + collection.Indexes.Sum(i => IdentSize(engine, i.Ident));

    // What is still in memory tables has no size on disk: the documents' own bytes stand in.
    private static long RecordSize(StorageEngine engine, Collection collection) =>
        Math.Max(IdentSize(engine, collection.Ident), collection.Counters.Known ? collection.Counters.Bytes : 0);

    private static long IdentSize(StorageEngine engine, uint ident) => engine.Store.ApproximateSize(Ident.Start(ident), Ident.End(ident));

    private static long Scale(CommandArguments arguments)
    {
        long scale = arguments.IntegerOrNull("scale") ?? 1;
        return scale >= 1 ? scale : throw MongoError.BadValue("BSON field 'scale' value must be >= 1");
    }
}
