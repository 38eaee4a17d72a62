using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// Group commit: a write is in the log, in the operating system's hands, before it is acknowledged; this puts the log on the
/// disk. One sync serves every writer that waits for it, and a background thread syncs what nobody waits for within
/// <see cref="Interval"/>, so that a power failure costs at most that window.
/// </summary>
internal sealed class Journal : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly RocksStore _store;
    private readonly Action<Exception> _onFailure;
    private readonly object _gate = new();
    private readonly ManualResetEventSlim _dirty = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _background;
    private long _written;
    private long _synced;
    private bool _syncing;

    public Journal(RocksStore store, Action<Exception> onFailure)
    {
        _store = store;
        _onFailure = onFailure;
        _background = new Thread(SyncPeriodically, 256 << 10) { IsBackground = true, Name = "journal" };
        _background.Start();
    }

    /// <summary>Syncs done so far.</summary>
    public long Syncs { get; private set; }

    /// <summary>Called after each write to the store has returned.</summary>
    public void Committed()
    {
        Interlocked.Increment(ref _written);
        if (!_dirty.IsSet)
        {
            _dirty.Set();
        }
    }

    /// <summary>Returns when everything written before the call is on stable storage.</summary>
    public void WaitDurable()
    {
        long target = Interlocked.Read(ref _written);
        while (true)
        {
            long reach;
            lock (_gate)
            {
                while (_synced < target && _syncing)
                {
                    Monitor.Wait(_gate);
                }
                if (_synced >= target)
                {
                    return;
                }
                // The first one here syncs for all; those who come while it does are served by the next.
                _syncing = true;
                reach = Interlocked.Read(ref _written);
            }
            bool done = false;
            try
            {
                _store.SyncLog();
                done = true;
            }
            finally
            {
                lock (_gate)
                {
                    _syncing = false;
                    if (done)
                    {
                        _synced = reach;
                        Syncs++;
                    }
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _dirty.Set();
        _background.Join();
        WaitDurable();
        _stop.Dispose();
        _dirty.Dispose();
    }

    private void SyncPeriodically()
    {
        while (!_stop.IsSet)
        {
            _dirty.Wait();
            if (_stop.Wait(Interval))
            {
                return;
            }
            _dirty.Reset();
            try
            {
                WaitDurable();
            }
            catch (RocksException e)
            {
                // RocksDB refuses every later write after a failed sync, so writers see it as well.
                _onFailure(e);
            }
        }
    }
}
