using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>
/// A sort specification. A document's sort key is the smallest of its index keys under the pattern: the least element of an
/// array for an ascending field, the greatest for a descending one; a missing field sorts as null.
/// </summary>
internal sealed class SortPattern
{
    private const int MaxFields = 32;

    private readonly FieldPath[] _paths;
    private readonly bool[] _ascending;

    private SortPattern(FieldPath[] paths, bool[] ascending)
    {
        _paths = paths;
        _ascending = ascending;
        Fields = [.. paths.Select((path, i) => (path.Text, ascending[i]))];
    }

    public IReadOnlyList<(string Path, bool Ascending)> Fields { get; }

    public IReadOnlyList<FieldPath> Paths => _paths;

    public bool IsEmpty => _paths.Length == 0;

    /// <exception cref="MongoError">BadValue (2) and the Location numbers of <c>$sort</c>.</exception>
    public static SortPattern Parse(BsonDoc specification)
    {
        var paths = new List<FieldPath>();
        var ascending = new List<bool>();
        foreach (BsonElement element in specification)
        {
            string path = element.Name;
            CheckPath(path);
            BsonValue direction = element.Value;
            if (direction.IsDocument)
            {
                string meta = direction.AsDocument.IsEmpty ? "" : direction.AsDocument.First.Name;
                throw meta == "$meta"
                    ? new MongoError(ErrorCode.NotImplemented, "$meta sorts need a text index, which is not supported")
                    : new MongoError(15974, $"Illegal key in $sort specification: {element}");
            }
            if (!direction.IsNumber)
            {
                throw new MongoError(15974, $"Illegal key in $sort specification: {element}");
            }
            if (!direction.TryToInt32Exact(out int order) || order is not (1 or -1))
            {
                throw new MongoError(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
            }
            if (paths.Exists(p => p.Text == path))
            {
                throw new MongoError(7472500, $"Field path {path} appears twice in sort specification");
            }
            paths.Add(new FieldPath(path));
            ascending.Add(order == 1);
        }
        if (paths.Count > MaxFields)
        {
            throw MongoError.BadValue($"too many compound keys: at most {MaxFields} fields may be sorted by");
        }
        return new SortPattern([.. paths], [.. ascending]);
    }

    /// <summary>Compares two documents; computes both keys, so a sort of many should keep them (see <see cref="KeyOf"/>).</summary>
    public int Compare(BsonDoc a, BsonDoc b) => CompareKeys(KeyOf(a), KeyOf(b));

    /// <summary>The document's sort key: one value a field, slices of the document.</summary>
    /// <exception cref="MongoError">BadValue (2) when two fields run through different arrays.</exception>
    public BsonValue[] KeyOf(BsonDoc document)
    {
        List<BsonValue[]> keys;
        try
        {
            IndexKeys.Collect(document, _paths, out keys);
        }
        catch (MongoError error) when (error.Is(ErrorCode.CannotIndexParallelArrays))
        {
            throw MongoError.BadValue("cannot sort with keys that are parallel arrays");
        }
        BsonValue[] least = keys[0];
        for (int i = 1; i < keys.Count; i++)
        {
            if (CompareKeys(keys[i], least) < 0)
            {
                least = keys[i];
            }
        }
        return least;
    }

    public int CompareKeys(BsonValue[] a, BsonValue[] b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            int order = BsonCompare.Compare(a[i], b[i]);
            if (order != 0)
            {
                return _ascending[i] ? order : -order;
            }
        }
        return 0;
    }

    private static void CheckPath(string path)
    {
        if (path.Length == 0)
        {
            throw new MongoError(40352, "FieldPath cannot be constructed with empty string");
        }
        if (path[^1] == '.')
        {
            throw new MongoError(40353, "FieldPath must not end with a '.'.");
        }
        if (path.Split('.').Any(name => name.Length == 0))
        {
            throw new MongoError(15998, "FieldPath field names may not be empty strings.");
        }
        if (path.Split('.').Any(name => name[0] == '$' && name is not ("$id" or "$ref" or "$db")))
        {
            throw new MongoError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
        }
    }
}
