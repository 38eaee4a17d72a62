using MongoDB.Embedded.Diagnostics;
using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage;

/// <summary>The open data directory: store, journal and catalog. Thread-safe.</summary>
internal sealed class StorageEngine : IDisposable
{
    private readonly DataDirectory _directory;
    private readonly ServerLog _log;
    private bool _abandoned;

    private StorageEngine(DataDirectory directory, RocksStore store, ServerLog log)
    {
        _directory = directory;
        _log = log;
        Store = store;
        Journal = new Journal(store, e => log.Error("STORAGE", 4100, "Journal sync failed", ("error", e.Message)));
        Catalog = new Catalog(store, Journal);
        Writer = new CollectionWriter(this);
    }

    public RocksStore Store { get; }

    public Journal Journal { get; }

    public Catalog Catalog { get; }

    public CollectionWriter Writer { get; }

    public string Path => _directory.Root;

    /// <exception cref="DataDirectoryException">The directory cannot be used.</exception>
    public static StorageEngine Open(string dbPath, long cacheBytes, long writeBufferBytes, ServerLog log)
    {
        DataDirectory directory = DataDirectory.Open(dbPath);
        RocksStore? store = null;
        try
        {
            var options = new RocksStoreOptions
            {
                Path = directory.StorePath,
                Create = directory.IsNew,
                BlockCacheBytes = cacheBytes,
                WriteBufferBytes = writeBufferBytes,
            };
            store = OpenStore(directory, options, log);
            directory.MarkCreated();
            return new StorageEngine(directory, store, log);
        }
        catch (Exception e)
        {
            store?.Dispose();
            directory.Dispose();
            throw e switch
            {
                DataDirectoryException => e,
                RocksException { IsCorruption: true } => Unusable("is corrupt", "restore it from a copy", e),
                RocksException => Unusable("cannot be opened", "check the disk and the permissions, or restore it from a copy", e),
                Errors.MongoError => Unusable("has an unreadable catalog", "restore it from a copy", e),
                IOException or UnauthorizedAccessException => Unusable("cannot be read and written", "give this user access to it", e),
                _ => e,
            };
        }

        DataDirectoryException Unusable(string what, string remedy, Exception e) =>
            new($"The data directory {directory.Root} {what} ({e.Message.ReplaceLineEndings(" ")}); {remedy}. Nothing was changed.", e);
    }

    /// <summary>The number and bytes of a collection's documents.</summary>
    public CollectionCounters Count(Collection collection)
    {
        CollectionCounters counters = collection.Counters;
        if (!counters.Known)
        {
            collection.Gate.EnterWriteLock();
            try
            {
                if (!counters.Known)
                {
                    CountRecords(collection);
                }
            }
            finally
            {
                collection.Gate.ExitWriteLock();
            }
        }
        return counters;
    }

    /// <summary>Random bytes that belong to this data directory, made when first asked for.</summary>
    public byte[] ServerSecret()
    {
        byte[] key = [0, 0, 0, 0, (byte)'s'];
        byte[] secret = new byte[32];
        if (Store.Get(key, ref secret) < 0)
        {
            System.Security.Cryptography.RandomNumberGenerator.Fill(secret);
            using var batch = new RocksBatch();
            batch.Put(key, secret);
            Store.Write(batch);
            Journal.Committed();
        }
        return secret;
    }

    /// <summary>Has <see cref="Dispose"/> sync the log and leave the store open, for operations that could not be stopped.</summary>
    public void Abandon() => _abandoned = true;

    public void Dispose()
    {
        Journal.Dispose();
        if (!_abandoned && Store.OpenReaders == 0)
        {
            Store.Dispose();
        }
        else
        {
            // Everything acknowledged is synced; only RocksDB's own tidying at close is left out.
            _log.Warning("STORAGE", 4101, "Store left open because operations did not finish", ("readers", Store.OpenReaders));
        }
        _directory.Dispose();
    }

    private static RocksStore OpenStore(DataDirectory directory, RocksStoreOptions options, ServerLog log)
    {
        try
        {
            return RocksStore.Open(options);
        }
        catch (RocksException e) when (e.IsCorruption && directory.Rebooted && !directory.IsNew)
        {
            // After a power failure the unsynced end of the log may hold anything. Without one it may not: then this is damage,
            // and going on from before it would silently drop acknowledged writes.
            string kept = directory.KeepLogs();
            RocksStore store = RocksStore.Open(options with { RecoverToPointInTime = true });
            log.Warning("STORAGE", 4102, "Recovered to the last intact log record after the machine restarted", ("error", e.Message), ("logsKeptIn", kept));
            return store;
        }
    }

    private void CountRecords(Collection collection)
    {
        byte[] start = Ident.Start(collection.Ident);
        long documents = 0;
        long bytes = 0;
        using RocksIterator iterator = Store.CreateIterator(start, Ident.End(collection.Ident));
        for (bool more = iterator.Seek(start); more; more = iterator.Next())
        {
            documents++;
            bytes += iterator.Value.Length;
        }
        collection.Counters.Set(documents, bytes);
    }
}
