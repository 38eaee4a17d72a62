using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public sealed class TtlTests : IDisposable
{
    private readonly TestServer _server = new(configure: o => o with { TtlInterval = TimeSpan.FromHours(1) });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Expired_documents_are_deleted_and_no_others()
    {
        IMongoCollection<BsonDocument> items = await Indexed(new CreateIndexOptions { ExpireAfter = TimeSpan.FromSeconds(60) });
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await items.InsertManyAsync(
        [
            new BsonDocument { { "_id", "old" }, { "at", now.AddSeconds(-61).UtcDateTime } },
            new BsonDocument { { "_id", "fresh" }, { "at", now.AddSeconds(-59).UtcDateTime } },
            new BsonDocument { { "_id", "future" }, { "at", now.AddDays(1).UtcDateTime } },
            new BsonDocument { { "_id", "number" }, { "at", 5 } },
            new BsonDocument { { "_id", "text" }, { "at", "2001-01-01" } },
            new BsonDocument { { "_id", "missing" } },
            new BsonDocument { { "_id", "null" }, { "at", BsonNull.Value } },
            new BsonDocument { { "_id", "one of many" }, { "at", new BsonArray { now.AddDays(1).UtcDateTime, now.AddSeconds(-100).UtcDateTime } } },
            new BsonDocument { { "_id", "none of many" }, { "at", new BsonArray { now.AddDays(1).UtcDateTime } } },
        ], cancellationToken: Cancel);
        Assert.Equal(2, Sweep(now));
        Assert.Equal(
            ["fresh", "future", "missing", "none of many", "null", "number", "text"],
            (await items.Find("{}").ToListAsync(Cancel)).Select(d => d["_id"].AsString).Order());
        Assert.Equal(1, Sweep(now.AddSeconds(2)));
    }

    [Fact]
    public async Task A_partial_index_expires_only_what_is_in_it()
    {
        IMongoCollection<BsonDocument> items = await Indexed(
            new CreateIndexOptions<BsonDocument> { ExpireAfter = TimeSpan.Zero, PartialFilterExpression = "{temporary: true}" });
        await items.InsertManyAsync(
        [
            new BsonDocument { { "_id", 1 }, { "at", DateTime.UnixEpoch }, { "temporary", true } },
            new BsonDocument { { "_id", 2 }, { "at", DateTime.UnixEpoch } },
        ], cancellationToken: Cancel);
        Assert.Equal(1, Sweep(DateTimeOffset.UtcNow));
        Assert.Equal(2, (await items.Find("{}").SingleAsync(Cancel))["_id"]);
    }

    [Fact]
    public async Task The_time_can_be_changed_later()
    {
        IMongoCollection<BsonDocument> items = await Indexed(new CreateIndexOptions { ExpireAfter = TimeSpan.FromDays(1000) });
        await items.InsertOneAsync(new BsonDocument("at", DateTime.UtcNow.AddDays(-2)), cancellationToken: Cancel);
        Assert.Equal(0, Sweep(DateTimeOffset.UtcNow));
        BsonDocument reply = await items.Database.RunCommandAsync<BsonDocument>(
            BsonDocument.Parse("{collMod: 'items', index: {keyPattern: {at: 1}, expireAfterSeconds: 3600}}"), cancellationToken: Cancel);
        Assert.Equal((86_400_000L, 3600L), (reply["expireAfterSeconds_old"].ToInt64(), reply["expireAfterSeconds_new"].ToInt64()));
        Assert.Equal(1, Sweep(DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task The_server_sweeps_by_itself()
    {
        using var server = new TestServer(configure: o => o with { TtlInterval = TimeSpan.FromMilliseconds(20) });
        IMongoCollection<BsonDocument> items = server.Client().GetDatabase("t").GetCollection<BsonDocument>("items");
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{at: 1}", new CreateIndexOptions { ExpireAfter = TimeSpan.Zero }), cancellationToken: Cancel);
        await items.InsertOneAsync(new BsonDocument("at", DateTime.UnixEpoch), cancellationToken: Cancel);
        await Eventually.True(async () => await items.EstimatedDocumentCountAsync(cancellationToken: Cancel) == 0);
    }

    private long Sweep(DateTimeOffset now) => TtlMonitor.Sweep(_server.Server.Engine, now, OperationContext.None);

    private async Task<IMongoCollection<BsonDocument>> Indexed(CreateIndexOptions options)
    {
        IMongoCollection<BsonDocument> items = _server.Client().GetDatabase("t").GetCollection<BsonDocument>("items");
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{at: 1}", options), cancellationToken: Cancel);
        return items;
    }
}
