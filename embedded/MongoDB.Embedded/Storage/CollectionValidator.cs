using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage.Planning;
using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage;

/// <summary>What <see cref="CollectionValidator"/> found.</summary>
internal sealed class ValidationResult
{
    public long Records { get; set; }

    public long InvalidDocuments { get; set; }

    /// <summary>Entries of each index, in the order of the indexes.</summary>
    public List<(string Index, long Keys)> Keys { get; } = [];

    public HashSet<string> InvalidIndexes { get; } = [];

    public List<string> Errors { get; } = [];

    public void Add(string error)
    {
        // Damage tends to come in thousands; the first hundred say enough.
        if (Errors.Count < 100)
        {
            Errors.Add(error);
        }
    }
}

/// <summary>
/// Checks a collection at one moment: every document is sound BSON under the key of its _id, every index has exactly the entries
/// that the documents call for.
/// </summary>
internal static class CollectionValidator
{
    public static ValidationResult Validate(StorageEngine engine, Collection collection, OperationContext operation)
    {
        var result = new ValidationResult();
        (RocksSnapshot taken, IndexInfo[] indexes) = Freeze(engine, collection);
        using RocksSnapshot snapshot = taken;
        var expected = new long[indexes.Length];
        var entries = new EntrySet();
        byte[] start = Ident.Start(collection.Ident);
        byte[] value = [];
        using (RocksIterator records = engine.Store.CreateIterator(start, KeyInterval.After(start), snapshot))
        {
            for (bool more = records.Seek(start); more; more = records.Next())
            {
                operation.Check();
                result.Records++;
                byte[] key = records.Key.ToArray();
                byte[] bytes = records.Value.ToArray();
                if (!CheckDocument(collection, key, bytes, result))
                {
                    continue;
                }
                CheckEntries(engine, snapshot, indexes, BsonDoc.Wrap(bytes), key, entries, expected, ref value, result);
            }
        }
        result.Keys.Add((IndexInfo.IdName, result.Records));
        for (int i = 0; i < indexes.Length; i++)
        {
            long actual = CountEntries(engine, snapshot, indexes[i], operation);
            result.Keys.Add((indexes[i].Name, actual));
            if (actual != expected[i])
            {
                result.InvalidIndexes.Add(indexes[i].Name);
                result.Add($"index {indexes[i].Name} has {actual} entries where the documents call for {expected[i]}");
            }
        }
        return result;
    }

    // Under the gate, so that the indexes are those of the moment.
    private static (RocksSnapshot Snapshot, IndexInfo[] Indexes) Freeze(StorageEngine engine, Collection collection)
    {
        collection.Gate.EnterReadLock();
        try
        {
            return (engine.Store.CreateSnapshot(), collection.Indexes);
        }
        finally
        {
            collection.Gate.ExitReadLock();
        }
    }

    private static bool CheckDocument(Collection collection, byte[] key, byte[] bytes, ValidationResult result)
    {
        try
        {
            BsonDoc.Validate(bytes);
        }
        catch (MongoError e)
        {
            result.InvalidDocuments++;
            result.Add($"record {Convert.ToHexString(key)}: {e.Message}");
            return false;
        }
        var wanted = new KeyWriter(stackalloc byte[64]);
        try
        {
            CollectionWriter.RecordKey(ref wanted, collection, BsonDoc.Wrap(bytes).Get("_id"u8));
            if (!wanted.Written.SequenceEqual(key))
            {
                result.Add($"record {Convert.ToHexString(key)} lies under a key that is not that of its _id");
            }
        }
        finally
        {
            wanted.Dispose();
        }
        return true;
    }

    private static void CheckEntries(
        StorageEngine engine, RocksSnapshot snapshot, IndexInfo[] indexes, BsonDoc document, byte[] key, EntrySet entries, long[] expected, ref byte[] value, ValidationResult result)
    {
        CollectionWriter.CollectEntries(indexes, document, key.AsSpan(4), entries);
        for (int e = 0; e < entries.Count; e++)
        {
            IndexInfo index = entries.Index(e);
            expected[Array.IndexOf(indexes, index)]++;
            int length = engine.Store.Get(entries.Key(e), ref value, snapshot);
            if (length < 0 || (index.Unique && !value.AsSpan(0, length).SequenceEqual(key.AsSpan(4))))
            {
                result.InvalidIndexes.Add(index.Name);
                result.Add($"index {index.Name} lacks the entry of record {Convert.ToHexString(key)}");
            }
        }
    }

    private static long CountEntries(StorageEngine engine, RocksSnapshot snapshot, IndexInfo index, OperationContext operation)
    {
        byte[] start = Ident.Start(index.Ident);
        long count = 0;
        using RocksIterator iterator = engine.Store.CreateIterator(start, KeyInterval.After(start), snapshot);
        for (bool more = iterator.Seek(start); more; more = iterator.Next())
        {
            operation.Check();
            count++;
        }
        return count;
    }
}
