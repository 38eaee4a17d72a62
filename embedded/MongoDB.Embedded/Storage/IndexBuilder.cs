using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage;

/// <summary>Adds and removes indexes. Writers of the collection wait meanwhile; readers do not.</summary>
internal static class IndexBuilder
{
    private const int BatchEntries = 5000;

    /// <summary>
    /// Builds indexes over the records there are and then publishes them all.
    /// <para><paramref name="choose"/>: Called with the gate held alone: what is still to be built, given the indexes of now.</para>
    /// </summary>
    /// <returns>The indexes before and after.</returns>
    /// <exception cref="MongoError">DuplicateKey (11000) and what key extraction throws: nothing is left of the index then.</exception>
    public static (int Before, int After) Build(
        StorageEngine engine, Collection collection, Func<IndexInfo[], List<IndexInfo>> choose, OperationContext operation)
    {
        collection.Gate.EnterWriteLock();
        try
        {
            if (collection.Dropped)
            {
                throw new MongoError(ErrorCode.NamespaceNotFound, $"ns not found {collection.Name.FullName}: it was dropped meanwhile");
            }
            IndexInfo[] before = collection.Indexes;
            List<IndexInfo> wanted = choose(before);
            try
            {
                foreach (IndexInfo index in wanted)
                {
                    Fill(engine, collection, index, operation);
                }
            }
            catch
            {
                Clear(engine, wanted);
                throw;
            }
            if (wanted.Count > 0)
            {
                engine.Catalog.SetIndexes(collection, [.. before, .. wanted], []);
            }
            return (before.Length + 1, collection.Indexes.Length + 1);
        }
        finally
        {
            collection.Gate.ExitWriteLock();
        }
    }

    /// <summary>Replaces the indexes by what <paramref name="change"/> makes of them.</summary>
    public static void Change(StorageEngine engine, Collection collection, Func<IndexInfo[], (IndexInfo[] Kept, List<IndexInfo> Dropped)> change)
    {
        collection.Gate.EnterWriteLock();
        try
        {
            (IndexInfo[] kept, List<IndexInfo> dropped) = change(collection.Indexes);
            engine.Catalog.SetIndexes(collection, kept, dropped);
        }
        finally
        {
            collection.Gate.ExitWriteLock();
        }
    }

    private static void Fill(StorageEngine engine, Collection collection, IndexInfo index, OperationContext operation)
    {
        byte[] start = Ident.Start(collection.Ident);
        byte[] end = Ident.End(collection.Ident);
        var entries = new EntrySet();
        var staged = new HashSet<byte[]>(KeyComparer.Instance);
        using var batch = new RocksBatchScope(engine);
        using RocksIterator records = engine.Store.CreateIterator(start, end);
        for (bool more = records.Seek(start); more; more = records.Next())
        {
            operation.Check();
            BsonDoc document = BsonDoc.Wrap(records.Value.ToArray());
            ReadOnlySpan<byte> recordId = records.Key[4..];
            entries.Clear();
            if (IndexEntries.Collect(index, 0, document, recordId, entries))
            {
                index.MarkMultikey();
            }
            entries.SortDistinct();
            for (int e = 0; e < entries.Count; e++)
            {
                if (index.Unique && (engine.Store.Contains(entries.Key(e)) || !staged.Add(entries.Key(e).ToArray())))
                {
                    throw CollectionWriter.Duplicate(collection, index, document, entries.Key(e));
                }
                batch.Current.Put(entries.Key(e), index.Unique ? recordId : default);
            }
            if (batch.Current.Count >= BatchEntries)
            {
                batch.Flush();
                staged.Clear();
            }
        }
        batch.Flush();
    }

    private static void Clear(StorageEngine engine, List<IndexInfo> indexes)
    {
        using var batch = new RocksBatch();
        foreach (IndexInfo index in indexes)
        {
            Catalog.DeleteIdent(batch, index.Ident);
        }
        engine.Store.Write(batch);
        engine.Journal.Committed();
    }

    /// <summary>A batch that is written and begun anew from time to time.</summary>
    private sealed class RocksBatchScope(StorageEngine engine) : IDisposable
    {
        public RocksBatch Current { get; private set; } = new();

        public void Flush()
        {
            engine.Store.Write(Current);
            engine.Journal.Committed();
            Current.Dispose();
            Current = new RocksBatch();
        }

        public void Dispose() => Current.Dispose();
    }
}
