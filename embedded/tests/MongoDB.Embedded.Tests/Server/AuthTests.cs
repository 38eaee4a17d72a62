using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Auth;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public sealed class AuthTests : IClassFixture<AuthTests.Fixture>
{
    private readonly TestServer _server;

    public AuthTests(Fixture fixture) => _server = fixture.Server;

    public sealed class Fixture : IDisposable
    {
        internal TestServer Server { get; } = new(auth: true);

        public void Dispose() => Server.Dispose();
    }

    [Fact]
    public async Task The_right_password_signs_in()
    {
        IMongoCollection<BsonDocument> items = _server.Client().GetDatabase("signed_in").GetCollection<BsonDocument>("items");
        await items.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, (await items.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync(TestContext.Current.CancellationToken))["_id"]);
    }

    [Theory]
    [InlineData(TestServer.User, "wrong")]
    [InlineData("nobody", TestServer.Password)]
    [InlineData("nobody", "wrong")]
    public async Task A_wrong_user_or_password_is_error_18_with_one_text(string user, string password)
    {
        MongoClient client = _server.Client(s => s.Credential = MongoCredential.CreateCredential("admin", user, password), signIn: false);
        MongoAuthenticationException e = await Assert.ThrowsAsync<MongoAuthenticationException>(
            () => client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("listDatabases", 1), cancellationToken: TestContext.Current.CancellationToken));
        MongoCommandException inner = Assert.IsType<MongoCommandException>(e.InnerException);
        Assert.Equal(18, inner.Code);
        Assert.Equal("AuthenticationFailed", inner.CodeName);
        Assert.Equal("Authentication failed.", inner.ErrorMessage);
    }

    [Fact]
    public async Task The_mechanism_is_negotiated_when_none_is_named()
    {
        MongoClient client = _server.Client(s =>
        {
            s.Credential = MongoClientSettings.FromConnectionString(
                $"mongodb://{TestServer.User}:{Uri.EscapeDataString(TestServer.Password)}@localhost/?authSource=admin").Credential;
        }, signIn: false);
        Assert.Equal(1.0, (await Admin(client, "{ping: 1}"))["ok"]);
    }

    [Theory]
    [InlineData("{find: 'c'}")]
    [InlineData("{insert: 'c', documents: [{}]}")]
    [InlineData("{update: 'c', updates: [{q: {}, u: {$set: {a: 1}}}]}")]
    [InlineData("{delete: 'c', deletes: [{q: {}, limit: 0}]}")]
    [InlineData("{aggregate: 'c', pipeline: [], cursor: {}}")]
    [InlineData("{listDatabases: 1}")]
    [InlineData("{listCollections: 1}")]
    [InlineData("{createIndexes: 'c', indexes: [{key: {a: 1}, name: 'a_1'}]}")]
    [InlineData("{dropDatabase: 1}")]
    [InlineData("{serverStatus: 1}")]
    [InlineData("{getLog: 'global'}")]
    [InlineData("{createUser: 'eve', pwd: 'x', roles: ['root']}")]
    [InlineData("{usersInfo: 1}")]
    [InlineData("{getMore: NumberLong(1), collection: 'c'}")]
    [InlineData("{killCursors: 'c', cursors: [NumberLong(1)]}")]
    public void A_command_without_a_sign_in_is_error_13(string command)
    {
        using var connection = new RawConnection(_server.Port);
        BsonDocument reply = connection.Run(command);
        Assert.Equal(13, reply["code"]);
        Assert.Equal("Unauthorized", reply["codeName"]);
        Assert.Equal(0.0, reply["ok"]);
    }

    [Theory]
    [InlineData("{hello: 1}")]
    [InlineData("{isMaster: 1}")]
    [InlineData("{ping: 1}")]
    [InlineData("{buildInfo: 1}")]
    [InlineData("{connectionStatus: 1}")]
    public void The_handshake_needs_no_sign_in(string command)
    {
        using var connection = new RawConnection(_server.Port);
        Assert.Equal(1.0, connection.Run(command)["ok"]);
    }

    [Fact]
    public void An_unknown_user_gets_a_salt_that_stays_the_same()
    {
        string[] Start(string user)
        {
            using var connection = new RawConnection(_server.Port);
            BsonDocument reply = connection.Run(new BsonDocument
            {
                { "saslStart", 1 }, { "mechanism", "SCRAM-SHA-256" }, { "payload", new BsonBinaryData(System.Text.Encoding.UTF8.GetBytes($"n,,n={user},r=abcdefghijkl")) },
            });
            return System.Text.Encoding.UTF8.GetString(reply["payload"].AsByteArray).Split(',');
        }

        string[] known = Start(TestServer.User);
        string[] unknown = Start("nobody");
        Assert.Equal(known[1].Length, unknown[1].Length);
        Assert.Equal(known[2], unknown[2]);
        Assert.Equal(unknown[1], Start("nobody")[1]);
        Assert.NotEqual(unknown[1], Start("nobody2")[1]);
    }

    [Fact]
    public void A_replayed_proof_fails_in_another_conversation()
    {
        using var connection = new RawConnection(_server.Port);
        var start = new BsonDocument
        {
            { "saslStart", 1 }, { "mechanism", "SCRAM-SHA-256" }, { "payload", new BsonBinaryData("n,,n=admin,r=abcdefghijkl"u8.ToArray()) },
        };
        string first = System.Text.Encoding.UTF8.GetString(connection.Run(start)["payload"].AsByteArray);
        string second = System.Text.Encoding.UTF8.GetString(connection.Run(start)["payload"].AsByteArray);
        Assert.NotEqual(first.Split(',')[0], second.Split(',')[0]);
        string forged = $"c=biws,{first.Split(',')[0]},p={Convert.ToBase64String(new byte[32])}";
        BsonDocument reply = connection.Run(new BsonDocument
        {
            { "saslContinue", 1 }, { "conversationId", 1 }, { "payload", new BsonBinaryData(System.Text.Encoding.UTF8.GetBytes(forged)) },
        });
        Assert.Equal(18, reply["code"]);
        // The conversation is over: a second guess needs a new one.
        Assert.Equal(17, connection.Run(new BsonDocument { { "saslContinue", 1 }, { "conversationId", 1 }, { "payload", new BsonBinaryData([]) } })["code"]);
        Assert.Equal(13, connection.Run("{listDatabases: 1}")["code"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,")]
    [InlineData("n,,r=abc")]
    [InlineData("p=tls-unique,,n=admin,r=abcdefghijkl")]
    [InlineData("n,,n=admin,r=x")]
    public void A_malformed_first_message_is_error_18(string payload)
    {
        using var connection = new RawConnection(_server.Port);
        BsonDocument reply = connection.Run(new BsonDocument
        {
            { "saslStart", 1 }, { "mechanism", "SCRAM-SHA-256" }, { "payload", new BsonBinaryData(System.Text.Encoding.UTF8.GetBytes(payload)) },
        });
        Assert.Equal(18, reply["code"]);
    }

    [Fact]
    public void Another_mechanism_is_refused_by_name()
    {
        using var connection = new RawConnection(_server.Port);
        BsonDocument reply = connection.Run(new BsonDocument { { "saslStart", 1 }, { "mechanism", "PLAIN" }, { "payload", new BsonBinaryData([]) } });
        Assert.Equal(334, reply["code"]);
        Assert.Contains("PLAIN", reply["errmsg"].AsString, StringComparison.Ordinal);
    }

    [Fact]
    public void The_keys_are_those_of_RFC_7677()
    {
        // Section 3: user "user", password "pencil".
        ScramCredential credential = ScramCredential.Derive("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        byte[] authMessage = System.Text.Encoding.ASCII.GetBytes(
            "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        byte[] signature = System.Security.Cryptography.HMACSHA256.HashData(credential.ServerKey, authMessage);
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(signature));
    }

    [Theory]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("a\u00A0b", "a b")]
    public void Passwords_are_prepared_as_RFC_4013_says(string given, string prepared) => Assert.Equal(prepared, SaslPrep.Prepare(given));

    [Fact]
    public async Task Users_can_be_created_changed_and_dropped()
    {
        MongoClient root = _server.Client();
        string name = $"user{Guid.NewGuid():N}";
        await Admin(root, $"{{createUser: '{name}', pwd: 'one', roles: [{{role: 'readWrite', db: 'theirs'}}]}}");
        MongoClient theirs = SignedIn(name, "one");
        await theirs.GetDatabase("theirs").GetCollection<BsonDocument>("c").InsertOneAsync(new BsonDocument(), cancellationToken: TestContext.Current.CancellationToken);

        await AssertUnauthorized(() => theirs.GetDatabase("others").GetCollection<BsonDocument>("c").InsertOneAsync(new BsonDocument()));
        await AssertUnauthorized(() => Admin(theirs, "{serverStatus: 1}"));

        await Admin(root, $"{{updateUser: '{name}', roles: [{{role: 'read', db: 'theirs'}}]}}");
        await AssertUnauthorized(() => theirs.GetDatabase("theirs").GetCollection<BsonDocument>("c").InsertOneAsync(new BsonDocument()));
        Assert.Single(await theirs.GetDatabase("theirs").GetCollection<BsonDocument>("c").Find(new BsonDocument()).ToListAsync(TestContext.Current.CancellationToken));

        await Admin(root, $"{{updateUser: '{name}', pwd: 'two'}}");
        Assert.Equal(1.0, (await Admin(SignedIn(name, "two"), "{ping: 1}"))["ok"]);
        await Assert.ThrowsAsync<MongoAuthenticationException>(() => Admin(SignedIn(name, "one"), "{ping: 1}"));

        await Admin(root, $"{{dropUser: '{name}'}}");
        await AssertUnauthorized(() => theirs.GetDatabase("theirs").GetCollection<BsonDocument>("c").Find(new BsonDocument()).ToListAsync());
    }

    [Fact]
    public async Task User_documents_hold_no_password_and_show_no_keys()
    {
        MongoClient root = _server.Client();
        BsonDocument info = await Admin(root, $"{{usersInfo: '{TestServer.User}'}}");
        BsonDocument user = info["users"][0].AsBsonDocument;
        Assert.Equal("root", user["roles"][0]["role"]);
        Assert.False(user.Contains("credentials"));
        Assert.DoesNotContain(TestServer.Password, (await root.GetDatabase("admin").GetCollection<BsonDocument>("system.users")
            .Find(new BsonDocument()).FirstAsync(TestContext.Current.CancellationToken)).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Log, line => line.Contains(TestServer.Password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{createUser: 'x', pwd: 'x', roles: ['nosuchrole']}", 31)]
    [InlineData("{createUser: 'admin', pwd: 'x', roles: []}", 51003)]
    [InlineData("{createUser: 'x', roles: []}", 40414)]
    [InlineData("{createUser: '', pwd: 'x', roles: []}", 2)]
    [InlineData("{dropUser: 'nobody'}", 11)]
    [InlineData("{updateUser: 'nobody', pwd: 'x'}", 11)]
    [InlineData("{insert: 'system.users', documents: [{_id: 'admin.eve'}]}", 13)]
    [InlineData("{delete: 'system.users', deletes: [{q: {}, limit: 0}]}", 13)]
    [InlineData("{drop: 'system.users'}", 13)]
    [InlineData("{dropDatabase: 1}", 20)]
    public async Task Wrong_changes_of_users_are_refused(string command, int code)
    {
        MongoCommandException e = await Assert.ThrowsAsync<MongoCommandException>(() => Admin(_server.Client(), command));
        Assert.Equal(code, e.Code);
    }

    [Fact]
    public async Task Another_password_in_the_environment_is_one_warning_and_no_lock_out()
    {
        string directory = TestServer.NewDirectory();
        try
        {
            using (new TestServer(auth: true, directory: directory))
            {
            }
            using var again = new TestServer(auth: true, o => o with { RootPassword = "another" }, directory);
            string line = Assert.Single(again.Log, l => l.Contains("credential mismatch", StringComparison.Ordinal));
            Assert.Contains("\"s\":\"W\"", line, StringComparison.Ordinal);
            Assert.Equal(1.0, (await Admin(again.Client(), "{ping: 1}"))["ok"]);
        }
        finally
        {
            TestServer.Delete(directory);
        }
    }

    private MongoClient SignedIn(string user, string password) =>
        _server.Client(s => s.Credential = MongoCredential.CreateCredential("admin", user, password), signIn: false);

    private static Task<BsonDocument> Admin(MongoClient client, string command) =>
        client.GetDatabase("admin").RunCommandAsync<BsonDocument>(BsonDocument.Parse(command), cancellationToken: TestContext.Current.CancellationToken);

    private static async Task AssertUnauthorized(Func<Task> action)
    {
        MongoCommandException e = await Assert.ThrowsAsync<MongoCommandException>(action);
        Assert.Equal(13, e.Code);
    }
}
