using System.Runtime.InteropServices;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage;

/// <content>Inserts, many documents in one batch.</content>
internal sealed partial class CollectionWriter
{
    private const int ChunkDocuments = 1000;
    private const int ChunkBytes = 4 << 20;

    /// <summary>
    /// Inserts documents that have an _id.
    /// <para><paramref name="collection"/>: Looked up again, and created, when it was dropped meanwhile.</para>
    /// <para><paramref name="onError"/>: Called with the position of each document that was not inserted.</para>
    /// </summary>
    /// <returns>The number inserted. An ordered insert ends at the first error.</returns>
    public int Insert(Collection collection, ReadOnlySpan<BsonDoc> documents, bool ordered, Action<int, MongoError> onError)
    {
        int inserted = 0;
        int start = 0;
        while (start < documents.Length)
        {
            int end = start;
            int bytes = 0;
            while (end < documents.Length && end - start < ChunkDocuments && (end == start || bytes + documents[end].Length <= ChunkBytes))
            {
                bytes += documents[end++].Length;
            }
            collection.Gate.EnterReadLock();
            try
            {
                if (!collection.Dropped)
                {
                    bool goOn = InsertChunk(collection, documents[start..end], start, ordered, onError, ref inserted);
                    if (!goOn)
                    {
                        return inserted;
                    }
                    start = end;
                    continue;
                }
            }
            finally
            {
                collection.Gate.ExitReadLock();
            }
            collection = engine.Catalog.GetOrCreate(collection.Name);
        }
        return inserted;
    }

    private bool InsertChunk(
        Collection collection, ReadOnlySpan<BsonDoc> documents, int offset, bool ordered, Action<int, MongoError> onError, ref int inserted)
    {
        WriterScratch scratch = _scratch ??= new WriterScratch();
        IndexInfo[] indexes = collection.Indexes;
        var rows = new InsertRow[documents.Length];
        var recordStripes = new int[documents.Length];
        var uniqueStripes = new List<int>();
        bool newMultikey = false;
        for (int i = 0; i < documents.Length; i++)
        {
            rows[i] = Prepare(collection, indexes, documents[i], scratch.Entries(i), ref newMultikey);
            recordStripes[i] = StripedLocks.StripeOf(rows[i].RecordKey);
            AddUniqueStripes(scratch.Entries(i), uniqueStripes);
        }
        if (newMultikey)
        {
            engine.Catalog.Save(collection);
        }

        Span<int> unique = CollectionsMarshal.AsSpan(uniqueStripes);
        int recordsHeld = _recordLocks.Enter(recordStripes);
        int uniqueHeld = _uniqueLocks.Enter(unique);
        try
        {
            using var batch = new RocksBatch();
            var staged = documents.Length > 1 ? new HashSet<byte[]>(KeyComparer.Instance) : null;
            int count = 0;
            long bytes = 0;
            bool goOn = true;
            for (int i = 0; i < documents.Length; i++)
            {
                MongoError? error = rows[i].Error ?? FindDuplicate(collection, rows[i].RecordKey, documents[i], scratch.Entries(i), staged);
                if (error is null)
                {
                    Stage(batch, rows[i].RecordKey, documents[i], scratch.Entries(i), staged);
                    count++;
                    bytes += documents[i].Length;
                }
                else
                {
                    onError(offset + i, error);
                    if (ordered)
                    {
                        goOn = false;
                        break;
                    }
                }
            }
            if (count > 0)
            {
                Commit(batch);
                collection.Counters.Add(count, bytes);
                inserted += count;
            }
            return goOn;
        }
        finally
        {
            _uniqueLocks.Exit(unique[..uniqueHeld]);
            _recordLocks.Exit(recordStripes.AsSpan(0, recordsHeld));
            scratch.Trim();
        }
    }

    private readonly record struct InsertRow(byte[] RecordKey, MongoError? Error);

    private static InsertRow Prepare(Collection collection, IndexInfo[] indexes, BsonDoc document, EntrySet entries, ref bool newMultikey)
    {
        var key = new KeyWriter(stackalloc byte[64]);
        try
        {
            RecordKey(ref key, collection, document.Get("_id"u8));
            byte[] recordKey = key.Written.ToArray();
            try
            {
                newMultikey |= CollectEntries(indexes, document, recordKey.AsSpan(4), entries);
                return new InsertRow(recordKey, null);
            }
            catch (MongoError e)
            {
                entries.Clear();
                return new InsertRow(recordKey, e);
            }
        }
        finally
        {
            key.Dispose();
        }
    }

    private MongoError? FindDuplicate(Collection collection, byte[] recordKey, BsonDoc document, EntrySet entries, HashSet<byte[]>? staged)
    {
        if (engine.Store.Contains(recordKey) || staged?.Contains(recordKey) == true)
        {
            return Duplicate(collection, collection.IdIndex, document, []);
        }
        for (int e = 0; e < entries.Count; e++)
        {
            if (entries.Index(e).Unique
                && (engine.Store.Contains(entries.Key(e)) || staged?.Contains(entries.Key(e).ToArray()) == true))
            {
                return Duplicate(collection, entries.Index(e), document, entries.Key(e));
            }
        }
        return null;
    }

    private static void Stage(RocksBatch batch, byte[] recordKey, BsonDoc document, EntrySet entries, HashSet<byte[]>? staged)
    {
        batch.Put(recordKey, document.Span);
        staged?.Add(recordKey);
        for (int e = 0; e < entries.Count; e++)
        {
            PutEntry(batch, entries, e, recordKey.AsSpan(4));
            if (entries.Index(e).Unique)
            {
                staged?.Add(entries.Key(e).ToArray());
            }
        }
    }

    private static void AddUniqueStripes(EntrySet entries, List<int> stripes)
    {
        for (int e = 0; e < entries.Count; e++)
        {
            if (entries.Index(e).Unique)
            {
                stripes.Add(StripedLocks.StripeOf(entries.Key(e)));
            }
        }
    }
}
