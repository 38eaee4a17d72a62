using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Rocks;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Storage;

public sealed class JournalTests : IDisposable
{
    private readonly string _directory = TestServer.NewDirectory();
    private readonly RocksStore _store;
    private readonly Journal _journal;

    public JournalTests()
    {
        _store = RocksStore.Open(new RocksStoreOptions { Path = _directory, Create = true });
        _journal = new Journal(_store, e => Assert.Fail(e.Message));
    }

    public void Dispose()
    {
        _journal.Dispose();
        _store.Dispose();
        TestServer.Delete(_directory);
    }

    [Fact]
    public void One_sync_serves_every_writer_that_waits()
    {
        const int Writers = 32;
        using var ready = new Barrier(Writers);
        Thread[] threads = [.. Enumerable.Range(0, Writers).Select(i => new Thread(() =>
        {
            for (int round = 0; round < 5; round++)
            {
                ready.SignalAndWait();
                Put((byte)i, (byte)round);
                _journal.WaitDurable();
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => Assert.True(t.Join(TimeSpan.FromSeconds(60))));
        Assert.InRange(_journal.Syncs, 1, Writers * 5 / 2);
    }

    [Fact]
    public void What_nobody_waits_for_is_synced_soon_after()
    {
        Put(1, 1);
        Assert.True(SpinWait.SpinUntil(() => _journal.Syncs > 0, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Waiting_with_nothing_written_returns_at_once()
    {
        _journal.WaitDurable();
        Assert.Equal(0, _journal.Syncs);
    }

    private void Put(byte key, byte value)
    {
        using var batch = new RocksBatch();
        batch.Put([key], [value]);
        _store.Write(batch);
        _journal.Committed();
    }
}
