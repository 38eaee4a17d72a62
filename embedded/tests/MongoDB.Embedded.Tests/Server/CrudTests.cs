using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public class CrudTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_inserted_document_is_found_by_its_id()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        var document = new BsonDocument { { "name", "Ada" }, { "age", 36 } };
        await items.InsertOneAsync(document, cancellationToken: Cancel);
        Assert.Equal(document, await items.Find(new BsonDocument("_id", document["_id"])).SingleAsync(Cancel));
    }

    [Fact]
    public async Task Every_BSON_type_comes_back_as_it_went_in()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        var document = new BsonDocument
        {
            { "_id", ObjectId.GenerateNewId() },
            { "double", 1.5 }, { "string", "a\0b\u00e9" }, { "document", new BsonDocument("a", 1) }, { "array", new BsonArray { 1, "x" } },
            { "binary", new BsonBinaryData([1, 2, 3]) }, { "uuid", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard) },
            { "undefined", BsonUndefined.Value }, { "bool", true }, { "date", new BsonDateTime(DateTime.UtcNow) }, { "null", BsonNull.Value },
            { "regex", new BsonRegularExpression("^a", "i") }, { "code", new BsonJavaScript("f()") }, { "symbol", BsonSymbol.Create("s") },
            { "scope", new BsonJavaScriptWithScope("f()", new BsonDocument("x", 1)) }, { "int", 7 }, { "timestamp", new BsonTimestamp(5, 6) },
            { "long", 1L << 60 }, { "decimal", BsonDecimal128.Create(Decimal128.Parse("1.10")) }, { "min", BsonMinKey.Value }, { "max", BsonMaxKey.Value },
        };
        await items.InsertOneAsync(document, cancellationToken: Cancel);
        Assert.Equal(document, await items.Find(new BsonDocument()).SingleAsync(Cancel));
    }

    [Fact]
    public async Task A_document_without_an_id_gets_one_in_front()
    {
        IMongoDatabase database = fixture.NewDatabase();
        await Run(database, "{insert: 'c', documents: [{a: 1}, {b: 2, _id: 5}]}");
        List<BsonDocument> found = await database.GetCollection<BsonDocument>("c").Find(new BsonDocument()).ToListAsync(Cancel);
        Assert.All(found, d => Assert.Equal("_id", d.GetElement(0).Name));
        Assert.Contains(found, d => d["_id"].IsObjectId);
    }

    [Fact]
    public async Task An_id_is_one_whatever_its_number_type()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Cancel);
        MongoWriteException e = await Assert.ThrowsAsync<MongoWriteException>(() => items.InsertOneAsync(new BsonDocument("_id", 1.0), cancellationToken: Cancel));
        Assert.Equal(11000, e.WriteError.Code);
        Assert.Equal(1, await items.Find(new BsonDocument("_id", 1L)).CountDocumentsAsync(Cancel));
    }

    [Theory]
    [InlineData("{a: 2}", new[] { 2 })]
    [InlineData("{a: {$gt: 2}}", new[] { 3, 4 })]
    [InlineData("{a: {$gte: 2, $lt: 4}}", new[] { 2, 3 })]
    [InlineData("{a: {$in: [1, 4, 9]}}", new[] { 1, 4 })]
    [InlineData("{a: {$ne: 3}}", new[] { 1, 2, 4 })]
    [InlineData("{$or: [{a: 1}, {b: 'y'}]}", new[] { 1, 2, 4 })]
    [InlineData("{'n.x': 30}", new[] { 3 })]
    [InlineData("{t: 'even'}", new[] { 2, 4 })]
    [InlineData("{b: /^X/i}", new[] { 1, 3 })]
    [InlineData("{zz: null}", new[] { 1, 2, 3, 4 })]
    [InlineData("{_id: {$gt: 1, $lte: 3}}", new[] { 2, 3 })]
    public async Task A_filter_selects(string filter, int[] ids)
    {
        IMongoCollection<BsonDocument> items = await Four();
        List<BsonDocument> found = await items.Find(BsonDocument.Parse(filter)).Sort("{_id: 1}").ToListAsync(Cancel);
        Assert.Equal(ids, found.Select(d => d["_id"].AsInt32));
    }

    [Theory]
    [InlineData("{a: -1}", 0, 0, new[] { 4, 3, 2, 1 })]
    [InlineData("{b: 1, a: -1}", 0, 0, new[] { 3, 1, 4, 2 })]
    [InlineData("{a: 1}", 1, 2, new[] { 2, 3 })]
    [InlineData("{_id: -1}", 1, 0, new[] { 3, 2, 1 })]
    [InlineData("{a: 1}", 9, 0, new int[0])]
    public async Task Sort_skip_and_limit_apply_in_this_order(string sort, int skip, int limit, int[] ids)
    {
        IMongoCollection<BsonDocument> items = await Four();
        List<BsonDocument> found = await items.Find(new BsonDocument()).Sort(sort).Skip(skip).Limit(limit).ToListAsync(Cancel);
        Assert.Equal(ids, found.Select(d => d["_id"].AsInt32));
    }

    [Theory]
    [InlineData("{a: 1}", "{_id: 1, a: 1}")]
    [InlineData("{_id: 0, b: 1}", "{b: 'x'}")]
    [InlineData("{n: 0, t: 0, b: 0}", "{_id: 1, a: 1}")]
    [InlineData("{'n.x': 1, _id: 0}", "{n: {x: 10}}")]
    public async Task A_projection_picks_fields(string projection, string expected)
    {
        IMongoCollection<BsonDocument> items = await Four();
        Assert.Equal(BsonDocument.Parse(expected), await items.Find("{_id: 1}").Project(projection).SingleAsync(Cancel));
    }

    [Fact]
    public async Task Update_changes_one_document_or_all()
    {
        IMongoCollection<BsonDocument> items = await Four();
        UpdateResult one = await items.UpdateOneAsync("{t: 'even'}", "{$set: {done: true}}", cancellationToken: Cancel);
        Assert.Equal((1, 1), (one.MatchedCount, one.ModifiedCount));
        UpdateResult all = await items.UpdateManyAsync("{t: 'even'}", "{$set: {done: true}}", cancellationToken: Cancel);
        Assert.Equal((2, 1), (all.MatchedCount, all.ModifiedCount));
        Assert.Equal(2, await items.CountDocumentsAsync("{done: true}", cancellationToken: Cancel));
    }

    [Theory]
    [InlineData("{$inc: {a: 5}}", "{a: 6}")]
    [InlineData("{$unset: {a: ''}}", "{}")]
    [InlineData("{$rename: {a: 'z'}}", "{z: 1}")]
    [InlineData("{$push: {t: 'new'}}", "{a: 1, t: ['odd', 'new']}")]
    [InlineData("{$addToSet: {t: 'odd'}}", "{a: 1, t: ['odd']}")]
    [InlineData("{$pull: {t: 'odd'}}", "{a: 1, t: []}")]
    [InlineData("{$set: {'n.y.z': 1}}", "{a: 1, n: {x: 10, y: {z: 1}}}")]
    public async Task Update_operators_reach_the_stored_document(string update, string expected)
    {
        IMongoCollection<BsonDocument> items = await Four();
        await items.UpdateOneAsync("{_id: 1}", update, cancellationToken: Cancel);
        BsonDocument found = await items.Find("{_id: 1}").SingleAsync(Cancel);
        foreach (BsonElement element in BsonDocument.Parse(expected))
        {
            Assert.Equal(element.Value, found[element.Name]);
        }
        Assert.Equal(BsonDocument.Parse(expected).Contains("a"), found.Contains("a"));
    }

    [Fact]
    public async Task Replace_keeps_the_id_and_nothing_else()
    {
        IMongoCollection<BsonDocument> items = await Four();
        await items.ReplaceOneAsync("{_id: 2}", new BsonDocument("fresh", 1), cancellationToken: Cancel);
        Assert.Equal(BsonDocument.Parse("{_id: 2, fresh: 1}"), await items.Find("{_id: 2}").SingleAsync(Cancel));
    }

    [Fact]
    public async Task Upsert_inserts_when_nothing_matches()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        var options = new UpdateOptions { IsUpsert = true };
        UpdateResult first = await items.UpdateOneAsync("{key: 'k'}", "{$set: {v: 1}, $setOnInsert: {born: true}}", options, Cancel);
        Assert.True(first.UpsertedId.IsObjectId);
        UpdateResult second = await items.UpdateOneAsync("{key: 'k'}", "{$set: {v: 2}, $setOnInsert: {born: false}}", options, Cancel);
        Assert.Null(second.UpsertedId);
        BsonDocument found = await items.Find(new BsonDocument()).SingleAsync(Cancel);
        Assert.Equal(("k", 2, true), (found["key"].AsString, found["v"].AsInt32, found["born"].AsBoolean));
    }

    [Fact]
    public async Task Delete_removes_one_document_or_all()
    {
        IMongoCollection<BsonDocument> items = await Four();
        Assert.Equal(1, (await items.DeleteOneAsync("{t: 'even'}", Cancel)).DeletedCount);
        Assert.Equal(2, (await items.DeleteManyAsync("{t: 'odd'}", Cancel)).DeletedCount);
        Assert.Equal(0, (await items.DeleteManyAsync("{t: 'odd'}", Cancel)).DeletedCount);
        Assert.Equal(1, await items.EstimatedDocumentCountAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task Find_and_modify_returns_the_document_before_or_after()
    {
        IMongoCollection<BsonDocument> items = await Four();
        BsonDocument before = await items.FindOneAndUpdateAsync("{_id: 1}", "{$inc: {a: 1}}", cancellationToken: Cancel);
        Assert.Equal(1, before["a"]);
        BsonDocument after = await items.FindOneAndUpdateAsync<BsonDocument>(
            "{t: 'even'}", "{$set: {picked: true}}",
            new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After, Sort = "{a: -1}", Projection = "{picked: 1}" }, Cancel);
        Assert.Equal(BsonDocument.Parse("{_id: 4, picked: true}"), after);
        BsonDocument replaced = await items.FindOneAndReplaceAsync("{_id: 2}", new BsonDocument("r", 1), cancellationToken: Cancel);
        Assert.Equal(2, replaced["a"]);
        BsonDocument deleted = await items.FindOneAndDeleteAsync("{_id: 3}", cancellationToken: Cancel);
        Assert.Equal(3, deleted["_id"]);
        Assert.Null(await items.FindOneAndDeleteAsync("{_id: 3}", cancellationToken: Cancel));
        BsonDocument upserted = await items.FindOneAndUpdateAsync<BsonDocument>(
            "{_id: 9}", "{$set: {a: 9}}", new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After }, Cancel);
        Assert.Equal(BsonDocument.Parse("{_id: 9, a: 9}"), upserted);
    }

    [Fact]
    public async Task Count_and_distinct_see_what_find_sees()
    {
        IMongoCollection<BsonDocument> items = await Four();
        Assert.Equal(2, await items.CountDocumentsAsync("{t: 'odd'}", cancellationToken: Cancel));
        Assert.Equal(4, await items.EstimatedDocumentCountAsync(cancellationToken: Cancel));
        Assert.Equal(["x", "y"], (await (await items.DistinctAsync<string>("b", new BsonDocument(), cancellationToken: Cancel)).ToListAsync(Cancel)).Order());
        Assert.Equal(["even", "odd"], (await (await items.DistinctAsync<string>("t", new BsonDocument(), cancellationToken: Cancel)).ToListAsync(Cancel)).Order());
        BsonDocument limited = await Run(items.Database, "{count: 'items', query: {a: {$gt: 0}}, skip: 1, limit: 2}");
        Assert.Equal(2, limited["n"]);
    }

    [Fact]
    public async Task A_bulk_write_that_is_ordered_stops_at_its_first_error()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        BsonDocument[] documents = [new("_id", 1), new("_id", 1), new("_id", 2)];
        var e = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(() => items.InsertManyAsync(documents, cancellationToken: Cancel));
        Assert.Equal((1, 11000), (Assert.Single(e.WriteErrors).Index, e.WriteErrors[0].Code));
        Assert.Equal(1, e.Result.InsertedCount);
        Assert.Equal(1, await items.CountDocumentsAsync(new BsonDocument(), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_bulk_write_that_is_unordered_goes_on_after_errors()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        BsonDocument[] documents = [new("_id", 1), new("_id", 1), new("_id", 2), new("_id", 2), new("_id", 3)];
        var e = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(
            () => items.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = false }, Cancel));
        Assert.Equal([1, 3], e.WriteErrors.Select(w => w.Index));
        Assert.Equal(3, await items.CountDocumentsAsync(new BsonDocument(), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_bulk_write_mixes_operations()
    {
        IMongoCollection<BsonDocument> items = await Four();
        BulkWriteResult<BsonDocument> result = await items.BulkWriteAsync(
            [
                new InsertOneModel<BsonDocument>(new BsonDocument("_id", 5)),
                new UpdateManyModel<BsonDocument>("{t: 'odd'}", "{$set: {odd: true}}"),
                new ReplaceOneModel<BsonDocument>("{_id: 77}", new BsonDocument("a", 1)) { IsUpsert = true },
                new DeleteOneModel<BsonDocument>("{_id: 4}"),
            ],
            cancellationToken: Cancel);
        Assert.Equal((1, 2, 2, 1), (result.InsertedCount, result.MatchedCount, result.ModifiedCount, result.DeletedCount));
        Assert.Equal(77, Assert.Single(result.Upserts).Id);
    }

    [Fact]
    public async Task A_write_error_says_which_key_was_taken()
    {
        IMongoDatabase database = fixture.NewDatabase();
        await Run(database, "{createIndexes: 'c', indexes: [{key: {'p.email': 1}, name: 'email', unique: true}]}");
        await Run(database, "{insert: 'c', documents: [{_id: 1, p: {email: 'a@b'}}]}");
        BsonDocument reply = await Run(database, "{insert: 'c', documents: [{_id: 2, p: {email: 'a@b'}}]}");
        Assert.Equal(0, reply["n"]);
        BsonDocument error = reply["writeErrors"][0].AsBsonDocument;
        Assert.Equal(11000, error["code"]);
        Assert.Equal(BsonDocument.Parse("{'p.email': 1}"), error["keyPattern"]);
        Assert.Equal(BsonDocument.Parse("{'p.email': 'a@b'}"), error["keyValue"]);
        Assert.Equal(
            $"E11000 duplicate key error collection: {database.DatabaseNamespace.DatabaseName}.c index: email dup key: {{ p.email: \"a@b\" }}",
            error["errmsg"].AsString);
    }

    [Fact]
    public async Task An_unacknowledged_write_is_done_without_a_reply()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection().WithWriteConcern(WriteConcern.Unacknowledged);
        for (int i = 0; i < 20; i++)
        {
            await items.InsertOneAsync(new BsonDocument("_id", i), cancellationToken: Cancel);
        }
        IMongoCollection<BsonDocument> reader = items.WithWriteConcern(WriteConcern.Acknowledged);
        await Eventually.True(async () => await reader.CountDocumentsAsync(new BsonDocument(), cancellationToken: Cancel) == 20);
    }

    [Fact]
    public async Task A_journaled_write_is_acknowledged()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection().WithWriteConcern(WriteConcern.W1.With(journal: true));
        long before = fixture.Server.Server.Engine.Journal.Syncs;
        await items.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Cancel);
        Assert.True(fixture.Server.Server.Engine.Journal.Syncs > before);
    }

    [Fact]
    public async Task Parallel_increments_of_one_document_all_count()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "n", 0 } }, cancellationToken: Cancel);
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (_, token) =>
            await items.UpdateOneAsync("{_id: 1}", "{$inc: {n: 1}}", cancellationToken: token));
        Assert.Equal(200, (await items.Find("{_id: 1}").SingleAsync(Cancel))["n"]);
    }

    [Fact]
    public async Task Parallel_find_and_modify_hand_each_document_out_once()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertManyAsync(Enumerable.Range(0, 50).Select(i => new BsonDocument { { "_id", i }, { "free", true } }), cancellationToken: Cancel);
        var taken = new System.Collections.Concurrent.ConcurrentBag<int>();
        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (_, token) =>
        {
            BsonDocument got = await items.FindOneAndUpdateAsync("{free: true}", "{$set: {free: false}}", cancellationToken: token);
            taken.Add(got["_id"].AsInt32);
        });
        Assert.Equal(50, taken.Distinct().Count());
    }

    [Fact]
    public async Task Parallel_upserts_of_one_key_make_one_document()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{key: 1}", new CreateIndexOptions { Unique = true }), cancellationToken: Cancel);
        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (_, token) =>
            await items.UpdateOneAsync("{key: 'k'}", "{$inc: {n: 1}}", new UpdateOptions { IsUpsert = true }, token));
        Assert.Equal(50, (await items.Find(new BsonDocument()).SingleAsync(Cancel))["n"]);
    }

    private async Task<IMongoCollection<BsonDocument>> Four()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertManyAsync(
            Enumerable.Range(1, 4).Select(i => new BsonDocument
            {
                { "_id", i }, { "a", i }, { "b", i % 2 == 1 ? "x" : "y" }, { "n", new BsonDocument("x", i * 10) }, { "t", new BsonArray { i % 2 == 1 ? "odd" : "even" } },
            }),
            cancellationToken: Cancel);
        return items;
    }

    private static Task<BsonDocument> Run(IMongoDatabase database, string command) =>
        database.RunCommandAsync<BsonDocument>(BsonDocument.Parse(command), cancellationToken: Cancel);
}
