using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Update;

/// <summary>A replacement document: everything but the <c>_id</c> goes, and the <c>_id</c> stays in front.</summary>
internal static class Replacement
{
    /// <exception cref="MongoError">DollarPrefixedFieldName (52).</exception>
    public static void Check(BsonDoc replacement)
    {
        foreach (BsonElement element in replacement)
        {
            if (element.NameUtf8.StartsWith("$"u8))
            {
                throw new MongoError(
                    ErrorCode.DollarPrefixedFieldName,
                    $"The dollar ($) prefixed field '{element.Name}' in '{element.Name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.");
            }
        }
    }

    /// <summary>The document with this <c>_id</c> in front if it has none.</summary>
    public static BsonDoc WithId(BsonDoc document, BsonValue id)
    {
        if (id.IsMissing || document.Contains("_id"u8))
        {
            return document;
        }
        using var writer = new BsonWriter(document.Length + 32);
        writer.Write("_id"u8, id);
        writer.WriteElements(document);
        return writer.ToDocument();
    }

    /// <summary>The new document; an empty timestamp at its top level is filled in, as on insert.</summary>
    public static BsonDoc Apply(BsonDoc replacement, BsonValue id, BsonValue now)
    {
        using var writer = new BsonWriter(replacement.Length + 32);
        BsonValue own = replacement.Get("_id"u8);
        writer.Write("_id"u8, own.IsMissing ? id : own);
        foreach (BsonElement element in replacement)
        {
            if (element.NameUtf8.SequenceEqual("_id"u8))
            {
                continue;
            }
            if (element.Type == BsonType.Timestamp && element.Value.AsTimestamp == 0)
            {
                writer.Write(element.NameUtf8, BsonValue.Timestamp((uint)(now.AsDateTimeMs / 1000), 1));
            }
            else
            {
                writer.RawElement(element.RawBytes);
            }
        }
        return writer.ToDocument();
    }
}
