using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage;

/// <summary>What a change makes of a document.</summary>
internal enum ChangeKind
{
    /// <summary>The document is no longer what the operation looks for.</summary>
    NoMatch,

    /// <summary>It stays as it is.</summary>
    Same,

    Replace,
    Delete,
}

/// <summary>How a change ended.</summary>
internal enum ChangeOutcome
{
    /// <summary>The record is gone or no longer matches.</summary>
    NoMatch,
    Same,
    Replaced,
    Deleted,
}

/// <summary>
/// Decides what becomes of a document. Called with the record locked; <paramref name="current"/> is valid during the call only.
/// </summary>
internal delegate ChangeKind DocumentChange(BsonDoc current, out BsonDoc replacement);

/// <summary>
/// Inserts, changes and deletes records together with their index entries. A writer locks the records first and then the keys of
/// unique indexes it adds, each in the order of the stripes, checks under these locks and writes one batch: a document changes
/// atomically, and of parallel inserts of one unique key exactly one succeeds. Readers take no lock.
/// </summary>
internal sealed class CollectionWriter(StorageEngine engine)
{
    /// <summary>Bytes of a document ("MongoDB Limits and Thresholds").</summary>
    public const int MaxDocumentSize = 16 << 20;

    private const int ChunkDocuments = 1000;
    private const int ChunkBytes = 4 << 20;

    private readonly StripedLocks _recordLocks = new();
    private readonly StripedLocks _uniqueLocks = new();

    [ThreadStatic]
    private static WriterScratch? t_scratch;

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

    /// <summary>Applies a change to one record, if it is still there.</summary>
    /// <exception cref="MongoError">DuplicateKey (11000), ImmutableField (66) and what the change itself throws.</exception>
    public ChangeOutcome Change(Collection collection, ReadOnlySpan<byte> recordKey, DocumentChange change)
    {
        WriterScratch scratch = t_scratch ??= new WriterScratch();
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

    private bool InsertChunk(
        Collection collection, ReadOnlySpan<BsonDoc> documents, int offset, bool ordered, Action<int, MongoError> onError, ref int inserted)
    {
        WriterScratch scratch = t_scratch ??= new WriterScratch();
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

        Span<int> unique = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(uniqueStripes);
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

/// <summary>What one thread reuses from write to write.</summary>
internal sealed class WriterScratch
{
    private const int KeepBytes = 64 << 10;
    private const int KeepSets = 64;

    private readonly List<EntrySet> _sets = [];

    /// <summary>Where the record being changed is read to.</summary>
    public byte[] Document = new byte[1024];

    public EntrySet Entries(int i)
    {
        while (_sets.Count <= i)
        {
            _sets.Add(new EntrySet());
        }
        return _sets[i];
    }

    /// <summary>Lets go of what an unusually large write needed.</summary>
    public void Trim()
    {
        if (Document.Length > KeepBytes)
        {
            Document = new byte[1024];
        }
        if (_sets.Count > KeepSets)
        {
            _sets.RemoveRange(KeepSets, _sets.Count - KeepSets);
        }
    }
}

/// <summary>Equality of keys by their bytes.</summary>
internal sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static KeyComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] key) => GetHashCode(key.AsSpan());

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }
}
