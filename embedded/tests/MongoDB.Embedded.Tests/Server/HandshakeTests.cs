using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public class HandshakeTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("hello", "isWritablePrimary")]
    [InlineData("isMaster", "ismaster")]
    [InlineData("ismaster", "ismaster")]
    public void Every_form_of_the_handshake_describes_a_standalone(string command, string primaryField)
    {
        using RawConnection connection = Connect();
        BsonDocument reply = connection.Run(new BsonDocument { { command, 1 }, { "helloOk", true } });
        Assert.True(reply[primaryField].AsBoolean);
        Assert.True(reply["helloOk"].AsBoolean);
        Assert.True(reply["maxWireVersion"].AsInt32 >= 21);
        Assert.Equal(0, reply["minWireVersion"]);
        Assert.Equal(16 * 1024 * 1024, reply["maxBsonObjectSize"]);
        Assert.Equal(48_000_000, reply["maxMessageSizeBytes"]);
        Assert.Equal(100_000, reply["maxWriteBatchSize"]);
        Assert.Equal(30, reply["logicalSessionTimeoutMinutes"]);
        Assert.False(reply["readOnly"].AsBoolean);
        Assert.False(reply.Contains("setName"));
        Assert.False(reply.Contains("compression"));
        Assert.Equal(1.0, reply["ok"]);
    }

    [Theory]
    [InlineData("isMaster")]
    [InlineData("hello")]
    public void The_legacy_opcode_answers_the_handshake(string command)
    {
        using RawConnection connection = Connect();
        connection.Send(Query(connection, "admin.$cmd", new BsonDocument { { command, 1 }, { "helloOk", true } }));
        RawConnection.Reply reply = connection.Receive();
        Assert.Equal(1, reply.OpCode);
        Assert.Equal(connection.LastRequestId, reply.ResponseTo);
        Assert.Equal(1.0, reply.Body["ok"]);
        Assert.True(reply.Body["helloOk"].AsBoolean);
    }

    [Fact]
    public void The_legacy_opcode_refuses_other_commands()
    {
        using RawConnection connection = Connect();
        connection.Send(Query(connection, "admin.$cmd", new BsonDocument("ping", 1)));
        Assert.Equal(352, connection.Receive().Body["code"]);
    }

    [Fact]
    public void A_hello_with_the_current_topology_version_waits_for_its_time()
    {
        using RawConnection connection = Connect();
        BsonValue version = connection.Run("{hello: 1}")["topologyVersion"];
        connection.Send(connection.Message(new BsonDocument { { "hello", 1 }, { "topologyVersion", version }, { "maxAwaitTimeMS", 300L } }));
        Assert.False(connection.HasData(TimeSpan.FromMilliseconds(50)));
        RawConnection.Reply reply = connection.Receive();
        Assert.Equal(1.0, reply.Body["ok"]);
        Assert.Equal(0u, reply.Flags & 2);
    }

    [Fact]
    public void A_hello_with_another_topology_version_is_answered_at_once()
    {
        using RawConnection connection = Connect();
        var other = new BsonDocument { { "processId", ObjectId.GenerateNewId() }, { "counter", 0L } };
        connection.Send(connection.Message(new BsonDocument { { "hello", 1 }, { "topologyVersion", other }, { "maxAwaitTimeMS", 60_000L } }));
        Assert.Equal(1.0, connection.Receive().Body["ok"]);
    }

    [Fact]
    public void A_hello_that_allows_exhaust_is_answered_again_and_again()
    {
        using RawConnection connection = Connect();
        BsonValue version = connection.Run("{hello: 1}")["topologyVersion"];
        connection.Send(connection.Message(
            new BsonDocument { { "hello", 1 }, { "topologyVersion", version }, { "maxAwaitTimeMS", 30L } }, flags: 1 << 16));
        int expected = connection.LastRequestId;
        for (int i = 0; i < 4; i++)
        {
            RawConnection.Reply reply = connection.Receive();
            Assert.Equal(expected, reply.ResponseTo);
            Assert.Equal(2u, reply.Flags & 2);
            Assert.Equal(1.0, reply.Body["ok"]);
            expected = reply.RequestId;
        }
    }

    [Theory]
    [InlineData("{hello: 1, maxAwaitTimeMS: 10}", 31368)]
    [InlineData("{hello: 1, topologyVersion: {processId: ObjectId('0123456789abcdef01234567'), counter: NumberLong(0)}}", 31368)]
    [InlineData("{hello: 1, topologyVersion: {processId: ObjectId('0123456789abcdef01234567'), counter: NumberLong(0)}, maxAwaitTimeMS: -1}", 31373)]
    public void An_awaitable_hello_needs_both_of_its_fields(string command, int code)
    {
        using RawConnection connection = Connect();
        Assert.Equal(code, connection.Run(command)["code"]);
    }

    [Theory]
    [InlineData(MongoDB.Driver.Core.Servers.ServerMonitoringMode.Poll)]
    [InlineData(MongoDB.Driver.Core.Servers.ServerMonitoringMode.Stream)]
    public async Task The_driver_s_monitor_works_either_way(MongoDB.Driver.Core.Servers.ServerMonitoringMode mode)
    {
        MongoClient client = fixture.Server.Client(settings =>
        {
            settings.ServerMonitoringMode = mode;
            settings.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        });
        for (int i = 0; i < 3; i++)
        {
            BsonDocument reply = await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(
                new BsonDocument("ping", 1), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(1.0, reply["ok"]);
        }
        Assert.Equal(MongoDB.Driver.Core.Servers.ServerType.Standalone, client.Cluster.Description.Servers.Single().Type);
    }

    private static byte[] Query(RawConnection connection, string collection, BsonDocument command)
    {
        byte[] message =
        [
            .. new byte[16], .. new byte[4], .. System.Text.Encoding.UTF8.GetBytes(collection), 0, .. new byte[4], 0xFF, 0xFF, 0xFF, 0xFF, .. command.ToBson(),
        ];
        return connection.WithHeader(message, 2004);
    }

    private RawConnection Connect() => new(fixture.Server.Port);
}
