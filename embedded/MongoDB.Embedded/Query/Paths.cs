using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

/// <summary>Receives the values at a path; a struct, so that the walk is compiled for each visitor.</summary>
internal interface IPathVisitor
{
    /// <summary>Takes one value, possibly missing; true ends the walk.</summary>
    bool Visit(BsonValue value);
}

/// <summary>
/// The values a query sees at a dotted path ("Query an Array of Embedded Documents" in the manual). Arrays on the way are
/// traversed implicitly; a numeric segment is an index into an array as well as a field name of the documents in it.
/// </summary>
internal static class Paths
{
    public const int NoPosition = -1;

    /// <summary>
    /// Visits the values at the path until the visitor stops the walk. With <paramref name="traverseLeaf"/> an array at the
    /// end of the path gives its elements first and then itself, without it only itself. Where the walk stopped inside an
    /// array that was traversed implicitly, <paramref name="position"/> becomes the index in the outermost one.
    /// </summary>
    /// <param name="document">Where the path starts.</param>
    /// <param name="path">The path.</param>
    /// <param name="traverseLeaf">Whether the elements of an array at the end count as well.</param>
    /// <param name="visitor">Sees each value.</param>
    /// <param name="position">The array index where the visitor stopped, else unchanged.</param>
    /// <returns>Whether the visitor stopped the walk.</returns>
    public static bool Walk<TVisitor>(BsonDoc document, FieldPath path, bool traverseLeaf, ref TVisitor visitor, ref int position)
        where TVisitor : struct, IPathVisitor =>
        InDocument(document, path, 0, traverseLeaf, ref visitor, ref position);

    /// <summary>Collects the values at a path the way <c>distinct</c> sees them: elements of a leaf array instead of the array.</summary>
    public static void CollectDistinct(BsonDoc document, FieldPath path, List<BsonValue> values)
    {
        var visitor = new DistinctVisitor(values);
        int position = NoPosition;
        Walk(document, path, traverseLeaf: false, ref visitor, ref position);
    }

    /// <summary>
    /// The index keys of a document for one path: null where it is missing, the elements of an array (undefined for an empty
    /// one). See <see cref="IndexKeys"/> for several paths at once.
    /// </summary>
    /// <returns>Whether an array was on the path: the index is then multikey.</returns>
    public static bool CollectIndexKeys(BsonDoc document, FieldPath path, List<BsonValue> keys)
    {
        bool multikey = IndexKeys.Collect(document, [path], out List<BsonValue[]> compound);
        foreach (BsonValue[] key in compound)
        {
            keys.Add(key[0]);
        }
        return multikey;
    }

    private static bool InDocument<TVisitor>(
        BsonDoc document, FieldPath path, int segment, bool traverseLeaf, ref TVisitor visitor, ref int position)
        where TVisitor : struct, IPathVisitor
    {
        while (true)
        {
            BsonValue value = document.Get(path.Segment(segment));
            segment++;
            if (value.IsArray)
            {
                return segment == path.Count && !traverseLeaf
                    ? visitor.Visit(value)
                    : InArray(value, path, segment, traverseLeaf, ref visitor, ref position);
            }
            if (segment == path.Count)
            {
                return visitor.Visit(value);
            }
            if (!value.IsDocument)
            {
                return visitor.Visit(default);
            }
            document = value.AsDocument;
        }
    }

    private static bool InArray<TVisitor>(
        BsonValue array, FieldPath path, int segment, bool traverseLeaf, ref TVisitor visitor, ref int position)
        where TVisitor : struct, IPathVisitor
    {
        bool leaf = segment == path.Count;
        int wanted = leaf ? -1 : path.Index(segment);
        int index = 0;
        foreach (BsonElement element in array.AsDocument)
        {
            BsonValue value = element.Value;
            if (leaf)
            {
                if (visitor.Visit(value))
                {
                    position = index;
                    return true;
                }
            }
            else
            {
                if (value.IsDocument && InDocument(value.AsDocument, path, segment, traverseLeaf, ref visitor, ref position))
                {
                    position = index;
                    return true;
                }
                if (index == wanted && AtIndex(value, index, path, segment + 1, traverseLeaf, ref visitor, ref position))
                {
                    return true;
                }
            }
            index++;
        }
        return leaf && visitor.Visit(array);
    }

    // The element that a numeric segment names: at the end of the path itself, even when it is an array; else what lies below it.
    private static bool AtIndex<TVisitor>(
        BsonValue element, int index, FieldPath path, int segment, bool traverseLeaf, ref TVisitor visitor, ref int position)
        where TVisitor : struct, IPathVisitor
    {
        if (segment == path.Count)
        {
            if (visitor.Visit(element))
            {
                position = index;
                return true;
            }
            return false;
        }
        return element.Type switch
        {
            BsonType.Document => InDocument(element.AsDocument, path, segment, traverseLeaf, ref visitor, ref position),
            BsonType.Array => InArray(element, path, segment, traverseLeaf, ref visitor, ref position),
            _ => false,
        };
    }

    private readonly struct DistinctVisitor(List<BsonValue> values) : IPathVisitor
    {
        public bool Visit(BsonValue value)
        {
            if (value.IsArray)
            {
                foreach (BsonElement element in value.AsDocument)
                {
                    values.Add(element.Value);
                }
            }
            else if (!value.IsMissing)
            {
                values.Add(value);
            }
            return false;
        }
    }
}
