using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation;

/// <summary>
/// A field path on a value ("Field Paths" in the manual): an array on the way gives the array of what its documents have there.
/// </summary>
internal sealed class PathNode(ExpressionNode start, FieldPath path) : ExpressionNode
{
    public override BsonValue Evaluate(EvaluationContext context)
    {
        BsonValue value = start.Evaluate(context);
        return value.Type switch
        {
            BsonType.Document => InDocument(value.AsDocument, path, 0),
            BsonType.Array => InArray(value.AsDocument, path, 0),
            _ => default,
        };
    }

    internal static BsonValue InDocument(BsonDoc document, FieldPath path, int segment)
    {
        while (true)
        {
            BsonValue value = document.Get(path.Segment(segment));
            segment++;
            if (segment == path.Count)
            {
                return value;
            }
            if (value.IsArray)
            {
                return InArray(value.AsDocument, path, segment);
            }
            if (!value.IsDocument)
            {
                return default;
            }
            document = value.AsDocument;
        }
    }

    private static BsonValue InArray(BsonDoc array, FieldPath path, int segment)
    {
        using var writer = new BsonWriter();
        int count = 0;
        foreach (BsonElement element in array)
        {
            BsonValue value = element.Type switch
            {
                BsonType.Document => InDocument(element.Value.AsDocument, path, segment),
                BsonType.Array => InArray(element.Value.AsDocument, path, segment),
                _ => default,
            };
            if (!value.IsMissing)
            {
                writer.Write(count++, value);
            }
        }
        return BsonValue.Array(writer.ToDocument());
    }
}
