using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public class CursorTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(1000)]
    public async Task Batches_of_any_size_give_every_document_once(int batchSize)
    {
        IMongoCollection<BsonDocument> items = await Filled(250);
        List<BsonDocument> found = await items.Find("{}", new FindOptions { BatchSize = batchSize }).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(0, 250), found.Select(d => d["_id"].AsInt32));
    }

    [Fact]
    public async Task The_first_batch_has_101_documents_and_the_next_the_rest()
    {
        IMongoCollection<BsonDocument> items = await Filled(250);
        using var connection = new RawConnection(fixture.Server.Port);
        BsonDocument first = connection.Run("{find: 'items'}", Name(items))["cursor"].AsBsonDocument;
        Assert.Equal(101, first["firstBatch"].AsBsonArray.Count);
        Assert.Equal($"{Name(items)}.items", first["ns"]);
        BsonDocument next = connection.Run(new BsonDocument { { "getMore", first["id"] }, { "collection", "items" } }, Name(items))["cursor"].AsBsonDocument;
        Assert.Equal(149, next["nextBatch"].AsBsonArray.Count);
        Assert.Equal(0L, next["id"]);
        Assert.Equal(43, connection.Run(new BsonDocument { { "getMore", first["id"] }, { "collection", "items" } }, Name(items))["code"]);
    }

    [Fact]
    public async Task A_cursor_that_ends_with_its_batch_is_closed_at_once()
    {
        IMongoCollection<BsonDocument> items = await Filled(10);
        using var connection = new RawConnection(fixture.Server.Port);
        Assert.Equal(0L, connection.Run("{find: 'items', batchSize: 10}", Name(items))["cursor"]["id"]);
        Assert.Equal(0L, connection.Run("{find: 'items', batchSize: 5, limit: 5}", Name(items))["cursor"]["id"]);
        Assert.Equal(0L, connection.Run("{find: 'items', batchSize: 3, singleBatch: true}", Name(items))["cursor"]["id"]);
        Assert.NotEqual(0L, connection.Run("{find: 'items', batchSize: 3, limit: 5}", Name(items))["cursor"]["id"]);
    }

    [Fact]
    public async Task An_empty_first_batch_opens_the_cursor_only()
    {
        IMongoCollection<BsonDocument> items = await Filled(3);
        using var connection = new RawConnection(fixture.Server.Port);
        BsonDocument first = connection.Run("{find: 'items', batchSize: 0}", Name(items))["cursor"].AsBsonDocument;
        Assert.Empty(first["firstBatch"].AsBsonArray);
        BsonDocument next = connection.Run(new BsonDocument { { "getMore", first["id"] }, { "collection", "items" } }, Name(items))["cursor"].AsBsonDocument;
        Assert.Equal(3, next["nextBatch"].AsBsonArray.Count);
    }

    [Fact]
    public async Task A_batch_holds_at_most_16_MiB()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertManyAsync(Enumerable.Range(0, 5).Select(i => new BsonDocument { { "_id", i }, { "x", new string('x', 6 << 20) } }), cancellationToken: Cancel);
        using var connection = new RawConnection(fixture.Server.Port);
        BsonDocument first = connection.Run("{find: 'items'}", Name(items))["cursor"].AsBsonDocument;
        Assert.Equal(2, first["firstBatch"].AsBsonArray.Count);
        List<BsonDocument> all = await items.Find("{}").ToListAsync(Cancel);
        Assert.Equal(5, all.Count);
    }

    [Fact]
    public async Task A_cursor_reads_the_moment_it_was_opened_in()
    {
        IMongoCollection<BsonDocument> items = await Filled(50);
        using IAsyncCursor<BsonDocument> cursor = await items.Find("{}", new FindOptions { BatchSize = 10 }).ToCursorAsync(Cancel);
        Assert.True(await cursor.MoveNextAsync(Cancel));
        int seen = cursor.Current.Count();
        await items.DeleteManyAsync("{_id: {$gte: 25}}", Cancel);
        await items.InsertOneAsync(new BsonDocument("_id", 1000), cancellationToken: Cancel);
        await items.UpdateManyAsync("{}", "{$set: {changed: true}}", cancellationToken: Cancel);
        while (await cursor.MoveNextAsync(Cancel))
        {
            Assert.All(cursor.Current, d => Assert.False(d.Contains("changed")));
            seen += cursor.Current.Count();
        }
        Assert.Equal(50, seen);
    }

    [Fact]
    public async Task A_killed_cursor_is_gone()
    {
        IMongoCollection<BsonDocument> items = await Filled(10);
        using var connection = new RawConnection(fixture.Server.Port);
        BsonValue id = connection.Run("{find: 'items', batchSize: 2}", Name(items))["cursor"]["id"];
        BsonDocument killed = connection.Run(new BsonDocument { { "killCursors", "items" }, { "cursors", new BsonArray { id, 12345L } } }, Name(items));
        Assert.Equal(id, Assert.Single(killed["cursorsKilled"].AsBsonArray));
        Assert.Equal(12345L, Assert.Single(killed["cursorsNotFound"].AsBsonArray));
        Assert.Equal(43, connection.Run(new BsonDocument { { "getMore", id }, { "collection", "items" } }, Name(items))["code"]);
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_namespace_and_session()
    {
        IMongoCollection<BsonDocument> items = await Filled(10);
        using var connection = new RawConnection(fixture.Server.Port);
        var session = new BsonDocument("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));
        BsonValue id = connection.Run(new BsonDocument { { "find", "items" }, { "batchSize", 2 }, { "lsid", session } }, Name(items))["cursor"]["id"];
        Assert.Equal(13, connection.Run(new BsonDocument { { "getMore", id }, { "collection", "others" }, { "lsid", session } }, Name(items))["code"]);
        Assert.Equal(50737, connection.Run(new BsonDocument { { "getMore", id }, { "collection", "items" } }, Name(items))["code"]);
        Assert.Equal(1.0, connection.Run(new BsonDocument { { "getMore", id }, { "collection", "items" }, { "batchSize", 2 }, { "lsid", session } }, Name(items))["ok"]);
        Assert.Equal(1.0, connection.Run(new BsonDocument("endSessions", new BsonArray { session }))["ok"]);
        Assert.Equal(43, connection.Run(new BsonDocument { { "getMore", id }, { "collection", "items" }, { "lsid", session } }, Name(items))["code"]);
    }

    [Fact]
    public async Task Dropping_a_collection_closes_its_cursors()
    {
        IMongoCollection<BsonDocument> items = await Filled(10);
        using var connection = new RawConnection(fixture.Server.Port);
        BsonValue id = connection.Run("{find: 'items', batchSize: 2}", Name(items))["cursor"]["id"];
        await items.Database.DropCollectionAsync("items", Cancel);
        Assert.Equal(43, connection.Run(new BsonDocument { { "getMore", id }, { "collection", "items" } }, Name(items))["code"]);
    }

    [Fact]
    public async Task Idle_cursors_are_closed_after_their_time()
    {
        using var server = new TestServer(configure: o => o with { CursorTimeout = TimeSpan.FromMilliseconds(50), TtlInterval = TimeSpan.FromMilliseconds(20) });
        using var connection = new RawConnection(server.Port);
        connection.Run("{insert: 'c', documents: [{}, {}, {}]}", "t");
        BsonValue id = connection.Run("{find: 'c', batchSize: 1}", "t")["cursor"]["id"];
        BsonValue kept = connection.Run("{find: 'c', batchSize: 1, noCursorTimeout: true}", "t")["cursor"]["id"];
        await Eventually.True(() => Task.FromResult(server.Server.State.Cursors.Count == 1));
        Assert.Equal(43, connection.Run(new BsonDocument { { "getMore", id }, { "collection", "c" } }, "t")["code"]);
        Assert.Equal(1.0, connection.Run(new BsonDocument { { "getMore", kept }, { "collection", "c" } }, "t")["ok"]);
    }

    [Fact]
    public void The_number_of_cursors_is_bounded()
    {
        using var server = new TestServer(configure: o => o with { MaxCursors = 3 });
        using var connection = new RawConnection(server.Port);
        connection.Run("{insert: 'c', documents: [{}, {}, {}]}", "t");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1.0, connection.Run("{find: 'c', batchSize: 1}", "t")["ok"]);
        }
        Assert.Equal(96, connection.Run("{find: 'c', batchSize: 1}", "t")["code"]);
        Assert.Equal(1.0, connection.Run("{find: 'c'}", "t")["ok"]);
    }

    [Fact]
    public async Task A_sorted_cursor_keeps_its_order_over_batches()
    {
        IMongoCollection<BsonDocument> items = await Filled(250);
        List<BsonDocument> found = await items.Find("{}", new FindOptions { BatchSize = 20 }).Sort("{v: -1, _id: 1}").ToListAsync(Cancel);
        Assert.Equal(found.OrderByDescending(d => d["v"]).ThenBy(d => d["_id"]).ToList(), found);
        Assert.Equal(250, found.Count);
    }

    [Fact]
    public void A_sort_beyond_100_MB_is_error_292_unless_disk_use_is_allowed()
    {
        using var connection = new RawConnection(fixture.Server.Port);
        string database = $"test_{Guid.NewGuid():N}";
        string text = new('x', 15 << 20);
        for (int i = 0; i < 7; i++)
        {
            connection.Run(new BsonDocument { { "insert", "c" }, { "documents", new BsonArray { new BsonDocument { { "v", i }, { "x", text } } } } }, database);
        }
        Assert.Equal(292, connection.Run("{find: 'c', sort: {v: -1}}", database)["code"]);
        Assert.Equal(6, connection.Run("{find: 'c', sort: {v: -1}, allowDiskUse: true, batchSize: 1}", database)["cursor"]["firstBatch"][0]["v"]);
        Assert.Equal(6, connection.Run("{find: 'c', sort: {v: -1}, limit: 1, projection: {v: 1}}", database)["cursor"]["firstBatch"][0]["v"]);
        connection.Run("{dropDatabase: 1}", database);
    }

    private async Task<IMongoCollection<BsonDocument>> Filled(int count)
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertManyAsync(Enumerable.Range(0, count).Select(i => new BsonDocument { { "_id", i }, { "v", i % 10 } }), cancellationToken: Cancel);
        return items;
    }

    private static string Name(IMongoCollection<BsonDocument> items) => items.Database.DatabaseNamespace.DatabaseName;
}
