using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Storage.Planning;

/// <summary>
/// Chooses how to find the candidates of a query: a get by _id, ranges of one index, or the whole collection. Without statistics
/// the choice is by rules: the more of an index's leading fields are bounded, and the tighter, the better; an index that yields
/// the wanted order saves the sort.
/// </summary>
internal static class Planner
{
    private const int MaxRanges = 1000;

    // Rough shares of the documents that a bounded field leaves over.
    private const double PointShare = 0.01;
    private const double BothEndsShare = 0.2;
    private const double OneEndShare = 0.4;
    private const double SortCost = 1.0;
    private const double FullIndexCost = 1.5;
    private const double FetchCost = 1.1;

    /// <exception cref="MongoError">BadValue (2) for a hint at an index that is not there.</exception>
    public static QueryPlan Plan(Collection collection, Matcher matcher, SortPattern? sort, PlanHint hint)
    {
        IReadOnlyList<PathPredicate> predicates = matcher.Conjuncts;
        if (sort is { Fields.Count: 0 })
        {
            sort = null;
        }
        if (hint.Natural != 0)
        {
            return Scan(sort, reverse: hint.Natural < 0);
        }
        if (!hint.IsEmpty)
        {
            IndexInfo index = Hinted(collection, hint);
            Candidate hinted = Consider(collection, index, predicates, sort);
            return index.IsClustered && TryIdLookup(collection, predicates) is QueryPlan byId ? byId : hinted.Plan;
        }
        if (TryIdLookup(collection, predicates) is QueryPlan lookup)
        {
            return lookup;
        }

        QueryPlan best = Scan(sort, reverse: false);
        double bestCost = 1 + (sort is null || best.ProvidesSort ? 0 : SortCost);
        Choose(collection.IdIndex);
        foreach (IndexInfo index in collection.Indexes)
        {
            if (!index.Hidden && HasEveryMatch(index, predicates))
            {
                Choose(index);
            }
        }
        return best;

        void Choose(IndexInfo index)
        {
            Candidate candidate = Consider(collection, index, predicates, sort);
            bool useful = candidate.BoundedFields > 0 || (candidate.Plan.ProvidesSort && sort is not null);
            if (useful && candidate.Cost < bestCost)
            {
                best = candidate.Plan;
                bestCost = candidate.Cost;
            }
        }
    }

    private readonly record struct Candidate(QueryPlan Plan, double Cost, int BoundedFields);

    /// <summary>Records are kept in the order of _id, so a scan is sorted by it either way.</summary>
    private static QueryPlan Scan(SortPattern? sort, bool reverse)
    {
        bool byId = sort is not null && sort.Fields.Count == 1 && sort.Fields[0].Path == "_id";
        return new QueryPlan
        {
            Kind = PlanKind.CollectionScan,
            Reverse = byId ? !sort!.Fields[0].Ascending : reverse,
            ProvidesSort = byId,
        };
    }

    private static QueryPlan? TryIdLookup(Collection collection, IReadOnlyList<PathPredicate> predicates)
    {
        foreach (PathPredicate predicate in predicates)
        {
            // A null in _id can only be null itself, and an array cannot be an _id: both take the general way.
            if (predicate is { Path: "_id", Kind: PredicateKind.Eq } && !predicate.Operand.IsNullish && !predicate.Operand.IsArray)
            {
                var key = new KeyWriter(stackalloc byte[64]);
                CollectionWriter.RecordKey(ref key, collection, predicate.Operand);
                byte[] record = key.Written.ToArray();
                key.Dispose();
                return new QueryPlan
                {
                    Kind = PlanKind.IdLookup,
                    Index = collection.IdIndex,
                    Ranges = [new KeyInterval(record, record, IsPoint: true)],
                    ProvidesSort = true,
                };
            }
        }
        return null;
    }

    private static Candidate Consider(Collection collection, IndexInfo index, IReadOnlyList<PathPredicate> predicates, SortPattern? sort)
    {
        var prefixes = new List<byte[]> { Ident.Start(index.IsClustered ? collection.Ident : index.Ident) };
        var ranges = new List<KeyInterval> { KeyInterval.Prefix(prefixes[0], isPoint: false) };
        var fieldIsPoint = new bool[index.Fields.Length];
        bool multikey = index.Multikey;
        double share = 1;
        int bounded = 0;
        var texts = new List<List<PathPredicate>>();
        for (int f = 0; f < index.Fields.Length; f++)
        {
            IndexField field = index.Fields[f];
            // Behind an array, bounds on two fields that go through it may be met by different elements.
            var used = new List<PathPredicate>();
            List<KeyInterval>? intervals = multikey && SharesRoot(index, f) ? null : Bounds(field, predicates, multikey, used);
            if (intervals is null || prefixes.Count * Math.Max(1, intervals.Count) > MaxRanges)
            {
                break;
            }
            bounded++;
            texts.Add(used);
            bool points = intervals.TrueForAll(i => i.IsPoint);
            fieldIsPoint[f] = points && intervals.Count == 1;
            share *= Share(intervals, points);
            ranges = [.. prefixes.SelectMany(p => intervals.Select(i => i.Behind(p)))];
            if (!points)
            {
                break;
            }
            prefixes = ranges.ConvertAll(r => r.Low);
        }

        int direction = sort is null || multikey ? 0 : SortDirection(index, fieldIsPoint, sort);
        if (bounded == index.Fields.Length && index.Unique && Array.TrueForAll(fieldIsPoint, p => p))
        {
            share = PointShare * PointShare * PointShare;
        }
        double cost = bounded > 0 ? share * FetchCost : FullIndexCost;
        if (sort is not null && direction == 0)
        {
            cost += SortCost * share;
        }
        var plan = new QueryPlan
        {
            Kind = ranges.Count == 0 ? PlanKind.Eof : PlanKind.IndexScan,
            Index = index,
            Ranges = ranges,
            BoundedBy = texts,
            Reverse = direction < 0,
            ProvidesSort = direction != 0,
            NeedsDistinct = multikey,
        };
        return new Candidate(plan, cost, bounded);
    }

    /// <summary>
    /// All predicates on a field together; null when none bounds it.
    /// <para><paramref name="used"/>: Takes those that do.</para>
    /// </summary>
    private static List<KeyInterval>? Bounds(IndexField field, IReadOnlyList<PathPredicate> predicates, bool multikey, List<PathPredicate> used)
    {
        List<KeyInterval>? all = null;
        foreach (PathPredicate predicate in predicates)
        {
            if (predicate.Path == field.Path && FieldBounds.Of(predicate, field.Descending) is List<KeyInterval> intervals)
            {
                if (all is null)
                {
                    all = intervals;
                    used.Add(predicate);
                }
                else if (!multikey)
                {
                    all = FieldBounds.Intersect(all, intervals);
                    used.Add(predicate);
                }
                else if (Tighter(intervals, all))
                {
                    // Different elements of an array may meet the two: only one of them can bound the scan.
                    all = intervals;
                    used.Clear();
                    used.Add(predicate);
                }
            }
        }
        return all;
    }

    private static bool Tighter(List<KeyInterval> left, List<KeyInterval> right) =>
        left.TrueForAll(i => i.IsPoint) && (!right.TrueForAll(i => i.IsPoint) || left.Count < right.Count);

    private static double Share(List<KeyInterval> intervals, bool points)
    {
        if (points)
        {
            return Math.Min(0.5, PointShare * intervals.Count);
        }
        KeyInterval first = intervals.Count > 0 ? intervals[0] : default;
        bool bothEnds = intervals.Count == 0 || (first.Low.Length > 1 && first.High.Length > 1);
        return bothEnds ? BothEndsShare : OneEndShare;
    }

    /// <summary>1 when the index yields the order forwards, -1 backwards, 0 when it does not.</summary>
    private static int SortDirection(IndexInfo index, bool[] fieldIsPoint, SortPattern sort)
    {
        int direction = 0;
        int f = 0;
        foreach ((string path, bool ascending) in sort.Fields)
        {
            // A field with one value only cannot disturb the order, nor can one make it.
            while (f < index.Fields.Length && index.Fields[f].Path != path && fieldIsPoint[f])
            {
                f++;
            }
            if (f == index.Fields.Length || index.Fields[f].Path != path)
            {
                return 0;
            }
            int step = ascending == !index.Fields[f].Descending ? 1 : -1;
            if (!fieldIsPoint[f])
            {
                if (direction != 0 && direction != step)
                {
                    return 0;
                }
                direction = step;
            }
            f++;
        }
        return direction == 0 ? 1 : direction;
    }

    /// <summary>True when a sparse or partial index has every document that the query can match.</summary>
    private static bool HasEveryMatch(IndexInfo index, IReadOnlyList<PathPredicate> predicates)
    {
        if (index.Sparse && !predicates.Any(p => index.Fields.Any(f => f.Path == p.Path) && FieldBounds.NeedsValue(p)))
        {
            return false;
        }
        return index.Partial is null || index.Partial.Conjuncts.All(wanted => predicates.Any(p => Implies(p, wanted)));
    }

    private static bool Implies(PathPredicate given, PathPredicate wanted)
    {
        if (given.Path != wanted.Path)
        {
            return false;
        }
        int order = BsonCompare.Compare(given.Operand, wanted.Operand);
        bool comparable = given.Operand.Type.Bracket() == wanted.Operand.Type.Bracket() && !given.Operand.IsNaN;
        return wanted.Kind switch
        {
            PredicateKind.Exists when wanted.Operand.IsTruthy => FieldBounds.NeedsValue(given),
            PredicateKind.Eq => given.Kind == PredicateKind.Eq && order == 0 && comparable,
            PredicateKind.Gt => comparable && ((given.Kind is PredicateKind.Eq or PredicateKind.Gte && order > 0) || (given.Kind is PredicateKind.Gt && order >= 0)),
            PredicateKind.Gte => comparable && given.Kind is PredicateKind.Eq or PredicateKind.Gt or PredicateKind.Gte && order >= 0 && comparable,
            PredicateKind.Lt => comparable && ((given.Kind is PredicateKind.Eq or PredicateKind.Lte && order < 0) || (given.Kind is PredicateKind.Lt && order <= 0)),
            PredicateKind.Lte => comparable && given.Kind is PredicateKind.Eq or PredicateKind.Lt or PredicateKind.Lte && order <= 0 && comparable,
            _ => false,
        };
    }

    private static bool SharesRoot(IndexInfo index, int field)
    {
        for (int f = 0; f < field; f++)
        {
            if (index.Fields[f].Root == index.Fields[field].Root)
            {
                return true;
            }
        }
        return false;
    }

    private static IndexInfo Hinted(Collection collection, PlanHint hint)
    {
        foreach (IndexInfo index in collection.Indexes.Prepend(collection.IdIndex))
        {
            if (hint.Name is not null ? index.Name == hint.Name : SameKey(index.Key, hint.Key!.Value))
            {
                return index;
            }
        }
        throw MongoError.BadValue("error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index");
    }

    /// <summary>Equal key patterns, whatever the types of their numbers.</summary>
    public static bool SameKey(BsonDoc left, BsonDoc right) => BsonCompare.Compare(left, right) == 0;
}
