using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// A collection that exists: its number in the store, its options and its indexes. Writers hold <see cref="Gate"/> shared, and
/// whoever changes the indexes or drops the collection holds it alone; readers do not need it.
/// </summary>
internal sealed class Collection
{
    private IndexInfo[] _indexes;
    private int _dropped;

    public Collection(Namespace name, uint ident, Guid uuid, BsonDoc options, IndexInfo[] indexes)
    {
        Name = name;
        Ident = ident;
        Uuid = uuid;
        Options = options;
        IdIndex = IndexInfo.ForId(ident);
        _indexes = indexes;
    }

    public Namespace Name { get; }

    /// <summary>The prefix of its records' keys.</summary>
    public uint Ident { get; }

    public Guid Uuid { get; }

    /// <summary>The options it was created with, as listCollections shows them.</summary>
    public BsonDoc Options { get; }

    public IndexInfo IdIndex { get; }

    /// <summary>The indexes other than that on _id; replaced as a whole.</summary>
    public IndexInfo[] Indexes
    {
        get => Volatile.Read(ref _indexes);
        set => Volatile.Write(ref _indexes, value);
    }

    /// <summary>True once it was dropped: a writer that waited for <see cref="Gate"/> meanwhile has to look it up again.</summary>
    public bool Dropped
    {
        get => Volatile.Read(ref _dropped) != 0;
        set => Volatile.Write(ref _dropped, value ? 1 : 0);
    }

    public ReaderWriterLockSlim Gate { get; } = new();

    public CollectionCounters Counters { get; } = new();

    /// <summary>The catalog's entry for it.</summary>
    public BsonDoc ToCatalog()
    {
        using var writer = new BsonWriter();
        writer.Write("db", Name.Database);
        writer.Write("name", Name.Collection);
        writer.Write("ident", (long)Ident);
        writer.Write("uuid", BsonValue.Binary(4, Uuid.ToByteArray(bigEndian: true)));
        writer.Write("options", Options);
        writer.StartArray("indexes");
        IndexInfo[] indexes = Indexes;
        for (int i = 0; i < indexes.Length; i++)
        {
            writer.StartDocument(i);
            indexes[i].WriteCatalog(writer);
            writer.End();
        }
        writer.End();
        return writer.ToDocument();
    }

    public static Collection FromCatalog(BsonDoc entry)
    {
        var indexes = new List<IndexInfo>();
        foreach (BsonElement index in entry["indexes"].AsDocument)
        {
            indexes.Add(IndexInfo.FromCatalog(index.Value.AsDocument));
        }
        return new Collection(
            new Namespace(entry["db"].AsString, entry["name"].AsString),
            (uint)entry["ident"].AsInt64,
            new Guid(entry["uuid"].BinaryBytes, bigEndian: true),
            BsonDoc.Wrap(entry["options"].AsDocument.ToArray()),
            [.. indexes]);
    }
}

/// <summary>
/// Number and bytes of a collection's documents: counted over the records when first asked for, then kept up by the writers.
/// </summary>
internal sealed class CollectionCounters
{
    private long _documents;
    private long _bytes;
    private int _known;

    public bool Known => Volatile.Read(ref _known) != 0;

    public long Documents => Interlocked.Read(ref _documents);

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Add(long documents, long bytes)
    {
        if (Known)
        {
            Interlocked.Add(ref _documents, documents);
            Interlocked.Add(ref _bytes, bytes);
        }
    }

    /// <summary>Sets the figures; no writer may be active.</summary>
    public void Set(long documents, long bytes)
    {
        Interlocked.Exchange(ref _documents, documents);
        Interlocked.Exchange(ref _bytes, bytes);
        Volatile.Write(ref _known, 1);
    }
}
