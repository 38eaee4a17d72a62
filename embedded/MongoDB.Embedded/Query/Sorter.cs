using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>Sorts documents that no index gives in order, for find and <c>$sort</c>: stable, bounded in memory.</summary>
internal static class Sorter
{
    private const int PerDocument = 96;

    /// <summary>
    /// The documents in order; with a limit only the first of them, and then only as many are held.
    /// </summary>
    /// <exception cref="MongoError">QueryExceededMemoryLimitNoDiskUseAllowed (292).</exception>
    public static IEnumerable<BsonDoc> Sort(IEnumerable<BsonDoc> input, SortPattern pattern, long? limit = null)
    {
        List<Entry> entries = limit is { } most && most < int.MaxValue / 2
            ? TakeFirst(input, pattern, (int)most)
            : TakeAll(input, pattern);
        foreach (Entry entry in entries)
        {
            yield return entry.Document;
        }
    }

    private static List<Entry> TakeAll(IEnumerable<BsonDoc> input, SortPattern pattern)
    {
        var entries = new List<Entry>();
        var budget = new MemoryBudget(Exceeded);
        foreach (BsonDoc document in input)
        {
            BsonDoc kept = document.Detach();
            budget.Add(kept.Length + PerDocument);
            entries.Add(new Entry(pattern.KeyOf(kept), entries.Count, kept));
        }
        entries.Sort(new Comparer(pattern));
        return entries;
    }

    // A heap whose top is the last of the documents kept: what comes behind it is not kept at all.
    private static List<Entry> TakeFirst(IEnumerable<BsonDoc> input, SortPattern pattern, int most)
    {
        var comparer = new Comparer(pattern);
        var heap = new PriorityQueue<Entry, Entry>(Comparer<Entry>.Create((a, b) => comparer.Compare(b, a)));
        var budget = new MemoryBudget(Exceeded);
        long order = 0;
        foreach (BsonDoc document in input)
        {
            BsonValue[] key = pattern.KeyOf(document);
            if (heap.Count == most && pattern.CompareKeys(key, heap.Peek().Key) >= 0)
            {
                continue;
            }
            BsonDoc kept = document.Detach();
            var entry = new Entry(kept.Buffer == document.Buffer ? key : pattern.KeyOf(kept), order++, kept);
            budget.Add(kept.Length + PerDocument);
            if (heap.Count == most)
            {
                budget.Add(-(heap.EnqueueDequeue(entry, entry).Document.Length + PerDocument));
            }
            else
            {
                heap.Enqueue(entry, entry);
            }
        }
        var entries = heap.UnorderedItems.Select(item => item.Element).ToList();
        entries.Sort(comparer);
        return entries;
    }

    private static MongoError Exceeded() => new(
        ErrorCode.QueryExceededMemoryLimitNoDiskUseAllowed,
        $"Sort exceeded memory limit of {StageLimits.MemoryBytes} bytes, but did not opt in to external sorting.");

    private readonly record struct Entry(BsonValue[] Key, long Order, BsonDoc Document);

    private sealed class Comparer(SortPattern pattern) : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y)
        {
            int order = pattern.CompareKeys(x.Key, y.Key);
            return order != 0 ? order : x.Order.CompareTo(y.Order);
        }
    }
}
