using System.Collections.Concurrent;
using System.Text;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// The collections that exist, in memory and in the store. A database exists while it has a collection.
/// Changes are serialized and each is one atomic write.
/// <para>
/// Keys under ident 0: <c>'c' db NUL collection</c> holds a collection's entry, <c>'n'</c> the next free ident. Idents are never
/// used again, so what a dropped collection leaves behind can never be mistaken for another's.
/// </para>
/// </summary>
internal sealed class Catalog
{
    private const uint CatalogIdent = 0;
    private const uint FirstIdent = 16;

    private readonly RocksStore _store;
    private readonly Journal _journal;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Namespace, Collection> _collections = new();
    private uint _nextIdent = FirstIdent;

    public Catalog(RocksStore store, Journal journal)
    {
        _store = store;
        _journal = journal;
        Load();
    }

    public ICollection<Collection> Collections => _collections.Values;

    public Collection? Find(Namespace name) => _collections.GetValueOrDefault(name);

    public IEnumerable<Collection> Of(string database) => _collections.Values.Where(c => c.Name.Database == database);

    public Collection GetOrCreate(Namespace name)
    {
        if (_collections.TryGetValue(name, out Collection? existing))
        {
            return existing;
        }
        lock (_gate)
        {
            return Find(name) ?? Add(name, BsonDoc.Empty);
        }
    }

    /// <exception cref="MongoError">NamespaceExists (48).</exception>
    public Collection Create(Namespace name, BsonDoc options)
    {
        lock (_gate)
        {
            return Find(name) is null
                ? Add(name, options)
                : throw new MongoError(ErrorCode.NamespaceExists, $"Collection {name.FullName} already exists.");
        }
    }

    /// <summary>Removes a collection with everything in it.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Drop(Namespace name)
    {
        // The order is a collection's gate, then the catalog's: a writer that makes an index multikey comes that way.
        while (Find(name) is Collection collection)
        {
            collection.Gate.EnterWriteLock();
            try
            {
                if (!collection.Dropped)
                {
                    Remove(collection);
                    return true;
                }
            }
            finally
            {
                collection.Gate.ExitWriteLock();
            }
        }
        return false;
    }

    /// <summary>A number for a new index.</summary>
    public uint AllocateIdent()
    {
        lock (_gate)
        {
            uint ident = _nextIdent++;
            using var batch = new RocksBatch();
            PutNextIdent(batch);
            Commit(batch);
            return ident;
        }
    }

    /// <summary>
    /// Replaces a collection's indexes, in memory and in the store, and deletes the entries of the dropped ones. The caller holds
    /// the collection's gate alone.
    /// </summary>
    public void SetIndexes(Collection collection, IndexInfo[] indexes, IReadOnlyList<IndexInfo> dropped)
    {
        lock (_gate)
        {
            IndexInfo[] before = collection.Indexes;
            collection.Indexes = indexes;
            try
            {
                using var batch = new RocksBatch();
                batch.Put(Key(collection.Name), collection.ToCatalog().Span);
                foreach (IndexInfo index in dropped)
                {
                    DeleteIdent(batch, index.Ident);
                }
                Commit(batch);
            }
            catch
            {
                collection.Indexes = before;
                throw;
            }
        }
    }

    /// <summary>Writes a collection's entry again, for an index that became multikey.</summary>
    public void Save(Collection collection)
    {
        lock (_gate)
        {
            if (!collection.Dropped)
            {
                using var batch = new RocksBatch();
                batch.Put(Key(collection.Name), collection.ToCatalog().Span);
                Commit(batch);
            }
        }
    }

    /// <summary>Every key of an ident: records of a collection or entries of an index.</summary>
    public static void DeleteIdent(RocksBatch batch, uint ident) => batch.DeleteRange(Ident.Start(ident), Ident.End(ident));

    private Collection Add(Namespace name, BsonDoc options)
    {
        var collection = new Collection(name, _nextIdent, Guid.NewGuid(), options, []);
        collection.Counters.Set(0, 0);
        _nextIdent++;
        using var batch = new RocksBatch();
        batch.Put(Key(name), collection.ToCatalog().Span);
        PutNextIdent(batch);
        Commit(batch);
        _collections[name] = collection;
        return collection;
    }

    private void Remove(Collection collection)
    {
        lock (_gate)
        {
            using var batch = new RocksBatch();
            batch.Delete(Key(collection.Name));
            DeleteIdent(batch, collection.Ident);
            foreach (IndexInfo index in collection.Indexes)
            {
                DeleteIdent(batch, index.Ident);
            }
            Commit(batch);
            collection.Dropped = true;
            _collections.TryRemove(collection.Name, out _);
        }
    }

    private void Commit(RocksBatch batch)
    {
        _store.Write(batch);
        _journal.Committed();
    }

    private void PutNextIdent(RocksBatch batch)
    {
        var value = new KeyWriter(stackalloc byte[4]);
        value.UInt32(_nextIdent);
        batch.Put(NextIdentKey(), value.Written);
    }

    private void Load()
    {
        byte[] buffer = new byte[4];
        if (_store.Get(NextIdentKey(), ref buffer) == 4)
        {
            _nextIdent = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(buffer);
        }
        byte[] start = [0, 0, 0, 0, (byte)'c'];
        byte[] end = [0, 0, 0, 0, (byte)'c' + 1];
        using RocksIterator iterator = _store.CreateIterator(start, end);
        for (bool more = iterator.Seek(start); more; more = iterator.Next())
        {
            byte[] entry = iterator.Value.ToArray();
            BsonDoc.Validate(entry);
            var collection = Collection.FromCatalog(BsonDoc.Wrap(entry));
            _collections[collection.Name] = collection;
        }
    }

    private static byte[] NextIdentKey() => [0, 0, 0, (byte)CatalogIdent, (byte)'n'];

    private static byte[] Key(Namespace name) =>
        [0, 0, 0, (byte)CatalogIdent, (byte)'c', .. Encoding.UTF8.GetBytes($"{name.Database}\0{name.Collection}")];
}
