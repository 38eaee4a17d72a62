using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Commands;

/// <summary>Writes <c>cursor: {firstBatch | nextBatch, id, ns}</c> and keeps the cursor when there is more.</summary>
internal static class CursorReply
{
    public const int DefaultBatchSize = 101;

    /// <summary>Bytes of a batch; one document is always taken, whatever its size.</summary>
    private const int MaxBatchBytes = 16 << 20;

    /// <summary>
    /// <para><paramref name="batchSize"/>: Null for the default of a first batch.</para>
    /// <para><paramref name="single"/>: True closes the cursor after this batch.</para>
    /// </summary>
    public static void First(CommandContext context, Namespace name, ResultStream stream, long? batchSize, bool single, bool noTimeout)
    {
        bool kept = false;
        try
        {
            context.Reply.StartDocument("cursor");
            bool more = Batch(context, "firstBatch"u8, stream, batchSize ?? DefaultBatchSize);
            long id = 0;
            if (more && !single)
            {
                kept = true;
                id = context.Server.Cursors.Add(name, stream, context.Generic.Session, Owner(context), noTimeout).Id;
            }
            Finish(context, id, name);
        }
        finally
        {
            if (!kept)
            {
                stream.Dispose();
            }
        }
    }

    /// <summary>
    /// <para><paramref name="batchSize"/>: Null for as much as fits.</para>
    /// </summary>
    public static void Next(CommandContext context, long id, Namespace name, long? batchSize)
    {
        CursorRegistry cursors = context.Server.Cursors;
        ServerCursor cursor = cursors.Take(id, name, context.Generic.Session, Owner(context), context.Operation);
        bool more = false;
        try
        {
            cursor.Stream.Use(context.Operation);
            context.Reply.StartDocument("cursor");
            more = Batch(context, "nextBatch"u8, cursor.Stream, batchSize is null or 0 ? long.MaxValue : batchSize.Value);
            Finish(context, more ? id : 0, name);
        }
        finally
        {
            if (more)
            {
                cursors.Return(cursor);
            }
            else
            {
                cursors.Close(cursor);
            }
        }
    }

    /// <summary>A whole result in one batch, for commands whose cursor is never left open.</summary>
    public static void Whole(CommandContext context, string name, IEnumerable<BsonDoc> documents)
    {
        context.Reply.StartDocument("cursor");
        context.Reply.StartArray("firstBatch");
        int i = 0;
        foreach (BsonDoc document in documents)
        {
            context.Reply.Write(i++, BsonValue.Document(document));
        }
        context.Reply.End();
        context.Reply.Write("id", 0L);
        context.Reply.Write("ns", name);
        context.Reply.End();
    }

    public static string? Owner(CommandContext context) =>
        context.Client.User is { } user ? $"{user.Name}@{user.Database}" : null;

    /// <returns>True when the stream has more.</returns>
    private static bool Batch(CommandContext context, ReadOnlySpan<byte> name, ResultStream stream, long batchSize)
    {
        BsonWriter reply = context.Reply;
        reply.StartArray(name);
        int count = 0;
        int start = reply.Position;
        bool more;
        while (true)
        {
            if (count >= batchSize && count == 0)
            {
                // An empty first batch only opens the cursor.
                more = true;
                break;
            }
            more = stream.Pending || stream.MoveNext();
            stream.Pending = false;
            if (!more)
            {
                break;
            }
            BsonDoc document = stream.Current;
            if (count >= batchSize || (count > 0 && reply.Position - start + document.Length > MaxBatchBytes))
            {
                stream.Pending = true;
                break;
            }
            reply.Write(count++, BsonValue.Document(document));
        }
        reply.End();
        (long keys, long documents) = stream.Examined;
        context.Figures.KeysExamined = keys;
        context.Figures.DocumentsExamined = documents;
        context.Figures.Returned = count;
        return more;
    }

    private static void Finish(CommandContext context, long id, Namespace name)
    {
        context.Reply.Write("id", id);
        context.Reply.Write("ns", name.FullName);
        context.Reply.End();
    }
}
