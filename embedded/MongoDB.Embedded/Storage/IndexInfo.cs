using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Storage;

/// <summary>One field of an index: its path and direction.</summary>
internal sealed record IndexField(string Path, bool Descending)
{
    /// <summary>The part of the path in front of the first dot.</summary>
    public string Root => Path.IndexOf('.', StringComparison.Ordinal) is int dot and >= 0 ? Path[..dot] : Path;
}

/// <summary>An index as it was created. Immutable but for <see cref="Multikey"/>.</summary>
internal sealed class IndexInfo
{
    public const string IdName = "_id_";

    private int _multikey;

    public required uint Ident { get; init; }

    public required string Name { get; init; }

    /// <summary>The key pattern as given, such as {email: 1}.</summary>
    public required BsonDoc Key { get; init; }

    public required IndexField[] Fields
    {
        get;
        init
        {
            field = value;
            Paths = Array.ConvertAll(value, f => new FieldPath(f.Path));
        }
    }

    /// <summary>The paths of <see cref="Fields"/>, split.</summary>
    public FieldPath[] Paths { get; private init; } = [];

    public bool Unique { get; init; }

    public bool Sparse { get; init; }

    public bool Hidden { get; init; }

    public double? ExpireAfterSeconds { get; init; }

    public BsonDoc? PartialFilter { get; init; }

    /// <summary>The parsed <see cref="PartialFilter"/>.</summary>
    public Matcher? Partial { get; init; }

    /// <summary>The index on _id is not stored: records are kept in the order of their _id.</summary>
    public bool IsClustered { get; init; }

    /// <summary>
    /// True once a document had an array on an indexed path. Set before the write that makes it so becomes visible, and never
    /// taken back.
    /// </summary>
    public bool Multikey
    {
        get => Volatile.Read(ref _multikey) != 0;
        init => _multikey = value ? 1 : 0;
    }

    /// <summary>Sets <see cref="Multikey"/>.</summary>
    /// <returns>True for the one caller who did.</returns>
    public bool MarkMultikey() => Interlocked.Exchange(ref _multikey, 1) == 0;

    public static IndexInfo ForId(uint ident)
    {
        using var writer = new BsonWriter(32);
        writer.Write("_id", 1);
        return new IndexInfo
        {
            Ident = ident,
            Name = IdName,
            Key = writer.ToDocument(),
            Fields = [new IndexField("_id", false)],
            Unique = true,
            IsClustered = true,
        };
    }

    public IndexInfo With(bool? hidden = null, double? expireAfterSeconds = null) => new()
    {
        Ident = Ident,
        Name = Name,
        Key = Key,
        Fields = Fields,
        Unique = Unique,
        Sparse = Sparse,
        Hidden = hidden ?? Hidden,
        ExpireAfterSeconds = expireAfterSeconds ?? ExpireAfterSeconds,
        PartialFilter = PartialFilter,
        Partial = Partial,
        IsClustered = IsClustered,
        Multikey = Multikey,
    };

    /// <summary>Writes the index as listIndexes shows it.</summary>
    public void WriteSpec(BsonWriter writer)
    {
        writer.Write("v", 2);
        writer.Write("key", Key);
        writer.Write("name", Name);
        if (Unique && !IsClustered)
        {
            writer.Write("unique", true);
        }
        if (Sparse)
        {
            writer.Write("sparse", true);
        }
        if (Hidden)
        {
            writer.Write("hidden", true);
        }
        if (ExpireAfterSeconds is double seconds)
        {
            writer.Write("expireAfterSeconds", seconds == Math.Floor(seconds) && Math.Abs(seconds) <= int.MaxValue ? BsonValue.Int32((int)seconds) : BsonValue.Double(seconds));
        }
        if (PartialFilter is BsonDoc filter)
        {
            writer.Write("partialFilterExpression", filter);
        }
    }

    /// <summary>Writes what the catalog keeps beyond the specification.</summary>
    public void WriteCatalog(BsonWriter writer)
    {
        writer.Write("ident", (long)Ident);
        writer.Write("multikey", Multikey);
        WriteSpec(writer);
    }

    public static IndexInfo FromCatalog(BsonDoc entry)
    {
        BsonValue filter = entry["partialFilterExpression"];
        BsonValue expire = entry["expireAfterSeconds"];
        BsonDoc key = entry["key"].AsDocument.Detach();
        BsonDoc? partial = filter.IsMissing ? null : BsonDoc.Wrap(filter.AsDocument.ToArray());
        return new IndexInfo
        {
            Ident = (uint)entry["ident"].AsInt64,
            Name = entry["name"].AsString,
            Key = BsonDoc.Wrap(key.ToArray()),
            Fields = ParseFields(key),
            Unique = entry["unique"].IsTruthy,
            Sparse = entry["sparse"].IsTruthy,
            Hidden = entry["hidden"].IsTruthy,
            ExpireAfterSeconds = expire.IsMissing ? null : expire.ToDouble(),
            PartialFilter = partial,
            Partial = partial is BsonDoc p ? Matcher.Parse(p, QueryContext.Create()) : null,
            Multikey = entry["multikey"].IsTruthy,
        };
    }

    /// <exception cref="MongoError">CannotCreateIndex (67) for kinds of index that are not there.</exception>
    public static IndexField[] ParseFields(BsonDoc key)
    {
        var fields = new List<IndexField>();
        foreach (BsonElement element in key)
        {
            BsonValue value = element.Value;
            if (value.IsString)
            {
                throw new MongoError(
                    ErrorCode.CannotCreateIndex, $"Unknown index plugin '{value.AsString}': text, geo and hashed indexes are not supported by this server");
            }
            if (!value.IsNumber || value.ToDouble() == 0 || double.IsNaN(value.ToDouble()))
            {
                throw new MongoError(
                    ErrorCode.CannotCreateIndex,
                    $"Values in v:2 index key pattern cannot be of type {value.Type.Name()}. Only numbers > 0, numbers < 0, and strings are allowed.");
            }
            string path = element.Name;
            CheckPath(path);
            fields.Add(new IndexField(path, value.ToDouble() < 0));
        }
        return fields.Count > 0
            ? [.. fields]
            : throw new MongoError(ErrorCode.CannotCreateIndex, "Index keys cannot be an empty object");
    }

    private static void CheckPath(string path)
    {
        string[] parts = path.Split('.');
        if (Array.Exists(parts, p => p.Length == 0))
        {
            throw new MongoError(ErrorCode.CannotCreateIndex, "Index keys cannot contain an empty field.");
        }
        if (Array.Exists(parts, p => p == "$**"))
        {
            throw new MongoError(ErrorCode.CannotCreateIndex, "Wildcard indexes are not supported by this server");
        }
        if (Array.Exists(parts, p => p[0] == '$'))
        {
            throw new MongoError(ErrorCode.CannotCreateIndex, $"Index key contains an illegal field name: field name starts with '$': {path}");
        }
    }
}
