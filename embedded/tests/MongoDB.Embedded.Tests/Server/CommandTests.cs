using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public class CommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{noSuchCommand: 1}", 59, "CommandNotFound")]
    [InlineData("{find: 'c', bogus: 1}", 40415, "Location40415")]
    [InlineData("{insert: 'c'}", 40414, "Location40414")]
    [InlineData("{insert: 'c', documents: 5}", 14, "TypeMismatch")]
    [InlineData("{insert: 'c', documents: [5]}", 14, "TypeMismatch")]
    [InlineData("{insert: 'c', documents: []}", 16, "InvalidLength")]
    [InlineData("{find: 5}", 73, "InvalidNamespace")]
    [InlineData("{find: ''}", 73, "InvalidNamespace")]
    [InlineData("{find: 'a$b'}", 73, "InvalidNamespace")]
    [InlineData("{find: 'c', filter: 5}", 14, "TypeMismatch")]
    [InlineData("{find: 'c', filter: {a: {$bogus: 1}}}", 2, "BadValue")]
    [InlineData("{find: 'c', limit: 'x'}", 14, "TypeMismatch")]
    [InlineData("{find: 'c', skip: -1}", 51024, "Location51024")]
    [InlineData("{find: 'c', tailable: true}", 238, "NotImplemented")]
    [InlineData("{find: 'c', collation: {locale: 'fr'}}", 238, "NotImplemented")]
    [InlineData("{find: 'c', maxTimeMS: -1}", 2, "BadValue")]
    [InlineData("{find: 'c', readConcern: {level: 'linearizable'}}", 123, "NotAReplicaSet")]
    [InlineData("{find: 'c', readConcern: {level: 'bogus'}}", 2, "BadValue")]
    [InlineData("{find: 'c', txnNumber: NumberLong(1), lsid: {id: UUID('00000000-0000-0000-0000-000000000001')}}", 20, "IllegalOperation")]
    [InlineData("{find: 'c', startTransaction: true, autocommit: false}", 20, "IllegalOperation")]
    [InlineData("{commitTransaction: 1}", 20, "IllegalOperation")]
    [InlineData("{abortTransaction: 1}", 20, "IllegalOperation")]
    [InlineData("{find: 'c', apiVersion: '2'}", 322, "APIVersionError")]
    [InlineData("{distinct: 'c', key: 'a', apiVersion: '1', apiStrict: true}", 323, "APIStrictError")]
    [InlineData("{insert: 'c', documents: [{}], writeConcern: {w: 2}}", 2, "BadValue")]
    [InlineData("{insert: 'c', documents: [{}], writeConcern: {w: 'tag'}}", 2, "BadValue")]
    [InlineData("{update: 'c', updates: [{q: {}}]}", 40414, "Location40414")]
    [InlineData("{update: 'c', updates: [{q: {}, u: 5}]}", 9, "FailedToParse")]
    [InlineData("{delete: 'c', deletes: [{q: {}}]}", 40414, "Location40414")]
    [InlineData("{delete: 'c', deletes: [{q: {}, limit: 1, zzz: 1}]}", 40415, "Location40415")]
    [InlineData("{findAndModify: 'c', query: {}}", 9, "FailedToParse")]
    [InlineData("{findAndModify: 'c', remove: true, new: true}", 9, "FailedToParse")]
    [InlineData("{findAndModify: 'c', remove: true, update: {$set: {a: 1}}}", 9, "FailedToParse")]
    [InlineData("{aggregate: 'c', pipeline: []}", 9, "FailedToParse")]
    [InlineData("{aggregate: 'c', pipeline: [{$bogus: 1}], cursor: {}}", 40324, "Location40324")]
    [InlineData("{getMore: NumberLong(7), collection: 'c'}", 43, "CursorNotFound")]
    [InlineData("{getMore: 7, collection: 'c'}", 14, "TypeMismatch")]
    [InlineData("{listIndexes: 'missing'}", 26, "NamespaceNotFound")]
    [InlineData("{dropIndexes: 'missing', index: '*'}", 26, "NamespaceNotFound")]
    [InlineData("{collMod: 'missing', index: {name: 'x', hidden: true}}", 26, "NamespaceNotFound")]
    [InlineData("{validate: 'missing'}", 26, "NamespaceNotFound")]
    [InlineData("{create: 'c', capped: true, size: 1000}", 238, "NotImplemented")]
    [InlineData("{create: 'c', validator: {a: 1}}", 238, "NotImplemented")]
    [InlineData("{explain: {bogus: 'c'}}", 59, "CommandNotFound")]
    [InlineData("{explain: {find: 'c'}, verbosity: 'bogus'}", 2, "BadValue")]
    [InlineData("{insert: 'system.indexes', documents: [{}]}", 73, "InvalidNamespace")]
    public void A_wrong_command_is_answered_with_the_server_s_error(string command, int code, string codeName)
    {
        using RawConnection connection = Connect();
        BsonDocument reply = connection.Run(command, "errors");
        Assert.Equal(0.0, reply["ok"]);
        Assert.Equal((code, codeName), (reply["code"].ToInt32(), reply["codeName"].AsString));
        Assert.NotEmpty(reply["errmsg"].AsString);
    }

    [Fact]
    public void An_unknown_command_and_field_are_named()
    {
        using RawConnection connection = Connect();
        Assert.Equal("no such command: 'noSuchCommand'", connection.Run("{noSuchCommand: 1}")["errmsg"]);
        Assert.Equal("BSON field 'find.bogus' is an unknown field.", connection.Run("{find: 'c', bogus: 1}")["errmsg"]);
    }

    [Theory]
    [InlineData("{find: 'c', $db: 5}")]
    [InlineData("{find: 'c'}")]
    public void A_message_needs_a_database(string command)
    {
        using RawConnection connection = Connect();
        connection.Send(connection.Message(BsonDocument.Parse(command), database: null));
        Assert.Equal(0.0, connection.Receive().Body["ok"]);
    }

    [Theory]
    [InlineData("bad/name")]
    [InlineData("bad name")]
    [InlineData("bad.name")]
    [InlineData("bad$name")]
    public void A_database_name_is_checked(string database)
    {
        using RawConnection connection = Connect();
        Assert.Equal(73, connection.Run("{insert: 'c', documents: [{}]}", database)["code"]);
    }

    [Fact]
    public void An_admin_command_runs_on_admin_only()
    {
        using RawConnection connection = Connect();
        Assert.Equal(13, connection.Run("{listDatabases: 1}", "other")["code"]);
    }

    [Theory]
    [InlineData("{ping: 1}", "ok")]
    [InlineData("{buildInfo: 1}", "version,versionArray,bits,maxBsonObjectSize")]
    [InlineData("{hostInfo: 1}", "system,os")]
    [InlineData("{getParameter: 1, featureCompatibilityVersion: 1}", "featureCompatibilityVersion")]
    [InlineData("{getParameter: '*'}", "featureCompatibilityVersion,authenticationMechanisms")]
    [InlineData("{getCmdLineOpts: 1}", "argv,parsed")]
    [InlineData("{whatsmyuri: 1}", "you")]
    [InlineData("{connectionStatus: 1, showPrivileges: true}", "authInfo")]
    [InlineData("{getLog: '*'}", "names")]
    [InlineData("{getLog: 'global'}", "log,totalLinesWritten")]
    [InlineData("{getLog: 'startupWarnings'}", "log,totalLinesWritten")]
    [InlineData("{serverStatus: 1}", "host,version,process,pid,uptime,connections,opcounters,network,mem,storageEngine")]
    [InlineData("{listDatabases: 1}", "databases,totalSize")]
    [InlineData("{dbStats: 1}", "db,collections,objects,dataSize,storageSize,indexes,indexSize")]
    [InlineData("{collStats: 'c'}", "ns,count,size,storageSize,nindexes,indexSizes,totalIndexSize")]
    [InlineData("{startSession: 1}", "id,timeoutMinutes")]
    [InlineData("{refreshSessions: []}", "ok")]
    [InlineData("{find: 'c', comment: {any: 'thing'}, $clusterTime: {}, $readPreference: {mode: 'primary'}, apiVersion: '1', apiStrict: true}", "cursor")]
    [InlineData("{find: 'c', readConcern: {level: 'majority'}, maxTimeMS: 1000}", "cursor")]
    [InlineData("{insert: 'c', documents: [{}], writeConcern: {w: 'majority', j: true, wtimeout: 100}}", "n")]
    public void A_tool_s_command_is_answered(string command, string fields)
    {
        using RawConnection connection = Connect();
        BsonDocument reply = connection.Run(command);
        Assert.True(reply["ok"] == 1.0, reply.ToString());
        Assert.All(fields.Split(','), field => Assert.True(reply.Contains(field), $"{field} is missing in {reply}"));
    }

    [Fact]
    public async Task Collections_are_created_listed_and_dropped()
    {
        IMongoDatabase database = fixture.NewDatabase();
        await database.CreateCollectionAsync("made", cancellationToken: Cancel);
        await database.GetCollection<BsonDocument>("implied").InsertOneAsync(new BsonDocument(), cancellationToken: Cancel);
        Assert.Equal(["implied", "made"], (await (await database.ListCollectionNamesAsync(cancellationToken: Cancel)).ToListAsync(Cancel)).Order());
        BsonDocument made = await (await database.ListCollectionsAsync(new ListCollectionsOptions { Filter = "{name: 'made'}" }, Cancel)).SingleAsync(Cancel);
        Assert.Equal("collection", made["type"]);
        Assert.Equal("_id_", made["idIndex"]["name"]);
        Assert.Equal(16, made["info"]["uuid"].AsBsonBinaryData.Bytes.Length);
        Assert.Equal(48, (await Assert.ThrowsAsync<MongoCommandException>(() => database.CreateCollectionAsync("made", cancellationToken: Cancel))).Code);
        await database.DropCollectionAsync("made", Cancel);
        await database.DropCollectionAsync("made", Cancel);
        Assert.Equal(["implied"], await (await database.ListCollectionNamesAsync(cancellationToken: Cancel)).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Databases_are_listed_while_they_have_a_collection()
    {
        IMongoDatabase database = fixture.NewDatabase();
        string name = database.DatabaseNamespace.DatabaseName;
        await database.GetCollection<BsonDocument>("c").InsertOneAsync(new BsonDocument("a", 1), cancellationToken: Cancel);
        BsonDocument entry = await (await fixture.Client.ListDatabasesAsync(new ListDatabasesOptions { Filter = new BsonDocument("name", name) }, Cancel)).SingleAsync(Cancel);
        Assert.True(entry["sizeOnDisk"].ToInt64() > 0);
        await fixture.Client.DropDatabaseAsync(name, Cancel);
        Assert.DoesNotContain(name, await (await fixture.Client.ListDatabaseNamesAsync(Cancel)).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_dropped_collection_comes_back_empty_and_without_its_indexes()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{a: 1}", new CreateIndexOptions { Unique = true }), cancellationToken: Cancel);
        await items.InsertOneAsync(BsonDocument.Parse("{_id: 1, a: 1}"), cancellationToken: Cancel);
        await items.Database.DropCollectionAsync("items", Cancel);
        await items.InsertManyAsync([BsonDocument.Parse("{_id: 1, a: 1}"), BsonDocument.Parse("{_id: 2, a: 1}")], cancellationToken: Cancel);
        Assert.Equal(2, await items.EstimatedDocumentCountAsync(cancellationToken: Cancel));
        Assert.Single(await (await items.Indexes.ListAsync(Cancel)).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Statistics_count_documents_bytes_and_indexes()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        BsonDocument[] documents = [.. Enumerable.Range(0, 10).Select(i => new BsonDocument { { "_id", i }, { "x", "abc" } })];
        await items.InsertManyAsync(documents, cancellationToken: Cancel);
        await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{x: 1}"), cancellationToken: Cancel);
        BsonDocument stats = await items.Database.RunCommandAsync<BsonDocument>(new BsonDocument("dbStats", 1), cancellationToken: Cancel);
        Assert.Equal((1, 10, 2), (stats["collections"].ToInt32(), stats["objects"].ToInt32(), stats["indexes"].ToInt32()));
        Assert.Equal(documents.Sum(d => d.ToBson().Length), stats["dataSize"].ToInt32());
        BsonDocument collection = await items.Database.RunCommandAsync<BsonDocument>(new BsonDocument("collStats", "items"), cancellationToken: Cancel);
        Assert.Equal((10, 2), (collection["count"].ToInt32(), collection["nindexes"].ToInt32()));
    }

    [Fact]
    public async Task A_time_limit_ends_an_operation_with_error_50()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertManyAsync(Enumerable.Range(0, 20_000).Select(i => new BsonDocument("_id", i)), cancellationToken: Cancel);
        using RawConnection connection = Connect();
        BsonDocument reply = connection.Run(
            "{count: 'items', query: {x: /^(a|b|c)*d$/, y: {$exists: false}, z: {$ne: 5}}, maxTimeMS: 1, hint: {$natural: 1}}",
            items.Database.DatabaseNamespace.DatabaseName);
        Assert.Equal((50, "MaxTimeMSExpired"), (reply["code"].ToInt32(), reply["codeName"].AsString));
    }

    [Fact]
    public void A_document_over_16_MiB_is_refused()
    {
        using RawConnection connection = Connect();
        var document = new BsonDocument { { "_id", 1 }, { "x", new string('x', 16 << 20) } };
        connection.Send(connection.Message(new BsonDocument("insert", "big"), "limits", 0, ("documents", [document, new BsonDocument("_id", 2)])));
        BsonDocument reply = connection.Receive().Body;
        Assert.Equal(10334, reply["writeErrors"][0]["code"]);
        Assert.Equal(0, reply["n"]);
    }

    [Fact]
    public void A_document_nested_too_deeply_is_refused_and_the_connection_lives()
    {
        using RawConnection connection = Connect();
        var document = new BsonDocument("leaf", 1);
        for (int i = 0; i < 150; i++)
        {
            document = new BsonDocument("d", document);
        }
        connection.Send(connection.Message(new BsonDocument("insert", "deep"), "limits", 0, ("documents", [document])));
        Assert.Equal(15, connection.Receive().Body["code"]);
        Assert.Equal(1.0, connection.Run("{ping: 1}")["ok"]);
    }

    [Fact]
    public void A_slow_operation_is_logged_without_its_values()
    {
        using var server = new TestServer(configure: o => o with { SlowOperation = TimeSpan.Zero });
        using var connection = new RawConnection(server.Port);
        connection.Run("{find: 'c', filter: {ssn: 'topsecret'}}", "t");
        string line = Assert.Single(server.Log, l => l.Contains("Slow query", StringComparison.Ordinal));
        BsonDocument parsed = BsonDocument.Parse(line);
        Assert.Equal("COMMAND", parsed["c"]);
        Assert.Equal(("t.c", "find", "EOF"), (parsed["attr"]["ns"].AsString, parsed["attr"]["command"].AsString, parsed["attr"]["planSummary"].AsString));
        Assert.DoesNotContain("topsecret", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_are_limited_and_a_place_is_free_again_after_one_ends()
    {
        using var server = new TestServer(configure: o => o with { MaxConnections = 3 });
        var open = Enumerable.Range(0, 3).Select(_ => new RawConnection(server.Port)).ToList();
        Assert.All(open, c => Assert.Equal(1.0, c.Run("{ping: 1}")["ok"]));
        using (var refused = new RawConnection(server.Port))
        {
            refused.ExpectClosed();
        }
        open[0].Dispose();
        Assert.True(SpinWait.SpinUntil(() => server.Server.State.Network().Connections == 2, TimeSpan.FromSeconds(10)));
        using var again = new RawConnection(server.Port);
        Assert.Equal(1.0, again.Run("{ping: 1}")["ok"]);
        open.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Two_hundred_connections_work_at_once()
    {
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = Cancel }, (_, _) =>
        {
            using RawConnection connection = Connect();
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(1.0, connection.Run("{ping: 1}")["ok"]);
            }
            return ValueTask.CompletedTask;
        });
    }

    private RawConnection Connect() => new(fixture.Server.Port);
}
