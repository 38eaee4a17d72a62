using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;

namespace MongoDB.Embedded.Tests.Fixtures;

/// <summary>A connection that speaks the wire protocol byte by byte, for what a driver would never send.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private static readonly MongoDB.Bson.IO.BsonBinaryWriterSettings Deep = new() { MaxSerializationDepth = 500 };

    private int _requestId;

    public RawConnection(int port)
    {
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = 10_000;
        _socket.Connect(IPAddress.Loopback, port);
    }

    public readonly record struct Reply(int RequestId, int ResponseTo, int OpCode, uint Flags, BsonDocument Body);

    /// <summary>Runs a command and gives its reply, whether it is an error or not.</summary>
    public BsonDocument Run(BsonDocument command, string database = "admin")
    {
        Send(Message(command, database));
        return Receive().Body;
    }

    public BsonDocument Run(string command, string database = "admin") => Run(BsonDocument.Parse(command), database);

    /// <summary>An OP_MSG with one body section.</summary>
    public byte[] Message(BsonDocument command, string? database = "admin", uint flags = 0, params (string Name, BsonDocument[] Documents)[] sequences)
    {
        var body = new BsonDocument(command);
        if (database is not null)
        {
            body["$db"] = database;
        }
        using var stream = new MemoryStream();
        stream.Write(new byte[16]);
        stream.Write(BitConverter.GetBytes(flags));
        stream.WriteByte(0);
        stream.Write(body.ToBson());
        foreach ((string name, BsonDocument[] documents) in sequences)
        {
            byte[] content = [.. System.Text.Encoding.UTF8.GetBytes(name), 0, .. documents.SelectMany(d => d.ToBson(writerSettings: Deep))];
            stream.WriteByte(1);
            stream.Write(BitConverter.GetBytes(content.Length + 4));
            stream.Write(content);
        }
        return WithHeader(stream.ToArray(), 2013);
    }

    /// <summary>Fills in the first sixteen bytes.</summary>
    public byte[] WithHeader(byte[] message, int opCode, int? length = null)
    {
        BinaryPrimitives.WriteInt32LittleEndian(message, length ?? message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), ++_requestId);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), opCode);
        return message;
    }

    public int LastRequestId => _requestId;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public Reply Receive()
    {
        byte[] header = Exactly(16);
        int length = BinaryPrimitives.ReadInt32LittleEndian(header);
        byte[] rest = Exactly(length - 16);
        int opCode = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
        int at = opCode == 1 ? 20 : 5;
        BsonDocument body = MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(rest[at..]);
        return new Reply(
            BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)),
            BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)),
            opCode,
            BinaryPrimitives.ReadUInt32LittleEndian(rest),
            body);
    }

    /// <summary>True when bytes arrive within that time.</summary>
    public bool HasData(TimeSpan within) => _socket.Poll(within, SelectMode.SelectRead) && _socket.Available > 0;

    /// <summary>Waits for the server to close the connection and fails when it sends something instead.</summary>
    public void ExpectClosed()
    {
        int count;
        try
        {
            count = _socket.Receive(new byte[1]);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return;
        }
        Assert.Equal(0, count);
    }

    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    private byte[] Exactly(int count)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            int got = _socket.Receive(bytes.AsSpan(read));
            read += got > 0 ? got : throw new EndOfStreamException("the server closed the connection");
        }
        return bytes;
    }
}
