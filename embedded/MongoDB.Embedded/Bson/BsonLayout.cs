using System.Buffers.Binary;

namespace MongoDB.Embedded.Bson;

/// <summary>How long the payload of each type is (bsonspec.org).</summary>
internal static class BsonLayout
{
    /// <summary>The payload's length in bytes; the bytes are trusted.</summary>
    public static int PayloadSize(BsonType type, byte[] buffer, int position)
    {
        switch (type)
        {
            case BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64:
                return 8;
            case BsonType.String or BsonType.JavaScript or BsonType.Symbol:
                return 4 + Int32(buffer, position);
            case BsonType.Document or BsonType.Array or BsonType.JavaScriptWithScope:
                return Int32(buffer, position);
            case BsonType.Binary:
                return 5 + Int32(buffer, position);
            case BsonType.ObjectId:
                return 12;
            case BsonType.Boolean:
                return 1;
            case BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey:
                return 0;
            case BsonType.Regex:
                int pattern = buffer.AsSpan(position).IndexOf((byte)0) + 1;
                return pattern + buffer.AsSpan(position + pattern).IndexOf((byte)0) + 1;
            case BsonType.DbPointer:
                return 4 + Int32(buffer, position) + 12;
            case BsonType.Int32:
                return 4;
            case BsonType.Decimal128:
                return 16;
            default:
                throw new InvalidOperationException($"Unvalidated BSON: type byte 0x{(byte)type:x2} at {position}.");
        }
    }

    private static int Int32(byte[] buffer, int position) => BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(position));
}
