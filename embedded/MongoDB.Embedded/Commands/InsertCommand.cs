using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Commands;

/// <summary><c>insert</c>.</summary>
internal static class InsertCommand
{
    public static readonly string[] Fields = ["documents", "ordered", "bypassDocumentValidation"];

    public static void Run(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        context.Figures.Namespace = name.FullName;
        IReadOnlyList<BsonDoc> documents = context.Documents("documents");
        WriteReply.CheckBatch(documents.Count);
        context.Server.Counters.Count("insert", documents.Count - 1);
        bool ordered = context.Arguments.Boolean("ordered", true);

        var errors = new List<(int Index, MongoError Error)>();
        var prepared = new List<BsonDoc>(documents.Count);
        var positions = new List<int>(documents.Count);
        for (int i = 0; i < documents.Count; i++)
        {
            try
            {
                prepared.Add(Prepare(documents[i]));
                positions.Add(i);
            }
            catch (MongoError e)
            {
                errors.Add((i, e));
                if (ordered)
                {
                    break;
                }
            }
        }

        bool failed = false;
        int inserted = 0;
        if (prepared.Count > 0)
        {
            Collection collection = context.Engine.Catalog.GetOrCreate(name);
            inserted = context.Engine.Writer.Insert(
                collection,
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(prepared),
                ordered,
                (i, e) =>
                {
                    failed = true;
                    errors.Add((positions[i], e));
                });
        }
        if (ordered && failed)
        {
            // What could not be prepared lies behind the first document that could not be inserted.
            int first = errors.Min(e => e.Index);
            errors.RemoveAll(e => e.Index > first);
        }
        errors.Sort((a, b) => a.Index.CompareTo(b.Index));
        WriteReply.AwaitDurability(context);
        context.Reply.Write("n", inserted);
        WriteReply.WriteErrors(context.Reply, errors);
    }

    /// <summary>The document with its _id in front, generated when it has none.</summary>
    public static BsonDoc Prepare(BsonDoc document)
    {
        if (document.Length > CollectionWriter.MaxDocumentSize)
        {
            throw new MongoError(
                ErrorCode.BSONObjectTooLarge,
                $"object to insert too large. size in bytes: {document.Length}, max size: {CollectionWriter.MaxDocumentSize}");
        }
        BsonValue id = document.Get("_id"u8);
        CheckId(id);
        if (!id.IsMissing && document.First.NameUtf8.SequenceEqual("_id"u8))
        {
            return document;
        }
        using var writer = new BsonWriter(document.Length + 32);
        writer.Write("_id"u8, id.IsMissing ? BsonValue.ObjectId(ObjectId.NewId()) : id);
        foreach (BsonElement element in document)
        {
            if (!element.NameUtf8.SequenceEqual("_id"u8))
            {
                writer.RawElement(element.RawBytes);
            }
        }
        return writer.ToDocument();
    }

    private static void CheckId(BsonValue id)
    {
        if (id.Type is BsonType.Array or BsonType.Regex or BsonType.Undefined)
        {
            throw new MongoError(ErrorCode.InvalidIdField, $"The '_id' value cannot be of type {id.Type.Name()}");
        }
        if (id.IsDocument)
        {
            foreach (BsonElement element in id.AsDocument)
            {
                if (element.NameUtf8.StartsWith("$"u8))
                {
                    throw new MongoError(
                        ErrorCode.DollarPrefixedFieldName, $"_id fields may not contain '$'-prefixed fields: {element.Name} is not valid for storage.");
                }
            }
        }
    }
}
