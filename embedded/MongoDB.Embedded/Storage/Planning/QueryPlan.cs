using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Storage.Planning;

/// <summary>The ways to find candidates for a query.</summary>
internal enum PlanKind
{
    /// <summary>There is nothing to look at: no such collection, or bounds that exclude each other.</summary>
    Eof,

    /// <summary>Records by their _id, one get each.</summary>
    IdLookup,

    /// <summary>Ranges of an index; for the index on _id, ranges of the records themselves.</summary>
    IndexScan,

    CollectionScan,
}

/// <summary>How a query is executed. Candidates are matched again, so a plan decides the cost and not the result.</summary>
internal sealed record QueryPlan
{
    public required PlanKind Kind { get; init; }

    public IndexInfo? Index { get; init; }

    /// <summary>Ranges of store keys in ascending order; for <see cref="PlanKind.IdLookup"/> the record keys as points.</summary>
    public IReadOnlyList<KeyInterval> Ranges { get; init; } = [];

    /// <summary>For each bounded field of the index the predicates that bound it, for explain.</summary>
    public IReadOnlyList<IReadOnlyList<PathPredicate>> BoundedBy { get; init; } = [];

    /// <summary>True walks the ranges from their end.</summary>
    public bool Reverse { get; init; }

    /// <summary>True when candidates come in the order that was asked for.</summary>
    public bool ProvidesSort { get; init; }

    /// <summary>True when a record may turn up more than once.</summary>
    public bool NeedsDistinct { get; init; }

    public static QueryPlan Eof { get; } = new() { Kind = PlanKind.Eof };
}

/// <summary>A hint: an index by name or key pattern, or the natural order. At most one is set.</summary>
internal readonly record struct PlanHint(string? Name, BsonDoc? Key, int Natural)
{
    public bool IsEmpty => Name is null && Key is null && Natural == 0;

    /// <summary>Reads the hint argument of a command.</summary>
    public static PlanHint Parse(BsonValue value)
    {
        if (value.IsMissing)
        {
            return default;
        }
        if (value.IsString)
        {
            return new PlanHint(value.AsString, null, 0);
        }
        if (!value.IsDocument)
        {
            throw Errors.MongoError.FailedToParse("Hint must be a string or an object");
        }
        BsonDoc key = value.AsDocument;
        if (key.IsEmpty)
        {
            return default;
        }
        BsonElement first = key.First;
        return first.NameUtf8.SequenceEqual("$natural"u8)
            ? new PlanHint(null, null, first.Value.IsNumber && first.Value.ToDouble() < 0 ? -1 : 1)
            : new PlanHint(null, key, 0);
    }
}
