using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>
/// The keys of a document under a compound index or sort pattern ("Multikey Indexes" in the manual). Paths that run into the
/// same array are taken from the same element of it; paths that run into different arrays are an error.
/// </summary>
internal static class IndexKeys
{
    /// <summary>Collects the keys, each one value per path, without duplicates.</summary>
    /// <param name="document">The document to index.</param>
    /// <param name="paths">The fields of the pattern.</param>
    /// <param name="keys">At least one key; a missing value is null, an empty array undefined.</param>
    /// <param name="sparse">Leaves values missing instead of null, so that a sparse index can tell them apart.</param>
    /// <returns>Whether an array was on one of the paths.</returns>
    /// <exception cref="MongoError">CannotIndexParallelArrays (171).</exception>
    public static bool Collect(BsonDoc document, IReadOnlyList<FieldPath> paths, out List<BsonValue[]> keys, bool sparse = false)
    {
        var collector = new Collector(paths, sparse);
        var fields = new Field[paths.Count];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = new Field(BsonValue.Document(document), 0);
        }
        collector.Expand(fields);
        keys = collector.Keys;
        return collector.Multikey;
    }

    // How far one path has come: the value reached and the next segment. Done once all segments are used up.
    private readonly record struct Field(BsonValue Value, int Segment);

    private sealed class Collector(IReadOnlyList<FieldPath> paths, bool sparse)
    {
        private HashSet<BsonValue[]>? _seen;

        public List<BsonValue[]> Keys { get; } = [];

        public bool Multikey { get; private set; }

        public void Expand(Field[] fields)
        {
            int arrayAt = -1;
            for (int i = 0; i < fields.Length; i++)
            {
                fields[i] = Descend(fields[i], paths[i]);
                if (!IsArrayToExpand(fields[i], i))
                {
                    continue;
                }
                if (arrayAt < 0)
                {
                    arrayAt = i;
                }
                else if (!SameArray(fields[arrayAt].Value, fields[i].Value))
                {
                    throw new MongoError(
                        ErrorCode.CannotIndexParallelArrays,
                        $"cannot index parallel arrays [{paths[i].Name(Math.Max(fields[i].Segment - 1, 0))}] [{paths[arrayAt].Name(Math.Max(fields[arrayAt].Segment - 1, 0))}]");
                }
            }
            if (arrayAt < 0)
            {
                Add(fields);
                return;
            }
            Multikey = true;
            ExpandArray(fields, fields[arrayAt].Value);
        }

        private void ExpandArray(Field[] fields, BsonValue array)
        {
            bool any = false;
            foreach (BsonElement element in array.AsDocument)
            {
                any = true;
                ExpandElement(fields, array, element.Value);
            }
            if (!any)
            {
                ExpandElement(fields, array, default);
            }
        }

        private void ExpandElement(Field[] fields, BsonValue array, BsonValue element)
        {
            var inner = (Field[])fields.Clone();
            for (int i = 0; i < inner.Length; i++)
            {
                if (!IsArrayToExpand(fields[i], i) || !SameArray(fields[i].Value, array))
                {
                    continue;
                }
                int segment = fields[i].Segment;
                if (segment == paths[i].Count)
                {
                    // An empty array at the end of a path is indexed as undefined. What follows marks the path as finished,
                    // so that an element which is itself an array is not expanded again.
                    inner[i] = new Field(element.IsMissing ? BsonValue.Undefined : element, segment + 1);
                }
                else
                {
                    inner[i] = element.IsDocument ? new Field(element, segment) : new Field(default, paths[i].Count + 1);
                }
            }
            Expand(inner);
        }

        private bool IsArrayToExpand(Field field, int path) => field.Value.IsArray && field.Segment <= paths[path].Count;

        // Follows the path through documents, and through arrays where its segment is an index rather than a field name.
        private static Field Descend(Field field, FieldPath path)
        {
            BsonValue value = field.Value;
            int segment = field.Segment;
            while (segment < path.Count)
            {
                if (value.IsDocument)
                {
                    value = value.AsDocument.Get(path.Segment(segment));
                }
                else if (value.IsArray)
                {
                    BsonValue element = path.Index(segment) < 0 ? default : value.AsDocument.Get(path.Segment(segment));
                    if (element.IsMissing)
                    {
                        break;
                    }
                    if (HasFieldInElement(value.AsDocument, path.Segment(segment)))
                    {
                        throw new MongoError(
                            16746,
                            $"Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '{path.Name(segment)}' for array: {BsonText.ToShell(value)}");
                    }
                    value = element;
                }
                else
                {
                    return new Field(default, path.Count);
                }
                segment++;
            }
            return new Field(value, segment);
        }

        private static bool HasFieldInElement(BsonDoc array, ReadOnlySpan<byte> name)
        {
            foreach (BsonElement element in array)
            {
                if (element.Type == BsonType.Document && element.Value.AsDocument.Contains(name))
                {
                    return true;
                }
            }
            return false;
        }

        private static bool SameArray(BsonValue a, BsonValue b)
        {
            BsonDoc left = a.AsDocument;
            BsonDoc right = b.AsDocument;
            return ReferenceEquals(left.Buffer, right.Buffer) && left.Offset == right.Offset;
        }

        private void Add(Field[] fields)
        {
            var key = new BsonValue[fields.Length];
            for (int i = 0; i < key.Length; i++)
            {
                BsonValue value = fields[i].Value;
                key[i] = value.IsMissing && !sparse ? BsonValue.Null : value;
            }
            if (!Multikey)
            {
                Keys.Add(key);
                return;
            }
            _seen ??= new HashSet<BsonValue[]>(BsonKeyComparer.Instance);
            if (_seen.Add(key))
            {
                Keys.Add(key);
            }
        }
    }
}

/// <summary>Equality of whole keys, value by value.</summary>
internal sealed class BsonKeyComparer : IEqualityComparer<BsonValue[]>
{
    public static BsonKeyComparer Instance { get; } = new();

    public bool Equals(BsonValue[]? x, BsonValue[]? y)
    {
        if (x is null || y is null || x.Length != y.Length)
        {
            return x == y;
        }
        for (int i = 0; i < x.Length; i++)
        {
            if (!BsonCompare.Equals(x[i], y[i]))
            {
                return false;
            }
        }
        return true;
    }

    public int GetHashCode(BsonValue[] obj)
    {
        var hash = new HashCode();
        foreach (BsonValue value in obj)
        {
            hash.Add(BsonHash.GetHashCode(value));
        }
        return hash.ToHashCode();
    }
}
