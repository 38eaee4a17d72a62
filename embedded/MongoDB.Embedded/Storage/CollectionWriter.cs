using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// Inserts, changes and deletes records together with their index entries. A writer locks the records first and then the keys of
/// unique indexes it adds, each in the order of the stripes, checks under these locks and writes one batch: a document changes
/// atomically, and of parallel inserts of one unique key exactly one succeeds. Readers take no lock.
/// </summary>
internal sealed partial class CollectionWriter(StorageEngine engine)
{
    /// <summary>Bytes of a document ("MongoDB Limits and Thresholds").</summary>
    public const int MaxDocumentSize = 16 << 20;

    private readonly StripedLocks _recordLocks = new();
    private readonly StripedLocks _uniqueLocks = new();

    [ThreadStatic]
    private static WriterScratch? _scratch;

    /// <summary>Applies a change to one record, if it is still there.</summary>
    /// <exception cref="MongoError">DuplicateKey (11000), ImmutableField (66) and what the change itself throws.</exception>
    public ChangeOutcome Change(Collection collection, ReadOnlySpan<byte> recordKey, DocumentChange change)
    {
        WriterScratch scratch = _scratch ??= new WriterScratch();
        collection.Gate.EnterReadLock();
        try
        {
            if (collection.Dropped)
            {
                return ChangeOutcome.NoMatch;
            }
            using Lock.Scope record = _recordLocks.Enter(recordKey);
            int length = engine.Store.Get(recordKey, ref scratch.Document);
            if (length < 0)
            {
                return ChangeOutcome.NoMatch;
            }
            var current = new BsonDoc(scratch.Document, 0, length);
            switch (change(current, out BsonDoc replacement))
            {
                case ChangeKind.NoMatch:
                    return ChangeOutcome.NoMatch;
                case ChangeKind.Same:
                    return ChangeOutcome.Same;
                case ChangeKind.Delete:
                    Delete(collection, recordKey, current, scratch);
                    return ChangeOutcome.Deleted;
                default:
                    Replace(collection, recordKey, current, replacement, scratch);
                    return ChangeOutcome.Replaced;
            }
        }
        finally
        {
            collection.Gate.ExitReadLock();
            scratch.Trim();
        }
    }

    /// <summary>The key of the record with that _id.</summary>
    public static void RecordKey(ref KeyWriter writer, Collection collection, BsonValue id)
    {
        writer.UInt32(collection.Ident);
        KeyEncoding.Append(ref writer, id);
    }

    /// <summary>Collects a document's entries for all indexes, sorted.</summary>
    /// <returns>True when an index became multikey by it; the catalog has to be saved before the write.</returns>
    internal static bool CollectEntries(IndexInfo[] indexes, BsonDoc document, ReadOnlySpan<byte> recordId, EntrySet entries)
    {
        entries.Clear();
        bool newMultikey = false;
        for (int i = 0; i < indexes.Length; i++)
        {
            if (IndexEntries.Collect(indexes[i], i, document, recordId, entries))
            {
                newMultikey |= indexes[i].MarkMultikey();
            }
        }
        entries.SortDistinct();
        return newMultikey;
    }

    private void Delete(Collection collection, ReadOnlySpan<byte> recordKey, BsonDoc current, WriterScratch scratch)
    {
        EntrySet entries = scratch.Entries(0);
        CollectEntries(collection.Indexes, current, recordKey[4..], entries);
        using var batch = new RocksBatch();
        batch.Delete(recordKey);
        for (int e = 0; e < entries.Count; e++)
        {
            batch.Delete(entries.Key(e));
        }
        Commit(batch);
        collection.Counters.Add(-1, -current.Length);
    }

    private void Replace(Collection collection, ReadOnlySpan<byte> recordKey, BsonDoc current, BsonDoc replacement, WriterScratch scratch)
    {
        if (replacement.Length > MaxDocumentSize)
        {
            throw new MongoError(17419, $"Resulting document after update is larger than {MaxDocumentSize}");
        }
        CheckSameId(collection, recordKey, current, replacement);
        IndexInfo[] indexes = collection.Indexes;
        EntrySet before = scratch.Entries(0);
        EntrySet after = scratch.Entries(1);
        CollectEntries(indexes, current, recordKey[4..], before);
        if (CollectEntries(indexes, replacement, recordKey[4..], after))
        {
            engine.Catalog.Save(collection);
        }

        using var batch = new RocksBatch();
        batch.Put(recordKey, replacement.Span);
        var added = new List<int>();
        Difference(batch, before, after, added);
        var stripes = new List<int>();
        foreach (int e in added)
        {
            if (after.Index(e).Unique)
            {
                stripes.Add(StripedLocks.StripeOf(after.Key(e)));
            }
        }
        Span<int> unique = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(stripes);
        int held = _uniqueLocks.Enter(unique);
        try
        {
            foreach (int e in added)
            {
                if (after.Index(e).Unique && engine.Store.Contains(after.Key(e)))
                {
                    throw Duplicate(collection, after.Index(e), replacement, after.Key(e));
                }
                PutEntry(batch, after, e, recordKey[4..]);
            }
            Commit(batch);
        }
        finally
        {
            _uniqueLocks.Exit(unique[..held]);
        }
        collection.Counters.Add(0, replacement.Length - current.Length);
    }

    // Both sets are sorted: entries only in the first are deleted, those only in the second are to be added.
    private static void Difference(RocksBatch batch, EntrySet before, EntrySet after, List<int> added)
    {
        int b = 0;
        int a = 0;
        while (b < before.Count || a < after.Count)
        {
            int order = b == before.Count ? 1 : a == after.Count ? -1 : before.Compare(b, after, a);
            if (order < 0)
            {
                batch.Delete(before.Key(b++));
            }
            else if (order > 0)
            {
                added.Add(a++);
            }
            else
            {
                a++;
                b++;
            }
        }
    }

    private static void CheckSameId(Collection collection, ReadOnlySpan<byte> recordKey, BsonDoc current, BsonDoc replacement)
    {
        var key = new KeyWriter(stackalloc byte[64]);
        try
        {
            RecordKey(ref key, collection, replacement.Get("_id"u8));
            if (!key.Written.SequenceEqual(recordKey))
            {
                throw new MongoError(
                    ErrorCode.ImmutableField,
                    $"Performing an update on the path '_id' would modify the immutable field '_id' (was {BsonText.ToShell(current.Get("_id"u8))})");
            }
        }
        finally
        {
            key.Dispose();
        }
    }

    private static void PutEntry(RocksBatch batch, EntrySet entries, int e, ReadOnlySpan<byte> recordId) =>
        batch.Put(entries.Key(e), entries.Index(e).Unique ? recordId : default);

    /// <summary>The error of a document that violates a unique index.</summary>
    internal static MongoError Duplicate(Collection collection, IndexInfo index, BsonDoc document, ReadOnlySpan<byte> key)
    {
        BsonDoc keyValue = index.IsClustered ? IdOnly(document) : IndexEntries.KeyValue(index, document, key);
        using var writer = new BsonWriter();
        writer.Write("keyPattern", index.Key);
        writer.Write("keyValue", keyValue);
        return new MongoError(
            ErrorCode.DuplicateKey,
            $"E11000 duplicate key error collection: {collection.Name.FullName} index: {index.Name} dup key: {BsonText.ToShell(keyValue)}",
            writer.ToDocument());
    }

    private static BsonDoc IdOnly(BsonDoc document)
    {
        using var writer = new BsonWriter(64);
        writer.Write("_id", document.Get("_id"u8));
        return writer.ToDocument();
    }

    private void Commit(RocksBatch batch)
    {
        engine.Store.Write(batch);
        engine.Journal.Committed();
    }
}
