namespace MongoDB.Embedded.Storage.Rocks;

/// <summary>Puts and deletes that become visible, and durable, all together or not at all.</summary>
internal sealed unsafe class RocksBatch : IDisposable
{
    private nint _handle = RocksNative.rocksdb_writebatch_create();

    internal nint Handle => _handle;

    /// <summary>The number of operations in the batch.</summary>
    public int Count => RocksNative.rocksdb_writebatch_count(_handle);

    /// <summary>The bytes of the keys and values in the batch.</summary>
    public long Bytes { get; private set; }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key)
        fixed (byte* v = value)
        {
            RocksNative.rocksdb_writebatch_put(_handle, k, (nuint)key.Length, v, (nuint)value.Length);
        }
        Bytes += key.Length + value.Length;
    }

    public void Delete(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            RocksNative.rocksdb_writebatch_delete(_handle, k, (nuint)key.Length);
        }
        Bytes += key.Length;
    }

    /// <summary>Deletes every key from <paramref name="start"/> up to and without <paramref name="end"/>.</summary>
    public void DeleteRange(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        fixed (byte* s = start)
        fixed (byte* e = end)
        {
            RocksNative.rocksdb_writebatch_delete_range(_handle, s, (nuint)start.Length, e, (nuint)end.Length);
        }
        Bytes += start.Length + end.Length;
    }

    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            RocksNative.rocksdb_writebatch_destroy(handle);
        }
    }
}
