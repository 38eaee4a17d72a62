using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Commands;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Storage;

/// <summary>Reads the index specifications of createIndexes and compares them with the indexes there are.</summary>
internal static class IndexSpec
{
    private const int MaxIndexes = 64;
    private const double MaxExpireSeconds = int.MaxValue;

    private static readonly string[] Known =
    [
        "key", "name", "v", "unique", "sparse", "hidden", "expireAfterSeconds", "partialFilterExpression", "background", "collation", "ns",
    ];

    private static readonly string[] OtherKinds =
    [
        "weights", "default_language", "language_override", "textIndexVersion", "2dsphereIndexVersion", "bits", "min", "max", "bucketSize",
        "wildcardProjection", "storageEngine", "clustered", "prepareUnique", "dropDups",
    ];

    /// <summary>An index that is not built yet and has no number.</summary>
    /// <exception cref="MongoError">CannotCreateIndex (67), InvalidIndexSpecificationOption (197), TypeMismatch (14).</exception>
    public static IndexInfo Parse(BsonDoc specification)
    {
        var arguments = new CommandArguments("createIndexes.indexes", specification);
        foreach (BsonElement element in specification)
        {
            if (Array.IndexOf(OtherKinds, element.Name) >= 0)
            {
                throw new MongoError(ErrorCode.CannotCreateIndex, $"The index option '{element.Name}' is not supported by this server");
            }
            if (Array.IndexOf(Known, element.Name) < 0)
            {
                throw new MongoError(
                    ErrorCode.InvalidIndexSpecificationOption,
                    $"The field '{element.Name}' is not valid for an index specification. Specification: {BsonText.ToShell(specification)}");
            }
        }
        CommandContext.CheckCollation(arguments);
        BsonDoc key = BsonDoc.Wrap(arguments.Document("key").ToArray());
        string name = arguments.String("name");
        if (name.Length == 0 || name == "*")
        {
            throw new MongoError(ErrorCode.CannotCreateIndex, $"Index name cannot be {(name.Length == 0 ? "empty" : "'*'")}");
        }
        IndexField[] fields = IndexInfo.ParseFields(key);
        BsonDoc? partial = arguments.DocumentOrNull("partialFilterExpression") is BsonDoc filter ? BsonDoc.Wrap(filter.ToArray()) : null;
        bool sparse = arguments.Boolean("sparse");
        if (sparse && partial is not null)
        {
            throw new MongoError(ErrorCode.CannotCreateIndex, "cannot mix \"partialFilterExpression\" and \"sparse\" options");
        }
        return new IndexInfo
        {
            Ident = 0,
            Name = name,
            Key = key,
            Fields = fields,
            Unique = arguments.Boolean("unique"),
            Sparse = sparse,
            Hidden = arguments.Boolean("hidden"),
            ExpireAfterSeconds = Expire(arguments, fields),
            PartialFilter = partial,
            Partial = partial is BsonDoc expression ? Matcher.Parse(expression, QueryContext.Create()) : null,
        };
    }

    /// <summary>True for {_id: 1}, which every collection has from the start.</summary>
    public static bool IsIdIndex(IndexInfo index) => index.Fields.Length == 1 && index.Fields[0] is { Path: "_id", Descending: false };

    /// <summary>True when the same index is there already; an error when another is in its way.</summary>
    /// <exception cref="MongoError">IndexOptionsConflict (85), IndexKeySpecsConflict (86), CannotCreateIndex (67).</exception>
    public static bool Exists(IndexInfo requested, IReadOnlyList<IndexInfo> existing)
    {
        foreach (IndexInfo index in existing)
        {
            bool sameKey = Planning.Planner.SameKey(index.Key, requested.Key) && SamePartial(index, requested);
            if (index.Name == requested.Name)
            {
                if (!sameKey)
                {
                    throw new MongoError(
                        ErrorCode.IndexKeySpecsConflict,
                        "An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can "
                        + $"cause conflicts. Please refer to our documentation. Requested index: {Describe(requested)}, existing index: {Describe(index)}");
                }
                return SameOptions(index, requested)
                    ? true
                    : throw new MongoError(
                        ErrorCode.IndexOptionsConflict,
                        $"An equivalent index already exists with the same name but different options. Requested index: {Describe(requested)}, existing index: {Describe(index)}");
            }
            if (sameKey)
            {
                throw new MongoError(
                    ErrorCode.IndexOptionsConflict,
                    SameOptions(index, requested)
                        ? $"Index already exists with a different name: {index.Name}"
                        : $"An equivalent index already exists with a different name and options. Requested index: {Describe(requested)}, existing index: {Describe(index)}");
            }
        }
        return existing.Count < MaxIndexes
            ? false
            : throw new MongoError(ErrorCode.CannotCreateIndex, $"add index fails, too many indexes; key: {BsonText.ToShell(requested.Key)}");
    }

    /// <summary>The same index with a number.</summary>
    public static IndexInfo Numbered(IndexInfo index, uint ident) => new()
    {
        Ident = ident,
        Name = index.Name,
        Key = index.Key,
        Fields = index.Fields,
        Unique = index.Unique,
        Sparse = index.Sparse,
        Hidden = index.Hidden,
        ExpireAfterSeconds = index.ExpireAfterSeconds,
        PartialFilter = index.PartialFilter,
        Partial = index.Partial,
    };

    /// <exception cref="MongoError">CannotCreateIndex (67).</exception>
    public static double CheckExpire(BsonValue value)
    {
        if (!value.IsNumber)
        {
            throw new MongoError(ErrorCode.CannotCreateIndex, $"TTL index 'expireAfterSeconds' option must be numeric, but received a type of '{value.Type.Name()}'");
        }
        double seconds = value.ToDouble();
        return seconds is >= 0 and <= MaxExpireSeconds
            ? seconds
            : throw new MongoError(
                ErrorCode.CannotCreateIndex, $"TTL index 'expireAfterSeconds' option must be within an acceptable range, 0 to {MaxExpireSeconds}: {BsonText.ToShell(value)}");
    }

    private static double? Expire(CommandArguments arguments, IndexField[] fields)
    {
        BsonValue value = arguments["expireAfterSeconds"];
        if (value.IsMissing)
        {
            return null;
        }
        if (fields.Length != 1)
        {
            throw new MongoError(ErrorCode.CannotCreateIndex, "TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: " + BsonText.ToShell(arguments.Body));
        }
        if (fields[0].Path == "_id")
        {
            throw new MongoError(ErrorCode.InvalidIndexSpecificationOption, "The field 'expireAfterSeconds' is not valid for an _id index specification");
        }
        return CheckExpire(value);
    }

    private static bool SameOptions(IndexInfo a, IndexInfo b) =>
        a.Unique == b.Unique && a.Sparse == b.Sparse && Nullable.Equals(a.ExpireAfterSeconds, b.ExpireAfterSeconds);

    private static bool SamePartial(IndexInfo a, IndexInfo b) =>
        a.PartialFilter is BsonDoc left && b.PartialFilter is BsonDoc right
            ? BsonCompare.Compare(left, right) == 0
            : a.PartialFilter is null && b.PartialFilter is null;

    private static string Describe(IndexInfo index)
    {
        using var writer = new BsonWriter();
        index.WriteSpec(writer);
        return BsonText.ToShell(writer.ToDocument());
    }
}
