using MongoDB.Bson;
using MongoDB.Embedded.Tests.Fixtures;
using MongoDB.Embedded.Wire;

namespace MongoDB.Embedded.Tests.Server;

public class WireTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly BsonDocument Ping = new("ping", 1);

    [Fact]
    public void A_document_sequence_stands_for_an_array_of_the_body()
    {
        using RawConnection connection = Connect();
        BsonDocument[] documents = [new("_id", 1), new("_id", 2), new("_id", 3)];
        connection.Send(connection.Message(new BsonDocument("insert", "sequences"), NewName(), 0, ("documents", documents)));
        Assert.Equal(3, connection.Receive().Body["n"]);
    }

    [Fact]
    public void A_sequence_beside_an_array_of_its_name_is_an_error_that_keeps_the_connection()
    {
        using RawConnection connection = Connect();
        var body = new BsonDocument { { "insert", "sequences" }, { "documents", new BsonArray { new BsonDocument() } } };
        connection.Send(connection.Message(body, NewName(), 0, ("documents", [new BsonDocument("_id", 1)])));
        Assert.Equal(40413, connection.Receive().Body["code"]);
        Assert.Equal(1.0, connection.Run(Ping)["ok"]);
    }

    [Fact]
    public void The_reply_answers_the_id_of_the_request()
    {
        using RawConnection connection = Connect();
        connection.Send(connection.Message(Ping));
        RawConnection.Reply reply = connection.Receive();
        Assert.Equal(connection.LastRequestId, reply.ResponseTo);
        Assert.Equal(2013, reply.OpCode);
    }

    [Fact]
    public void A_message_may_arrive_in_pieces_and_several_in_one()
    {
        using RawConnection connection = Connect();
        byte[] one = connection.Message(Ping);
        byte[] two = [.. connection.Message(Ping), .. connection.Message(Ping)];
        foreach (byte b in one)
        {
            connection.Send([b]);
        }
        Assert.Equal(1.0, connection.Receive().Body["ok"]);
        connection.Send(two);
        Assert.Equal(1.0, connection.Receive().Body["ok"]);
        Assert.Equal(1.0, connection.Receive().Body["ok"]);
    }

    [Fact]
    public void A_right_checksum_is_accepted()
    {
        using RawConnection connection = Connect();
        connection.Send(WithChecksum(connection, corrupt: false));
        Assert.Equal(1.0, connection.Receive().Body["ok"]);
    }

    [Fact]
    public void A_wrong_checksum_closes_the_connection()
    {
        using RawConnection connection = Connect();
        connection.Send(WithChecksum(connection, corrupt: true));
        connection.ExpectClosed();
    }

    [Fact]
    public void The_checksum_is_CRC_32C()
    {
        // The check value of the algorithm's catalogue entry (CRC-32/ISCSI).
        Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));
    }

    [Fact]
    public void Unknown_required_flag_bits_close_the_connection()
    {
        using RawConnection connection = Connect();
        connection.Send(connection.Message(Ping, flags: 1 << 5));
        connection.ExpectClosed();
    }

    [Fact]
    public void Unknown_optional_flag_bits_are_ignored()
    {
        using RawConnection connection = Connect();
        connection.Send(connection.Message(Ping, flags: 1 << 20));
        Assert.Equal(1.0, connection.Receive().Body["ok"]);
    }

    [Fact]
    public void More_to_come_gets_no_reply()
    {
        using RawConnection connection = Connect();
        connection.Send(connection.Message(Ping, flags: 2));
        connection.Send(connection.Message(Ping));
        Assert.Equal(connection.LastRequestId, connection.Receive().ResponseTo);
    }

    [Fact]
    public void Compressed_messages_are_declined_with_a_reason_in_the_log()
    {
        using RawConnection connection = Connect();
        connection.Send(connection.WithHeader(new byte[64], 2012));
        connection.ExpectClosed();
        Assert.Contains(fixture.Server.Log, line => line.Contains("OP_COMPRESSED", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> BrokenFrames => new()
    {
        { "length zero", "00000000 01000000 00000000 dd070000" },
        { "length negative", "ffffffff 01000000 00000000 dd070000" },
        { "length over the maximum", "01000003 01000000 00000000 dd070000" },
        { "an HTTP request", Convert.ToHexString("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8) },
        { "a retired opcode", "24000000 01000000 00000000 d2070000 00000000 00000000 00000000 00000000 00000000" },
        { "an OP_MSG without a section", "14000000 01000000 00000000 dd070000 00000000" },
        { "a section of unknown kind", "1a000000 01000000 00000000 dd070000 00000000 07 0500000000" },
        { "a body longer than the message", "1a000000 01000000 00000000 dd070000 00000000 00 0600000000" },
        { "two bodies", "20000000 01000000 00000000 dd070000 00000000 00 0500000000 00 0500000000" },
        { "a sequence longer than the message", "24000000 01000000 00000000 dd070000 00000000 01 ff000000 61 00 0500000000 00000000" },
        { "a sequence without the end of its name", "1e000000 01000000 00000000 dd070000 00000000 01 09000000 61616161 61" },
        { "an OP_QUERY without the end of its name", "18000000 01000000 00000000 d4070000 00000000 61616161" },
    };

    [Theory]
    [MemberData(nameof(BrokenFrames))]
    public void A_broken_frame_closes_its_connection_and_no_other(string what, string hex)
    {
        using RawConnection other = Connect();
        Assert.Equal(1.0, other.Run(Ping)["ok"]);
        using RawConnection connection = Connect();
        connection.Send(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        connection.ExpectClosed();
        Assert.True(other.Run(Ping)["ok"] == 1.0, what);
    }

    [Fact]
    public void A_truncated_frame_closes_its_connection()
    {
        using RawConnection connection = Connect();
        connection.Send(connection.Message(Ping).AsSpan(0, 20));
        connection.HalfClose();
        connection.ExpectClosed();
    }

    [Fact]
    public void Invalid_BSON_in_a_sound_frame_is_error_22_and_keeps_the_connection()
    {
        using RawConnection connection = Connect();
        byte[] message = connection.Message(new BsonDocument("ping", "text"));
        // The length of the string "text".
        message[16 + 5 + 4 + 6] = 0x70;
        connection.Send(message);
        Assert.Equal(22, connection.Receive().Body["code"]);
        Assert.Equal(1.0, connection.Run(Ping)["ok"]);
    }

    [Fact]
    public void Random_bytes_never_take_the_server_down()
    {
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            using RawConnection connection = Connect();
            byte[] message = connection.Message(new BsonDocument { { "find", "c" }, { "filter", new BsonDocument("a", new BsonDocument("$gt", 5)) } });
            for (int j = random.Next(1, 6); j > 0; j--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }
            connection.Send(message);
            connection.HalfClose();
        }
        using RawConnection after = Connect();
        Assert.Equal(1.0, after.Run(Ping)["ok"]);
    }

    [Fact]
    public void A_reply_larger_than_the_socket_buffers_arrives_whole()
    {
        using RawConnection connection = Connect();
        string database = NewName();
        var document = new BsonDocument { { "_id", 1 }, { "text", new string('x', 15_000_000) } };
        Assert.Equal(1, connection.Run(new BsonDocument { { "insert", "big" }, { "documents", new BsonArray { document } } }, database)["n"]);
        BsonDocument reply = connection.Run(new BsonDocument("find", "big"), database);
        Assert.Equal(document, reply["cursor"]["firstBatch"][0]);
    }

    private static byte[] WithChecksum(RawConnection connection, bool corrupt)
    {
        byte[] message = connection.WithHeader([.. connection.Message(Ping, flags: 1), 0, 0, 0, 0], 2013);
        uint crc = Crc32C.Compute(message.AsSpan(0, message.Length - 4));
        BitConverter.GetBytes(corrupt ? crc + 1 : crc).CopyTo(message, message.Length - 4);
        return message;
    }

    private static string NewName() => $"test_{Guid.NewGuid():N}";

    private RawConnection Connect() => new(fixture.Server.Port);
}
