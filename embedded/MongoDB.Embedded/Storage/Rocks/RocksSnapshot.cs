namespace MongoDB.Embedded.Storage.Rocks;

/// <summary>A moment of the store: reads through it see what was committed when it was taken, and nothing later.</summary>
internal sealed class RocksSnapshot : IDisposable
{
    private readonly RocksStore _store;
    private nint _snapshot;
    private nint _options;

    internal RocksSnapshot(RocksStore store, nint db)
    {
        _store = store;
        _snapshot = RocksNative.rocksdb_create_snapshot(db);
        _options = RocksNative.rocksdb_readoptions_create();
        RocksNative.rocksdb_readoptions_set_snapshot(_options, _snapshot);
    }

    internal nint Handle => _snapshot;

    internal nint ReadOptions => _options;

    public void Dispose()
    {
        nint options = Interlocked.Exchange(ref _options, 0);
        if (options != 0)
        {
            RocksNative.rocksdb_readoptions_destroy(options);
            _store.Release(Interlocked.Exchange(ref _snapshot, 0));
        }
    }
}
