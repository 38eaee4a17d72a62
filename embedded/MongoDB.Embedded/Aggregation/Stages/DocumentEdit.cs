using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary>Changes one path of a document, as stages that produce a field do.</summary>
internal static class DocumentEdit
{
    /// <summary>
    /// The document with a value at a path, made where it is missing; what is no document on the way is replaced by one. A
    /// missing value removes the field.
    /// </summary>
    public static BsonDoc Set(BsonDoc document, FieldPath path, BsonValue value)
    {
        using var writer = new BsonWriter(document.Length + 64);
        WriteFields(writer, document, path, 0, value);
        return writer.ToDocument();
    }

    private static void WriteFields(BsonWriter writer, BsonDoc document, FieldPath path, int segment, BsonValue value)
    {
        bool found = false;
        foreach (BsonElement element in document)
        {
            if (!found && element.NameUtf8.SequenceEqual(path.Segment(segment)))
            {
                found = true;
                WriteField(writer, element.Value, path, segment, value);
            }
            else
            {
                writer.RawElement(element.RawBytes);
            }
        }
        if (!found && !value.IsMissing)
        {
            WriteField(writer, default, path, segment, value);
        }
    }

    private static void WriteField(BsonWriter writer, BsonValue current, FieldPath path, int segment, BsonValue value)
    {
        if (segment == path.Count - 1)
        {
            writer.Write(path.Segment(segment), value);
            return;
        }
        if (value.IsMissing && !current.IsDocument)
        {
            writer.Write(path.Segment(segment), current);
            return;
        }
        writer.StartDocument(path.Segment(segment));
        WriteFields(writer, current.IsDocument ? current.AsDocument : BsonDoc.Empty, path, segment + 1, value);
        writer.End();
    }
}
