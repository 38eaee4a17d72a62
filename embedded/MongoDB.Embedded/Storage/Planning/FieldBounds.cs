using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Storage.Planning;

/// <summary>
/// The intervals of one index field that a predicate leaves open. They may hold keys that do not match, since every document is
/// matched again, but leave out none that does.
/// </summary>
internal static class FieldBounds
{
    /// <returns>Sorted, disjoint intervals, or null when the predicate says nothing about the field's keys.</returns>
    public static List<KeyInterval>? Of(PathPredicate predicate, bool descending)
    {
        if (MatchesNull(predicate) && HasNumericSegment(predicate.Path))
        {
            // {"a.0": null} also matches where "0", taken as a field name, is missing: there the index holds the element at place 0.
            return null;
        }
        switch (predicate.Kind)
        {
            case PredicateKind.Eq:
                return Points([predicate.Operand], descending);
            case PredicateKind.In:
                return predicate.Values.Any(v => v.Type == BsonType.Regex) ? null : Points(predicate.Values, descending);
            case PredicateKind.Regex when !string.IsNullOrEmpty(predicate.Prefix):
                return StartsWith(predicate.Prefix, descending);
            case PredicateKind.Gt or PredicateKind.Gte or PredicateKind.Lt or PredicateKind.Lte:
                return Range(predicate.Kind, predicate.Operand, descending);
            default:
                return null;
        }
    }

    /// <summary>The intervals that are in both lists.</summary>
    public static List<KeyInterval> Intersect(List<KeyInterval> left, List<KeyInterval> right)
    {
        var result = new List<KeyInterval>();
        int r = 0;
        foreach (KeyInterval l in left)
        {
            while (r < right.Count && right[r].High.AsSpan().SequenceCompareTo(l.Low) <= 0)
            {
                r++;
            }
            for (int i = r; i < right.Count && right[i].Low.AsSpan().SequenceCompareTo(l.High) < 0; i++)
            {
                KeyInterval both = l.Intersect(right[i]);
                if (!both.IsEmpty)
                {
                    result.Add(both);
                }
            }
        }
        return result;
    }

    /// <summary>True when the predicate cannot hold for a missing value, so that a sparse index has every match.</summary>
    public static bool NeedsValue(PathPredicate predicate) => predicate.Kind switch
    {
        PredicateKind.Eq or PredicateKind.Gt or PredicateKind.Gte or PredicateKind.Lt or PredicateKind.Lte =>
            !predicate.Operand.IsNullish && !IsExtreme(predicate.Operand),
        PredicateKind.In => !predicate.Values.Any(v => v.IsNullish),
        PredicateKind.Regex => true,
        PredicateKind.Exists => predicate.Operand.IsTruthy,
        _ => false,
    };

    private static bool MatchesNull(PathPredicate predicate) => predicate.Kind switch
    {
        PredicateKind.Eq or PredicateKind.Gte or PredicateKind.Lte => predicate.Operand.IsNullish,
        PredicateKind.In => predicate.Values.Any(v => v.IsNullish),
        _ => false,
    };

    private static bool HasNumericSegment(string path) => path.Split('.').Any(segment => segment.Length > 0 && segment.All(char.IsAsciiDigit));

    private static List<KeyInterval>? Points(IReadOnlyList<BsonValue> values, bool descending)
    {
        var points = new List<byte[]>();
        foreach (BsonValue value in values)
        {
            if (value.IsMissing)
            {
                return null;
            }
            points.Add(Encode(value, descending));
            if (value.IsNullish)
            {
                // {a: null} matches what is missing (stored as null) and, behind an array, what an empty one leaves (undefined).
                points.Add(Encode(BsonValue.Null, descending));
                points.Add(Encode(BsonValue.Undefined, descending));
            }
            else if (value.IsArray)
            {
                // {a: [1, 2]} matches an array as a whole, which the index knows by its elements, and one inside an array.
                BsonDoc array = value.AsDocument;
                points.Add(Encode(array.IsEmpty ? BsonValue.Undefined : array.First.Value, descending));
            }
        }
        points.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        var intervals = new List<KeyInterval>();
        for (int i = 0; i < points.Count; i++)
        {
            if (i == 0 || !points[i].AsSpan().SequenceEqual(points[i - 1]))
            {
                intervals.Add(KeyInterval.Prefix(points[i]));
            }
        }
        return intervals;
    }

    private static List<KeyInterval>? Range(PredicateKind kind, BsonValue operand, bool descending)
    {
        if (operand.IsNullish)
        {
            // {$gte: null} and {$lte: null} are equality with null; {$gt: null} matches nothing.
            return kind is PredicateKind.Gte or PredicateKind.Lte ? Points([BsonValue.Null], descending) : null;
        }
        if (operand.IsArray || IsExtreme(operand))
        {
            return null;
        }
        byte[] value = Encode(operand, descending);
        KeyInterval bracket = KeyInterval.Prefix([value[0]], isPoint: false);
        bool upwards = kind is PredicateKind.Gt or PredicateKind.Gte;
        bool inclusive = kind is PredicateKind.Gte or PredicateKind.Lte;
        byte[] after = KeyInterval.After(value);
        KeyInterval interval = upwards != descending
            ? bracket with { Low = inclusive ? value : after }
            : bracket with { High = inclusive ? after : value };
        return [interval];
    }

    /// <summary>Strings that begin with a text, and stored regular expressions, which match an equal one.</summary>
    private static List<KeyInterval> StartsWith(string prefix, bool descending)
    {
        // Without the two bytes that end the string.
        byte[] text = KeyEncoding.Encode(BsonValue.String(prefix))[..^2];
        byte[] regex = [KeyEncoding.Bracket(BsonType.Regex)];
        if (!descending)
        {
            return [KeyInterval.Prefix(text, isPoint: false), KeyInterval.Prefix(regex, isPoint: false)];
        }
        KeyEncoding.Invert(text);
        KeyEncoding.Invert(regex);
        return [KeyInterval.Prefix(regex, isPoint: false), KeyInterval.Prefix(text, isPoint: false)];
    }

    private static byte[] Encode(BsonValue value, bool descending)
    {
        byte[] bytes = KeyEncoding.Encode(value);
        if (descending)
        {
            KeyEncoding.Invert(bytes);
        }
        return bytes;
    }

    private static bool IsExtreme(BsonValue value) => value.Type is BsonType.MinKey or BsonType.MaxKey;
}
