using System.Buffers.Binary;
using System.Text;
using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Wire;

/// <summary>The legacy OP_QUERY, of which servers still answer the handshake (hello, isMaster) to the <c>$cmd</c> collection.</summary>
internal static class OpQuery
{
    private const int AwaitCapable = 8;

    /// <summary>Bytes of an OP_REPLY before its document: header, flags, cursor id, starting position, number of documents.</summary>
    public const int ReplyPrefix = MessageHeader.Size + 20;

    /// <returns>The database and the command, unwrapped from <c>$query</c>.</returns>
    /// <exception cref="WireException">The frame is not an OP_QUERY for a command.</exception>
    public static (string Database, BsonDoc Command) Parse(byte[] buffer, int start, int length)
    {
        int end = start + length;
        int position = start + MessageHeader.Size + 4;
        int nameLength = position < end ? buffer.AsSpan(position, end - position).IndexOf((byte)0) : -1;
        if (nameLength < 0)
        {
            throw new WireException("OP_QUERY without the end of its collection name");
        }
        string name = Encoding.UTF8.GetString(buffer, position, nameLength);
        position += nameLength + 1 + 8;
        if (!name.EndsWith(".$cmd", StringComparison.Ordinal))
        {
            throw new WireException($"OP_QUERY on '{name}': only commands are answered");
        }
        if (position > end)
        {
            throw new WireException("OP_QUERY ends before its document");
        }
        BsonDoc command = OpMsg.Document(buffer, position, end, BsonValidator.DefaultMaxDepth);
        BsonValue wrapped = command.Get("$query"u8);
        return (name[..^5], wrapped.IsDocument ? wrapped.AsDocument : command);
    }

    /// <summary>Writes what is in front of the reply's document.</summary>
    public static void WriteReplyPrefix(Span<byte> bytes, int requestId, int responseTo, int documentLength)
    {
        new MessageHeader(ReplyPrefix + documentLength, requestId, responseTo, OpCode.Reply).Write(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], AwaitCapable);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[20..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], 1);
    }
}
