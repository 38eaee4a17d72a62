using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

/// <summary>What a predicate asks of the values at its path, as far as an index can help with it.</summary>
internal enum PredicateKind
{
    Eq,
    In,
    Lt,
    Lte,
    Gt,
    Gte,
    Exists,
    Regex,
    Type,
    ElemMatch,
    Other,
}

/// <summary>
/// One of the conditions that must all hold, for a planner that wants to narrow a scan. An index gives a superset: the
/// document is still to be checked by the <see cref="Matcher"/>. Two cases where it gives too little and must not be used:
/// equality to an array also matches the array as a whole, which is not among its keys unless it is an element itself; and
/// null on a path with a numeric segment also matches documents in which the segment, taken as a field name, is missing.
/// </summary>
/// <param name="Path">The dotted path.</param>
/// <param name="Kind">The operator.</param>
/// <param name="Operand">The value of a comparison; the flag of <see cref="PredicateKind.Exists"/>.</param>
internal sealed record PathPredicate(string Path, PredicateKind Kind, BsonValue Operand)
{
    /// <summary>The values of <see cref="PredicateKind.In"/>.</summary>
    public IReadOnlyList<BsonValue> Values { get; init; } = [];

    /// <summary>The types of <see cref="PredicateKind.Type"/>.</summary>
    public IReadOnlyList<BsonType> Types { get; init; } = [];

    /// <summary>The text that every match of <see cref="PredicateKind.Regex"/> starts with, or null.</summary>
    public string? Prefix { get; init; }

    /// <summary>For <see cref="PredicateKind.ElemMatch"/> on documents: the conditions that one element meets together.</summary>
    public IReadOnlyList<PathPredicate> Inner { get; init; } = [];
}
