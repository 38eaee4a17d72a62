using MongoDB.Embedded.Storage.Rocks;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Storage;

public sealed class RocksStoreTests : IDisposable
{
    private readonly string _directory = TestServer.NewDirectory();
    private readonly RocksStore _store;

    public RocksStoreTests() => _store = RocksStore.Open(new RocksStoreOptions { Path = _directory, Create = true });

    public void Dispose()
    {
        _store.Dispose();
        TestServer.Delete(_directory);
    }

    [Fact]
    public void A_value_larger_than_the_buffer_is_read_whole()
    {
        byte[] value = [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)];
        Put([1], value);
        byte[] buffer = new byte[10];
        Assert.Equal(value.Length, _store.Get([1], ref buffer));
        Assert.Equal(value, buffer[..value.Length]);
        Assert.Equal(-1, _store.Get([2], ref buffer));
        Assert.True(_store.Contains([1]));
        Assert.False(_store.Contains([2]));
    }

    [Fact]
    public void An_iterator_stays_inside_its_bounds_in_both_directions()
    {
        for (byte i = 0; i < 10; i++)
        {
            Put([i], [i]);
        }
        using RocksIterator iterator = _store.CreateIterator([3], [7]);
        var forwards = new List<byte>();
        for (bool more = iterator.Seek([0]); more; more = iterator.Next())
        {
            forwards.Add(iterator.Key[0]);
        }
        var backwards = new List<byte>();
        for (bool more = iterator.SeekBefore([9]); more; more = iterator.Previous())
        {
            backwards.Add(iterator.Value[0]);
        }
        Assert.Equal([3, 4, 5, 6], forwards);
        Assert.Equal([6, 5, 4, 3], backwards);
        Assert.True(iterator.SeekBefore([5]));
        Assert.Equal(4, iterator.Key[0]);
    }

    [Fact]
    public void A_snapshot_does_not_see_later_writes()
    {
        Put([1], [1]);
        using RocksSnapshot snapshot = _store.CreateSnapshot();
        Put([1], [2]);
        Put([2], [2]);
        byte[] buffer = new byte[1];
        Assert.Equal(1, _store.Get([1], ref buffer, snapshot));
        Assert.Equal(1, buffer[0]);
        Assert.Equal(-1, _store.Get([2], ref buffer, snapshot));
        using RocksIterator iterator = _store.CreateIterator([0], [9], snapshot);
        Assert.True(iterator.Seek([0]));
        Assert.False(iterator.Next());
    }

    [Fact]
    public void A_batch_deletes_a_range()
    {
        for (byte i = 0; i < 10; i++)
        {
            Put([i], [i]);
        }
        using var batch = new RocksBatch();
        batch.DeleteRange([2], [8]);
        batch.Delete([0]);
        _store.Write(batch);
        Assert.Equal([1, 8, 9], Enumerable.Range(0, 10).Where(i => _store.Contains([(byte)i])));
    }

    [Fact]
    public void Closing_with_an_open_reader_is_refused()
    {
        using (_store.CreateIterator([0], [1]))
        {
            Assert.Throws<InvalidOperationException>(_store.Dispose);
        }
    }

    [Fact]
    public void A_store_is_not_created_over_another_and_not_opened_where_there_is_none()
    {
        Assert.Throws<RocksException>(() => RocksStore.Open(new RocksStoreOptions { Path = Path.Combine(_directory, "none"), Create = false }));
        string other = TestServer.NewDirectory();
        RocksStore.Open(new RocksStoreOptions { Path = other, Create = true }).Dispose();
        Assert.Throws<RocksException>(() => RocksStore.Open(new RocksStoreOptions { Path = other, Create = true }));
        TestServer.Delete(other);
    }

    private void Put(byte[] key, byte[] value)
    {
        using var batch = new RocksBatch();
        batch.Put(key, value);
        _store.Write(batch);
    }
}
