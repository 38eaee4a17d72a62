using System.Buffers.Binary;
using System.Text;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Wire;

/// <summary>
/// A command as OP_MSG carries it: a body, and document sequences that stand for an array field of the body.
/// Documents are slices of the buffer the message was received in.
/// </summary>
internal sealed class OpMsg
{
    /// <summary>A command body nests its documents two levels deep, and filters and pipelines may be deeper than documents.</summary>
    private const int MaxBodyDepth = 180;

    private const MsgFlags Understood = MsgFlags.ChecksumPresent | MsgFlags.MoreToCome;

    private readonly List<(string Name, List<BsonDoc> Documents)> _sequences = [];

    public MsgFlags Flags { get; private init; }

    public BsonDoc Body { get; private set; }

    /// <summary>True when the sender does not want a reply.</summary>
    public bool MoreToCome => (Flags & MsgFlags.MoreToCome) != 0;

    public bool ExhaustAllowed => (Flags & MsgFlags.ExhaustAllowed) != 0;

    /// <summary>A command without sequences, as OP_QUERY brings it.</summary>
    public static OpMsg FromBody(BsonDoc body) => new() { Body = body };

    /// <summary>The documents of a sequence, or null.</summary>
    public IReadOnlyList<BsonDoc>? Sequence(string name)
    {
        foreach ((string candidate, List<BsonDoc> documents) in _sequences)
        {
            if (candidate == name)
            {
                return documents;
            }
        }
        return null;
    }

    public IEnumerable<string> SequenceNames => _sequences.Select(s => s.Name);

    /// <param name="buffer">Holds the whole message.</param>
    /// <param name="start">Of the message header.</param>
    /// <param name="length">Of the message with its header.</param>
    /// <exception cref="WireException">The frame is not an OP_MSG.</exception>
    /// <exception cref="MongoError">InvalidBSON (22): the frame is sound but a document in it is not.</exception>
    public static OpMsg Parse(byte[] buffer, int start, int length)
    {
        int end = start + length;
        int position = start + MessageHeader.Size;
        if (length < MessageHeader.Size + 4 + 1 + 5)
        {
            throw new WireException($"OP_MSG of {length} bytes is too short");
        }
        var flags = (MsgFlags)BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(position));
        if (((uint)flags & 0xFFFF & ~(uint)Understood) != 0)
        {
            throw new WireException($"OP_MSG has unknown required flag bits: 0x{(uint)flags:x8}");
        }
        position += 4;
        if ((flags & MsgFlags.ChecksumPresent) != 0)
        {
            end -= 4;
            uint expected = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(end));
            if (Crc32C.Compute(buffer.AsSpan(start, length - 4)) != expected)
            {
                throw new WireException("OP_MSG checksum does not match its contents");
            }
        }
        var message = new OpMsg { Flags = flags };
        bool hasBody = false;
        while (position < end)
        {
            byte kind = buffer[position++];
            switch (kind)
            {
                case 0 when !hasBody:
                    hasBody = true;
                    message.Body = Document(buffer, position, end, MaxBodyDepth);
                    position += message.Body.Length;
                    break;
                case 1:
                    position = message.ReadSequence(buffer, position, end);
                    break;
                default:
                    throw new WireException(kind == 0 ? "OP_MSG has two bodies" : $"OP_MSG has a section of unknown kind {kind}");
            }
        }
        return hasBody ? message : throw new WireException("OP_MSG has no body");
    }

    private int ReadSequence(byte[] buffer, int position, int end)
    {
        int size = position + 4 <= end ? BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(position)) : -1;
        if (size < 5 || size > end - position)
        {
            throw new WireException($"OP_MSG has a document sequence of impossible size {size}");
        }
        int sequenceEnd = position + size;
        position += 4;
        int nameLength = buffer.AsSpan(position, sequenceEnd - position).IndexOf((byte)0);
        if (nameLength < 0)
        {
            throw new WireException("OP_MSG has a document sequence without the end of its name");
        }
        string name = Encoding.UTF8.GetString(buffer, position, nameLength);
        if (Sequence(name) is not null)
        {
            throw new WireException($"OP_MSG has two document sequences named '{name}'");
        }
        position += nameLength + 1;
        var documents = new List<BsonDoc>();
        _sequences.Add((name, documents));
        while (position < sequenceEnd)
        {
            BsonDoc document = Document(buffer, position, sequenceEnd, BsonValidator.DefaultMaxDepth);
            documents.Add(document);
            position += document.Length;
        }
        return sequenceEnd;
    }

    internal static BsonDoc Document(byte[] buffer, int position, int end, int maxDepth)
    {
        int length = position + 5 <= end ? BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(position)) : -1;
        if (length < 5 || length > end - position)
        {
            throw new WireException($"message has a document of impossible length {length}");
        }
        BsonDoc.Validate(buffer.AsSpan(position, length), maxDepth);
        return new BsonDoc(buffer, position, length);
    }
}
