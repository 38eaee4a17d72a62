using System.Globalization;
using System.Runtime.InteropServices;

namespace MongoDB.Embedded.Storage.Rocks;

/// <summary>How a store is opened. Sizes are in bytes.</summary>
internal sealed record RocksStoreOptions
{
    public required string Path { get; init; }

    /// <summary>False refuses a directory without a store in it; true refuses one that has a store.</summary>
    public required bool Create { get; init; }

    public long BlockCacheBytes { get; init; } = 32L << 20;

    public long WriteBufferBytes { get; init; } = 16L << 20;

    public int MaxOpenFiles { get; init; } = 512;

    /// <summary>
    /// True stops at the first unreadable record of the log and keeps what was before it, as after a power failure; false accepts
    /// nothing but a torn last record, which is all that the death of the process alone can leave.
    /// </summary>
    public bool RecoverToPointInTime { get; init; }
}

/// <summary>An open RocksDB database. Thread-safe; <see cref="Dispose"/> needs every iterator and snapshot closed before.</summary>
internal sealed unsafe class RocksStore : IDisposable
{
    private const int WalTolerateTornTail = 0;
    private const int WalPointInTime = 2;
    private const int CompressionLz4 = 4;
    private const int LogLevelWarn = 2;

    private nint _db;
    private readonly nint _cache;
    private readonly nint _readOptions;
    private readonly nint _writeOptions;
    private int _openReaders;
    private long _writes;
    private long _writtenBytes;

    private RocksStore(nint db, nint cache)
    {
        _db = db;
        _cache = cache;
        _readOptions = RocksNative.rocksdb_readoptions_create();
        _writeOptions = RocksNative.rocksdb_writeoptions_create();
    }

    /// <summary>Iterators and snapshots that are open now.</summary>
    public int OpenReaders => Volatile.Read(ref _openReaders);

    /// <summary>Batches written since it was opened.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>The bytes of the keys and values in them.</summary>
    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);

    /// <exception cref="RocksException">The directory cannot be opened as a store.</exception>
    public static RocksStore Open(RocksStoreOptions options)
    {
        nint cache = RocksNative.rocksdb_cache_create_lru((nuint)options.BlockCacheBytes);
        nint table = RocksNative.rocksdb_block_based_options_create();
        RocksNative.rocksdb_block_based_options_set_block_cache(table, cache);
        RocksNative.rocksdb_block_based_options_set_filter_policy(table, RocksNative.rocksdb_filterpolicy_create_bloom_full(10));
        RocksNative.rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1);
        RocksNative.rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(table, 1);

        nint o = RocksNative.rocksdb_options_create();
        RocksNative.rocksdb_options_set_create_if_missing(o, options.Create ? (byte)1 : (byte)0);
        RocksNative.rocksdb_options_set_error_if_exists(o, options.Create ? (byte)1 : (byte)0);
        RocksNative.rocksdb_options_set_paranoid_checks(o, 1);
        RocksNative.rocksdb_options_set_write_buffer_size(o, (nuint)options.WriteBufferBytes);
        RocksNative.rocksdb_options_set_db_write_buffer_size(o, (nuint)options.WriteBufferBytes * 2);
        RocksNative.rocksdb_options_set_max_total_wal_size(o, (ulong)options.WriteBufferBytes * 4);
        RocksNative.rocksdb_options_set_max_open_files(o, options.MaxOpenFiles);
        RocksNative.rocksdb_options_set_max_background_jobs(o, 2);
        RocksNative.rocksdb_options_set_wal_recovery_mode(o, options.RecoverToPointInTime ? WalPointInTime : WalTolerateTornTail);
        RocksNative.rocksdb_options_set_track_and_verify_wals_in_manifest(o, 1);
        RocksNative.rocksdb_options_set_keep_log_file_num(o, 3);
        RocksNative.rocksdb_options_set_max_log_file_size(o, 1 << 20);
        RocksNative.rocksdb_options_set_info_log_level(o, LogLevelWarn);
        RocksNative.rocksdb_options_set_stats_dump_period_sec(o, 0);
        RocksNative.rocksdb_options_set_compression(o, CompressionLz4);
        RocksNative.rocksdb_options_set_block_based_table_factory(o, table);
        try
        {
            nint db = RocksNative.rocksdb_open(o, options.Path, out byte* error);
            RocksNative.Check(error);
            return new RocksStore(db, cache);
        }
        catch
        {
            RocksNative.rocksdb_cache_destroy(cache);
            throw;
        }
        finally
        {
            RocksNative.rocksdb_options_destroy(o);
            RocksNative.rocksdb_block_based_options_destroy(table);
        }
    }

    /// <summary>
    /// Reads the value into <paramref name="buffer"/>, which is replaced by a larger array when it does not fit.
    /// </summary>
    /// <returns>The value's length, or -1 when the key is not there.</returns>
    public int Get(ReadOnlySpan<byte> key, ref byte[] buffer, RocksSnapshot? snapshot = null)
    {
        nint options = snapshot is null ? _readOptions : snapshot.ReadOptions;
        while (true)
        {
            byte copied;
            nuint length;
            byte found;
            byte* error;
            fixed (byte* k = key)
            fixed (byte* b = buffer)
            {
                copied = RocksNative.rocksdb_get_into_buffer(
                    Db, options, k, (nuint)key.Length, b, (nuint)buffer.Length, out length, out found, out error);
            }
            RocksNative.Check(error);
            if (found == 0)
            {
                return -1;
            }
            if (copied != 0)
            {
                return (int)length;
            }
            // Between two reads the value may have grown again, hence the loop.
            buffer = GC.AllocateUninitializedArray<byte>(checked((int)length));
        }
    }

    /// <summary>True when the key is there.</summary>
    public bool Contains(ReadOnlySpan<byte> key)
    {
        byte found;
        byte* error;
        byte nothing;
        fixed (byte* k = key)
        {
            RocksNative.rocksdb_get_into_buffer(Db, _readOptions, k, (nuint)key.Length, &nothing, 0, out _, out found, out error);
        }
        RocksNative.Check(error);
        return found != 0;
    }

    public void Write(RocksBatch batch)
    {
        RocksNative.rocksdb_write(Db, _writeOptions, batch.Handle, out byte* error);
        RocksNative.Check(error);
        Interlocked.Increment(ref _writes);
        Interlocked.Add(ref _writtenBytes, batch.Bytes);
    }

    /// <summary>Puts every write that has returned so far on stable storage.</summary>
    public void SyncLog()
    {
        RocksNative.rocksdb_flush_wal(Db, 1, out byte* error);
        RocksNative.Check(error);
    }

    /// <summary>Writes the memory tables to table files.</summary>
    public void Flush()
    {
        nint options = RocksNative.rocksdb_flushoptions_create();
        RocksNative.rocksdb_flushoptions_set_wait(options, 1);
        RocksNative.rocksdb_flush(Db, options, out byte* error);
        RocksNative.rocksdb_flushoptions_destroy(options);
        RocksNative.Check(error);
    }

    public RocksSnapshot CreateSnapshot()
    {
        Interlocked.Increment(ref _openReaders);
        return new RocksSnapshot(this, Db);
    }

    /// <summary>An iterator over the keys from <paramref name="lower"/> up to and without <paramref name="upper"/>.</summary>
    public RocksIterator CreateIterator(ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper, RocksSnapshot? snapshot = null)
    {
        Interlocked.Increment(ref _openReaders);
        return new RocksIterator(this, Db, snapshot, lower, upper);
    }

    /// <summary>One of RocksDB's named figures, such as "rocksdb.cur-size-all-mem-tables"; null when it has no such figure.</summary>
    public long? Figure(string name)
    {
        byte* text = RocksNative.rocksdb_property_value(Db, name);
        if (text == null)
        {
            return null;
        }
        string? value = Marshal.PtrToStringUTF8((nint)text);
        RocksNative.rocksdb_free(text);
        return long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out long figure) ? figure : null;
    }

    /// <summary>Bytes of the block cache in use.</summary>
    public long CacheUsage => (long)RocksNative.rocksdb_cache_get_usage(_cache);

    /// <summary>Roughly the bytes on disk of a range of keys.</summary>
    public long ApproximateSize(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        fixed (byte* s = start)
        fixed (byte* e = end)
        {
            byte* starts = s;
            byte* ends = e;
            nuint startLength = (nuint)start.Length;
            nuint endLength = (nuint)end.Length;
            ulong size;
            RocksNative.rocksdb_approximate_sizes(Db, 1, &starts, &startLength, &ends, &endLength, &size, out byte* error);
            RocksNative.Check(error);
            return (long)size;
        }
    }

    /// <exception cref="InvalidOperationException">A reader is still open: closing under it would crash the process.</exception>
    public void Dispose()
    {
        if (OpenReaders > 0)
        {
            throw new InvalidOperationException($"{OpenReaders} iterators or snapshots are still open");
        }
        nint db = Interlocked.Exchange(ref _db, 0);
        if (db != 0)
        {
            RocksNative.rocksdb_close(db);
            RocksNative.rocksdb_readoptions_destroy(_readOptions);
            RocksNative.rocksdb_writeoptions_destroy(_writeOptions);
            RocksNative.rocksdb_cache_destroy(_cache);
        }
    }

    internal void Release(nint snapshot)
    {
        RocksNative.rocksdb_release_snapshot(Db, snapshot);
        Interlocked.Decrement(ref _openReaders);
    }

    internal void IteratorClosed(nint iterator)
    {
        RocksNative.rocksdb_iter_destroy(iterator);
        Interlocked.Decrement(ref _openReaders);
    }

    private nint Db
    {
        get
        {
            nint db = _db;
            ObjectDisposedException.ThrowIf(db == 0, this);
            return db;
        }
    }
}
