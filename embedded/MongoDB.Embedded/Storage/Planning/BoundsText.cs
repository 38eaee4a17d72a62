using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Storage.Planning;

/// <summary>The bounds of an index field as explain shows them: <c>["[1, 1]", "(5, inf.0]"]</c>.</summary>
internal static class BoundsText
{
    /// <param name="predicates">The predicates whose intervals the scan uses.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<PathPredicate> predicates)
    {
        PathPredicate? points = predicates.FirstOrDefault(p => p.Kind is PredicateKind.Eq or PredicateKind.In);
        if (points is { Kind: PredicateKind.Eq })
        {
            return [Point(points.Operand)];
        }
        if (points is not null)
        {
            return [.. points.Values.Order(Comparer<BsonValue>.Create(BsonCompare.Compare)).Select(Point)];
        }
        if (predicates.FirstOrDefault(p => p.Kind == PredicateKind.Regex) is { Prefix: string prefix })
        {
            return [$"[\"{prefix}\", \"{prefix}\u2026)", $"[/^{prefix}/, /^{prefix}/]"];
        }
        PathPredicate? low = predicates.FirstOrDefault(p => p.Kind is PredicateKind.Gt or PredicateKind.Gte);
        PathPredicate? high = predicates.FirstOrDefault(p => p.Kind is PredicateKind.Lt or PredicateKind.Lte);
        BsonType type = (low ?? high)?.Operand.Type ?? BsonType.Missing;
        string from = low is null ? $"[{Least(type)}" : $"{(low.Kind == PredicateKind.Gte ? '[' : '(')}{BsonText.ToShell(low.Operand)}";
        string to = high is null ? $"{Greatest(type)}]" : $"{BsonText.ToShell(high.Operand)}{(high.Kind == PredicateKind.Lte ? ']' : ')')}";
        return [$"{from}, {to}"];
    }

    private static string Point(BsonValue value) => $"[{BsonText.ToShell(value)}, {BsonText.ToShell(value)}]";

    private static string Least(BsonType type) => type switch
    {
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => "-inf.0",
        BsonType.String => "\"\"",
        _ => $"first {type.Name()}",
    };

    private static string Greatest(BsonType type) => type switch
    {
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => "inf.0",
        _ => $"last {type.Name()}",
    };
}
