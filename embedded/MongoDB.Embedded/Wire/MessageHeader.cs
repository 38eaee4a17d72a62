using System.Buffers.Binary;

namespace MongoDB.Embedded.Wire;

/// <summary>The sixteen bytes in front of every message: length, request id, id answered, kind; little-endian.</summary>
internal readonly record struct MessageHeader(int Length, int RequestId, int ResponseTo, OpCode OpCode)
{
    public const int Size = 16;

    /// <summary>maxMessageSizeBytes of the handshake.</summary>
    public const int MaxMessageSize = 48_000_000;

    /// <summary>Before a sign-in nothing larger than a handshake is read.</summary>
    public const int MaxUnauthenticatedSize = 1 << 20;

    public static MessageHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        (OpCode)BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], RequestId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], ResponseTo);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], (int)OpCode);
    }
}
