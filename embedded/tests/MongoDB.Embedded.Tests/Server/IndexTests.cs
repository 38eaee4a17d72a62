using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

/// <summary>Indexes are used where explain says so, and a query answers the same with and without them.</summary>
public class IndexTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{_id: 5}", "{}", "IDHACK", null)]
    [InlineData("{_id: {$gt: 5}}", "{}", "IXSCAN", "_id_")]
    [InlineData("{_id: {$in: [1, 2]}}", "{}", "IXSCAN", "_id_")]
    [InlineData("{}", "{_id: -1}", "COLLSCAN", null)]
    [InlineData("{a: 5}", "{}", "IXSCAN", "a_1_b_-1")]
    [InlineData("{a: 5, b: 3}", "{}", "IXSCAN", "a_1_b_-1")]
    [InlineData("{a: {$in: [1, 2]}}", "{}", "IXSCAN", "a_1_b_-1")]
    [InlineData("{a: {$gte: 3, $lt: 7}}", "{}", "IXSCAN", "a_1_b_-1")]
    [InlineData("{b: 3}", "{}", "COLLSCAN", null)]
    [InlineData("{zz: 3}", "{}", "COLLSCAN", null)]
    [InlineData("{}", "{a: 1, b: -1}", "IXSCAN", "a_1_b_-1")]
    [InlineData("{}", "{a: -1, b: 1}", "IXSCAN", "a_1_b_-1")]
    [InlineData("{}", "{a: 1, b: 1}", "SORT", null)]
    [InlineData("{a: 5}", "{b: -1}", "IXSCAN", "a_1_b_-1")]
    [InlineData("{a: 5}", "{b: 1}", "IXSCAN", "a_1_b_-1")]
    [InlineData("{code: 'c7'}", "{}", "IXSCAN", "code_1")]
    [InlineData("{code: /^c1/}", "{}", "IXSCAN", "code_1")]
    [InlineData("{tags: 't1'}", "{}", "IXSCAN", "tags_1")]
    [InlineData("{'n.x': 4}", "{}", "IXSCAN", "n.x_1")]
    [InlineData("{opt: 4}", "{}", "IXSCAN", "opt_1")]
    [InlineData("{opt: null}", "{}", "COLLSCAN", null)]
    [InlineData("{part: 5, live: true}", "{}", "IXSCAN", "part_1")]
    [InlineData("{part: 5}", "{}", "COLLSCAN", null)]
    [InlineData("{hid: 5}", "{}", "COLLSCAN", null)]
    public async Task The_planner_chooses(string filter, string sort, string stage, string? index)
    {
        IMongoCollection<BsonDocument> items = await Filled();
        BsonDocument plan = await Explain(items, $"{{find: 'items', filter: {filter}, sort: {sort}}}");
        BsonDocument[] stages = [.. Stages(plan)];
        Assert.Contains(stages, s => s["stage"] == stage);
        if (index is not null)
        {
            Assert.Equal(index, stages.Single(s => s["stage"] == "IXSCAN")["indexName"]);
            Assert.DoesNotContain(stages, s => s["stage"] == "SORT");
        }
    }

    [Theory]
    [InlineData("{a: 5}")]
    [InlineData("{a: {$gt: 3}}")]
    [InlineData("{a: {$gte: 3, $lte: 3}}")]
    [InlineData("{a: {$lt: 3}, b: {$gt: 1}}")]
    [InlineData("{a: {$in: [2, 9, 4]}, b: {$in: [0, 1]}}")]
    [InlineData("{b: {$lte: 2}, a: 4}")]
    [InlineData("{b: {$gte: 1, $lt: 3}, a: 4}")]
    [InlineData("{a: 3.0}")]
    [InlineData("{a: null}")]
    [InlineData("{a: {$ne: 4}}")]
    [InlineData("{a: {$exists: false}}")]
    [InlineData("{tags: 't1'}")]
    [InlineData("{tags: ['t1', 't2']}")]
    [InlineData("{tags: {$gt: 't0', $lt: 't2'}}")]
    [InlineData("{tags: {$in: ['t0', 't3']}}")]
    [InlineData("{tags: []}")]
    [InlineData("{tags: null}")]
    [InlineData("{code: /^c1/}")]
    [InlineData("{code: {$gte: 'c2'}}")]
    [InlineData("{opt: {$gt: 2}}")]
    [InlineData("{opt: null}")]
    [InlineData("{part: {$gt: 2}, live: true}")]
    [InlineData("{'n.x': {$gte: 2}}")]
    [InlineData("{mixed: {$gt: 1}}")]
    [InlineData("{mixed: 'x'}")]
    [InlineData("{_id: {$gte: 10, $lt: 20}}")]
    [InlineData("{_id: {$in: [3, 77, 5]}}")]
    public async Task An_index_changes_the_cost_and_not_the_answer(string filter)
    {
        IMongoCollection<BsonDocument> items = await Filled();
        List<BsonDocument> indexed = await items.Find(filter).ToListAsync(Cancel);
        List<BsonDocument> scanned = await items.Find(filter, new FindOptions { Hint = new BsonDocument("$natural", 1) }).ToListAsync(Cancel);
        Assert.Equal(Ids(scanned), Ids(indexed));
    }

    [Theory]
    [InlineData("{a: 1, b: -1}")]
    [InlineData("{a: -1, b: 1}")]
    [InlineData("{code: -1}")]
    [InlineData("{mixed: 1}")]
    [InlineData("{_id: -1}")]
    public async Task An_index_yields_the_order_that_a_sort_does(string sort)
    {
        IMongoCollection<BsonDocument> items = await Filled();
        BsonDocument[] indexed = [.. await items.Find(new BsonDocument()).Sort(sort).ToListAsync(Cancel)];
        BsonDocument[] sorted = [.. await items.Find(new BsonDocument(), new FindOptions { Hint = new BsonDocument("$natural", 1) }).Sort(sort).ToListAsync(Cancel)];
        string[] fields = [.. BsonDocument.Parse(sort).Names];
        Assert.Equal(sorted.Select(Key), indexed.Select(Key));

        string Key(BsonDocument document) => string.Join('|', fields.Select(f => document.GetValue(f, BsonNull.Value).ToString()));
    }

    [Fact]
    public async Task A_look_up_by_index_looks_at_what_it_returns()
    {
        IMongoCollection<BsonDocument> items = await Filled();
        BsonDocument stats = (await items.Database.RunCommandAsync<BsonDocument>(
            BsonDocument.Parse("{explain: {find: 'items', filter: {code: 'c7'}}, verbosity: 'executionStats'}"), cancellationToken: Cancel))["executionStats"].AsBsonDocument;
        Assert.Equal((1, 1, 1), (stats["nReturned"].ToInt32(), stats["totalKeysExamined"].ToInt32(), stats["totalDocsExamined"].ToInt32()));
    }

    [Theory]
    [InlineData("{update: 'items', updates: [{q: {code: 'c7'}, u: {$set: {z: 1}}}]}")]
    [InlineData("{delete: 'items', deletes: [{q: {code: 'c7'}, limit: 1}]}")]
    [InlineData("{count: 'items', query: {code: 'c7'}}")]
    [InlineData("{distinct: 'items', key: 'a', query: {code: 'c7'}}")]
    [InlineData("{findAndModify: 'items', query: {code: 'c7'}, remove: true}")]
    [InlineData("{aggregate: 'items', pipeline: [{$match: {code: 'c7'}}], cursor: {}}")]
    public async Task Explain_knows_every_command_that_plans(string command)
    {
        IMongoCollection<BsonDocument> items = await Filled();
        Assert.Contains(Stages(await Explain(items, command)), s => s["stage"] == "IXSCAN");
        Assert.Equal(100, await items.EstimatedDocumentCountAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_hint_is_followed_and_an_unknown_one_refused()
    {
        IMongoCollection<BsonDocument> items = await Filled();
        BsonDocument plan = await Explain(items, "{find: 'items', filter: {code: 'c7'}, hint: 'a_1_b_-1'}");
        Assert.Equal("a_1_b_-1", Stages(plan).Single(s => s["stage"] == "IXSCAN")["indexName"]);
        plan = await Explain(items, "{find: 'items', filter: {code: 'c7'}, hint: {'n.x': 1}}");
        Assert.Equal("n.x_1", Stages(plan).Single(s => s["stage"] == "IXSCAN")["indexName"]);
        var e = await Assert.ThrowsAsync<MongoCommandException>(() => items.Find("{}", new FindOptions { Hint = "nope_1" }).ToListAsync(Cancel));
        Assert.Equal(2, e.Code);
    }

    [Fact]
    public async Task Fifty_parallel_inserts_of_one_unique_value_make_one()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.Indexes.CreateOneAsync(Unique("{email: 1}"), cancellationToken: Cancel);
        int good = 0;
        int duplicate = 0;
        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Cancel }, async (_, token) =>
        {
            try
            {
                await items.InsertOneAsync(new BsonDocument("email", "same@example.org"), cancellationToken: token);
                Interlocked.Increment(ref good);
            }
            catch (MongoWriteException e) when (e.WriteError.Code == 11000)
            {
                Interlocked.Increment(ref duplicate);
            }
        });
        Assert.Equal((1, 49), (good, duplicate));
        Assert.Equal(1, await items.EstimatedDocumentCountAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_unique_index_guards_updates_and_frees_what_they_leave()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.Indexes.CreateOneAsync(Unique("{code: 1}"), cancellationToken: Cancel);
        await items.InsertManyAsync([BsonDocument.Parse("{_id: 1, code: 'A'}"), BsonDocument.Parse("{_id: 2, code: 'B'}")], cancellationToken: Cancel);
        var e = await Assert.ThrowsAsync<MongoWriteException>(() => items.UpdateOneAsync("{_id: 2}", "{$set: {code: 'A'}}", cancellationToken: Cancel));
        Assert.Equal(11000, e.WriteError.Code);
        await items.UpdateOneAsync("{_id: 1}", "{$set: {code: 'C'}}", cancellationToken: Cancel);
        await items.UpdateOneAsync("{_id: 2}", "{$set: {code: 'A'}}", cancellationToken: Cancel);
        await items.DeleteOneAsync("{_id: 2}", Cancel);
        await items.InsertOneAsync(BsonDocument.Parse("{_id: 3, code: 'A'}"), cancellationToken: Cancel);
        Assert.True((await Validate(items))["valid"].AsBoolean);
    }

    [Fact]
    public async Task A_unique_index_counts_missing_as_a_value_unless_it_is_sparse_or_partial()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.Indexes.CreateManyAsync(
        [
            new("{s: 1}", new CreateIndexOptions { Unique = true, Sparse = true }),
            new("{p: 1}", new CreateIndexOptions<BsonDocument> { Unique = true, PartialFilterExpression = "{live: true}" }),
        ], Cancel);
        await items.InsertManyAsync([BsonDocument.Parse("{p: 1}"), BsonDocument.Parse("{p: 1}"), BsonDocument.Parse("{p: 1, live: true}")], cancellationToken: Cancel);
        await Assert.ThrowsAsync<MongoWriteException>(() => items.InsertOneAsync(BsonDocument.Parse("{p: 1, live: true}"), cancellationToken: Cancel));
        IMongoCollection<BsonDocument> strict = fixture.NewCollection();
        await strict.Indexes.CreateOneAsync(Unique("{u: 1}"), cancellationToken: Cancel);
        await strict.InsertOneAsync(new BsonDocument(), cancellationToken: Cancel);
        await Assert.ThrowsAsync<MongoWriteException>(() => strict.InsertOneAsync(new BsonDocument("u", BsonNull.Value), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_unique_multikey_index_looks_across_documents_only()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.Indexes.CreateOneAsync(Unique("{t: 1}"), cancellationToken: Cancel);
        await items.InsertOneAsync(BsonDocument.Parse("{t: ['a', 'a', 'b']}"), cancellationToken: Cancel);
        await Assert.ThrowsAsync<MongoWriteException>(() => items.InsertOneAsync(BsonDocument.Parse("{t: ['c', 'b']}"), cancellationToken: Cancel));
        await items.InsertOneAsync(BsonDocument.Parse("{t: ['c']}"), cancellationToken: Cancel);
        Assert.True((await Validate(items))["valid"].AsBoolean);
    }

    [Fact]
    public async Task Two_arrays_in_one_compound_index_are_refused()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{a: 1, b: 1}"), cancellationToken: Cancel);
        var e = await Assert.ThrowsAsync<MongoWriteException>(() => items.InsertOneAsync(BsonDocument.Parse("{a: [1], b: [2]}"), cancellationToken: Cancel));
        Assert.Equal(171, e.WriteError.Code);
        Assert.Equal(0, await items.EstimatedDocumentCountAsync(cancellationToken: Cancel));
    }

    [Theory]
    [InlineData("{'a.0': null}")]
    [InlineData("{'a.0': {$in: [null, 9]}}")]
    [InlineData("{'a.0': {$gte: null}}")]
    public async Task A_numeric_segment_that_may_be_a_field_name_is_found_missing_through_an_index(string filter)
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertManyAsync([BsonDocument.Parse("{_id: 1, a: [{x: 1}]}"), BsonDocument.Parse("{_id: 2, a: [7]}"), BsonDocument.Parse("{_id: 3}")], cancellationToken: Cancel);
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{'a.0': 1}"), cancellationToken: Cancel);

        List<BsonDocument> found = await items.Find(filter, new FindOptions { Hint = "a.0_1" }).Sort("{_id: 1}").ToListAsync(Cancel);

        Assert.Equal([1, 3], found.Select(d => d["_id"].AsInt32));
    }

    [Fact]
    public async Task An_index_is_built_over_the_documents_that_are_there()
    {
        IMongoCollection<BsonDocument> items = await Filled(indexes: false);
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{code: 1}"), cancellationToken: Cancel);
        Assert.Equal(7, (await items.Find("{code: 'c7'}", new FindOptions { Hint = "code_1" }).SingleAsync(Cancel))["_id"]);
        Assert.True((await Validate(items))["valid"].AsBoolean);
    }

    [Fact]
    public async Task A_unique_index_over_duplicates_is_not_built_and_leaves_nothing()
    {
        IMongoCollection<BsonDocument> items = await Filled(indexes: false);
        var e = await Assert.ThrowsAsync<MongoCommandException>(() => items.Indexes.CreateOneAsync(Unique("{a: 1}"), cancellationToken: Cancel));
        Assert.Equal(11000, e.Code);
        Assert.Single(await (await items.Indexes.ListAsync(Cancel)).ToListAsync(Cancel));
        await items.InsertOneAsync(BsonDocument.Parse("{_id: 1000, a: 5}"), cancellationToken: Cancel);
    }

    [Fact]
    public async Task An_index_built_under_load_misses_nothing()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        Task writer = Parallel.ForAsync(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (i, token) =>
            await items.InsertOneAsync(new BsonDocument { { "_id", i }, { "v", i % 7 } }, cancellationToken: token));
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{v: 1}"), cancellationToken: Cancel);
        await writer;
        BsonDocument result = await Validate(items);
        Assert.True(result["valid"].AsBoolean, result.ToString());
        Assert.Equal(600, result["keysPerIndex"]["v_1"]);
    }

    [Fact]
    public async Task Indexes_are_listed_with_their_options()
    {
        IMongoCollection<BsonDocument> items = await Filled();
        List<BsonDocument> all = await (await items.Indexes.ListAsync(Cancel)).ToListAsync(Cancel);
        Assert.Equal("_id_", all[0]["name"]);
        BsonDocument code = all.Single(i => i["name"] == "code_1");
        Assert.Equal(BsonDocument.Parse("{v: 2, key: {code: 1}, name: 'code_1', unique: true}"), code);
        Assert.True(all.Single(i => i["name"] == "opt_1")["sparse"].AsBoolean);
        Assert.True(all.Single(i => i["name"] == "hid_1")["hidden"].AsBoolean);
        Assert.Equal(BsonDocument.Parse("{live: true}"), all.Single(i => i["name"] == "part_1")["partialFilterExpression"]);
    }

    [Theory]
    [InlineData("{key: {a: 1}, name: 'a_1'}", 0)]
    [InlineData("{key: {a: 1}, name: 'other'}", 85)]
    [InlineData("{key: {b: 1}, name: 'a_1'}", 86)]
    [InlineData("{key: {a: 1}, name: 'a_1', unique: true}", 85)]
    [InlineData("{key: {_id: 1}, name: '_id_'}", 0)]
    [InlineData("{key: {}, name: 'empty'}", 67)]
    [InlineData("{key: {x: 0}, name: 'zero'}", 67)]
    [InlineData("{key: {x: true}, name: 'bool'}", 67)]
    [InlineData("{key: {x: 'text'}, name: 'text'}", 67)]
    [InlineData("{key: {x: '2dsphere'}, name: 'geo'}", 67)]
    [InlineData("{key: {'$**': 1}, name: 'wild'}", 67)]
    [InlineData("{key: {'a..b': 1}, name: 'dots'}", 67)]
    [InlineData("{key: {x: 1}}", 40414)]
    [InlineData("{name: 'x'}", 40414)]
    [InlineData("{key: {x: 1}, name: 'x', bogus: 1}", 197)]
    [InlineData("{key: {x: 1}, name: 'x', expireAfterSeconds: -1}", 67)]
    [InlineData("{key: {x: 1, y: 1}, name: 'x', expireAfterSeconds: 1}", 67)]
    [InlineData("{key: {x: 1}, name: 'x', sparse: true, partialFilterExpression: {a: 1}}", 67)]
    [InlineData("{key: {x: 1}, name: 'x', collation: {locale: 'de'}}", 238)]
    public void Index_specifications_are_checked(string specification, int code)
    {
        using var connection = new RawConnection(fixture.Server.Port);
        string database = $"test_{Guid.NewGuid():N}";
        connection.Run("{createIndexes: 'c', indexes: [{key: {a: 1}, name: 'a_1'}]}", database);
        BsonDocument reply = connection.Run($"{{createIndexes: 'c', indexes: [{specification}]}}", database);
        Assert.Equal(code, reply.GetValue("code", 0).ToInt32());
    }

    [Fact]
    public async Task Indexes_are_dropped_by_name_key_and_all_at_once()
    {
        IMongoCollection<BsonDocument> items = await Filled();
        await items.Indexes.DropOneAsync("code_1", Cancel);
        await items.Database.RunCommandAsync<BsonDocument>(BsonDocument.Parse("{dropIndexes: 'items', index: {tags: 1}}"), cancellationToken: Cancel);
        Assert.DoesNotContain(await (await items.Indexes.ListAsync(Cancel)).ToListAsync(Cancel), i => i["name"] == "code_1" || i["name"] == "tags_1");
        Assert.Equal(1, await items.Find("{code: 'c7'}").CountDocumentsAsync(Cancel));
        Assert.Equal(27, (await Assert.ThrowsAsync<MongoCommandException>(() => items.Indexes.DropOneAsync("code_1", Cancel))).Code);
        Assert.Equal(72, (await Assert.ThrowsAsync<MongoCommandException>(() => items.Indexes.DropOneAsync("_id_", Cancel))).Code);
        await items.Indexes.DropAllAsync(Cancel);
        Assert.Single(await (await items.Indexes.ListAsync(Cancel)).ToListAsync(Cancel));
        Assert.True((await Validate(items))["valid"].AsBoolean);
    }

    [Fact]
    public async Task Hiding_an_index_takes_it_from_the_planner()
    {
        IMongoCollection<BsonDocument> items = await Filled();
        await items.Database.RunCommandAsync<BsonDocument>(BsonDocument.Parse("{collMod: 'items', index: {name: 'code_1', hidden: true}}"), cancellationToken: Cancel);
        Assert.Contains(Stages(await Explain(items, "{find: 'items', filter: {code: 'c7'}}")), s => s["stage"] == "COLLSCAN");
        await Assert.ThrowsAsync<MongoWriteException>(() => items.InsertOneAsync(new BsonDocument("code", "c7"), cancellationToken: Cancel));
        await items.Database.RunCommandAsync<BsonDocument>(BsonDocument.Parse("{collMod: 'items', index: {name: 'code_1', hidden: false}}"), cancellationToken: Cancel);
        Assert.Contains(Stages(await Explain(items, "{find: 'items', filter: {code: 'c7'}}")), s => s["stage"] == "IXSCAN");
    }

    private async Task<IMongoCollection<BsonDocument>> Filled(bool indexes = true)
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        if (indexes)
        {
            await items.Indexes.CreateManyAsync(
            [
                new("{a: 1, b: -1}"),
                Unique("{code: 1}"),
                new("{tags: 1}"),
                new("{'n.x': 1}"),
                new("{opt: 1}", new CreateIndexOptions { Sparse = true }),
                new("{part: 1}", new CreateIndexOptions<BsonDocument> { PartialFilterExpression = "{live: true}" }),
                new("{hid: 1}", new CreateIndexOptions { Hidden = true }),
                new("{mixed: 1}"),
            ], Cancel);
        }
        await items.InsertManyAsync(Enumerable.Range(0, 100).Select(Item), cancellationToken: Cancel);
        return items;
    }

    private static BsonDocument Item(int i)
    {
        var document = new BsonDocument
        {
            { "_id", i }, { "b", i % 4 }, { "code", $"c{i}" }, { "n", new BsonDocument("x", i % 6) }, { "part", i % 5 }, { "live", i % 3 == 0 }, { "hid", i },
            { "mixed", (i % 8) switch { 0 => i, 1 => $"s{i}", 2 => i * 0.5, 3 => new BsonArray(), 4 => BsonNull.Value, 5 => true, 6 => new BsonDocument("z", i), _ => (BsonValue)((long)i << 40) } },
            { "tags", new BsonArray(Enumerable.Range(0, i % 4).Select(t => $"t{t}")) },
        };
        if (i % 10 != 0)
        {
            document["a"] = i % 9;
        }
        if (i % 2 == 0)
        {
            document["opt"] = i % 7;
        }
        return document;
    }

    private static CreateIndexModel<BsonDocument> Unique(string keys) => new(keys, new CreateIndexOptions { Unique = true });

    private static IEnumerable<int> Ids(IEnumerable<BsonDocument> documents) => documents.Select(d => d["_id"].AsInt32).Order();

    private static async Task<BsonDocument> Explain(IMongoCollection<BsonDocument> items, string command) =>
        (await items.Database.RunCommandAsync<BsonDocument>(BsonDocument.Parse($"{{explain: {command}, verbosity: 'queryPlanner'}}"), cancellationToken: Cancel))
        ["queryPlanner"]["winningPlan"].AsBsonDocument;

    private static IEnumerable<BsonDocument> Stages(BsonDocument plan)
    {
        for (BsonDocument? stage = plan; stage is not null; stage = stage.GetValue("inputStage", BsonNull.Value) as BsonDocument)
        {
            yield return stage;
        }
    }

    private static Task<BsonDocument> Validate(IMongoCollection<BsonDocument> items) =>
        items.Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "validate", "items" }, { "full", true } }, cancellationToken: Cancel);
}
