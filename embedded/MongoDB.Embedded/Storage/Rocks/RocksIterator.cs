using System.Runtime.InteropServices;

namespace MongoDB.Embedded.Storage.Rocks;

/// <summary>
/// Walks the keys of one range in either direction. Key and value spans are valid until the next move. Not for use by two
/// threads at once; may be moved between threads.
/// </summary>
internal sealed unsafe class RocksIterator : IDisposable
{
    private readonly RocksStore _store;
    private nint _iterator;
    private nint _options;
    private byte* _bounds;

    /// <summary>
    /// <para><paramref name="lower"/>: First key of the range.</para>
    /// <para><paramref name="upper"/>: First key behind the range.</para>
    /// </summary>
    internal RocksIterator(RocksStore store, nint db, RocksSnapshot? snapshot, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper)
    {
        _store = store;
        _options = RocksNative.rocksdb_readoptions_create();
        if (snapshot is not null)
        {
            RocksNative.rocksdb_readoptions_set_snapshot(_options, snapshot.Handle);
        }
        // RocksDB keeps pointers to the bounds for as long as the iterator lives.
        _bounds = (byte*)NativeMemory.Alloc((nuint)(lower.Length + upper.Length));
        lower.CopyTo(new Span<byte>(_bounds, lower.Length));
        upper.CopyTo(new Span<byte>(_bounds + lower.Length, upper.Length));
        RocksNative.rocksdb_readoptions_set_iterate_lower_bound(_options, _bounds, (nuint)lower.Length);
        RocksNative.rocksdb_readoptions_set_iterate_upper_bound(_options, _bounds + lower.Length, (nuint)upper.Length);
        _iterator = RocksNative.rocksdb_create_iterator(db, _options);
    }

    public ReadOnlySpan<byte> Key
    {
        get
        {
            byte* key = RocksNative.rocksdb_iter_key(_iterator, out nuint length);
            return new ReadOnlySpan<byte>(key, checked((int)length));
        }
    }

    public ReadOnlySpan<byte> Value
    {
        get
        {
            byte* value = RocksNative.rocksdb_iter_value(_iterator, out nuint length);
            return new ReadOnlySpan<byte>(value, checked((int)length));
        }
    }

    /// <summary>Moves to the first key at or behind <paramref name="key"/>.</summary>
    public bool Seek(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            RocksNative.rocksdb_iter_seek(_iterator, k, (nuint)key.Length);
        }
        return IsValid();
    }

    /// <summary>Moves to the last key before <paramref name="key"/>.</summary>
    public bool SeekBefore(ReadOnlySpan<byte> key)
    {
        fixed (byte* k = key)
        {
            RocksNative.rocksdb_iter_seek_for_prev(_iterator, k, (nuint)key.Length);
        }
        return IsValid() && (!Key.SequenceEqual(key) || Previous());
    }

    public bool Next()
    {
        RocksNative.rocksdb_iter_next(_iterator);
        return IsValid();
    }

    public bool Previous()
    {
        RocksNative.rocksdb_iter_prev(_iterator);
        return IsValid();
    }

    public void Dispose()
    {
        nint iterator = Interlocked.Exchange(ref _iterator, 0);
        if (iterator != 0)
        {
            _store.IteratorClosed(iterator);
            RocksNative.rocksdb_readoptions_destroy(_options);
            NativeMemory.Free(_bounds);
            _options = 0;
            _bounds = null;
        }
    }

    private bool IsValid()
    {
        if (RocksNative.rocksdb_iter_valid(_iterator) != 0)
        {
            return true;
        }
        // An iterator that stops at an unreadable block is not at the end: without this check data would seem to be gone.
        RocksNative.rocksdb_iter_get_error(_iterator, out byte* error);
        RocksNative.Check(error);
        return false;
    }
}
