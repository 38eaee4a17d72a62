using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Commands;

/// <summary>First stages of a pipeline that read the server instead of a collection.</summary>
internal static class SystemStages
{
    /// <returns>The stage's documents, or null when it is none of these.</returns>
    public static IEnumerable<BsonDoc>? TryStart(CommandContext context, Namespace name, BsonDoc stage) =>
        stage.IsEmpty ? null : stage.First.Name switch
        {
            "$collStats" => [CollStats(context, name, stage.First.Value)],
            "$indexStats" => IndexStats(context, name),
            _ => null,
        };

    private static BsonDoc CollStats(CommandContext context, Namespace name, BsonValue options)
    {
        using var writer = new BsonWriter();
        writer.Write("ns", name.FullName);
        writer.Write("host", System.Net.Dns.GetHostName());
        writer.Write("localTime", BsonValue.DateTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        BsonDoc wanted = options.IsDocument ? options.AsDocument : BsonDoc.Empty;
        if (wanted.Contains("count"u8))
        {
            Collection? collection = context.Engine.Catalog.Find(name);
            writer.Write("count", BsonValue.Integer(collection is null ? 0 : context.Engine.Count(collection).Documents));
        }
        if (wanted.Contains("storageStats"u8))
        {
            writer.StartDocument("storageStats");
            StatsCommands.WriteCollStats(context.Engine, writer, name, 1);
            writer.End();
        }
        return writer.ToDocument();
    }

    private static IEnumerable<BsonDoc> IndexStats(CommandContext context, Namespace name)
    {
        if (context.Engine.Catalog.Find(name) is Collection collection)
        {
            foreach (IndexInfo index in collection.Indexes.Prepend(collection.IdIndex))
            {
                using var writer = new BsonWriter();
                writer.Write("name", index.Name);
                writer.Write("key", index.Key);
                writer.Write("host", System.Net.Dns.GetHostName());
                writer.Write("spec", IndexCommands.Specification(index));
                yield return writer.ToDocument();
            }
        }
    }
}
