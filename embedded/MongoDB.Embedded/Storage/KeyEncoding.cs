using System.Buffers.Binary;
using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// Encodes BSON values so that the unsigned order of the bytes is the order of the values ("Comparison/Sort Order" in the
/// manual), for numbers across their types. No encoding is a prefix of another, so values can be put one behind the other to form
/// a compound key, and a field is made descending by inverting its bytes. Equal values of different types, 1 and 1.0, have the
/// same encoding: an encoding identifies a value but does not give its type back.
/// <example>
/// {a: "x", b: 5} as key of {a: 1, b: -1}:  11 'x' 00 00 | F3 3F EB FF FF FF FF FF FF FF
/// </example>
/// </summary>
internal static class KeyEncoding
{
    /// <summary>Ends documents and arrays; smaller than every bracket.</summary>
    private const byte End = 0;

    /// <summary>The first byte of every value of that type.</summary>
    public static byte Bracket(BsonType type) => (byte)(type.Bracket() + 2);

    /// <summary>Appends a value; a missing one as null, which is how an index sees it.</summary>
    public static void Append(ref KeyWriter writer, BsonValue value)
    {
        BsonType type = value.Type == BsonType.Missing ? BsonType.Null : value.Type;
        writer.Byte(Bracket(type));
        Payload(ref writer, value, type);
    }

    /// <summary>Appends a value, inverted for a descending field.</summary>
    public static void Append(ref KeyWriter writer, BsonValue value, bool descending)
    {
        int start = writer.Length;
        Append(ref writer, value);
        if (descending)
        {
            Invert(writer.From(start));
        }
    }

    /// <summary>The encoding as an array of its own.</summary>
    public static byte[] Encode(BsonValue value)
    {
        var writer = new KeyWriter(stackalloc byte[128]);
        try
        {
            Append(ref writer, value);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    public static void Invert(Span<byte> bytes)
    {
        foreach (ref byte b in bytes)
        {
            b = (byte)~b;
        }
    }

    private static void Payload(ref KeyWriter writer, BsonValue value, BsonType type)
    {
        switch (type)
        {
            case BsonType.MinKey or BsonType.MaxKey or BsonType.Null or BsonType.Undefined:
                break;
            case BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128:
                NumberEncoding.Append(ref writer, value);
                break;
            case BsonType.String or BsonType.Symbol or BsonType.JavaScript:
                Escaped(ref writer, value.StringUtf8);
                break;
            case BsonType.ObjectId:
                writer.Bytes(value.RawSlice);
                break;
            case BsonType.Boolean:
                writer.Byte(value.AsBoolean ? (byte)1 : (byte)0);
                break;
            case BsonType.DateTime:
                writer.UInt64((ulong)value.AsDateTimeMs ^ (1UL << 63));
                break;
            case BsonType.Timestamp:
                writer.UInt64(value.AsTimestamp);
                break;
            case BsonType.Binary:
                ReadOnlySpan<byte> binary = value.BinaryBytes;
                writer.UInt32((uint)binary.Length);
                writer.Byte(value.BinarySubtype);
                writer.Bytes(binary);
                break;
            case BsonType.Regex:
                ReadOnlySpan<byte> regex = value.RawSlice;
                int end = regex.IndexOf((byte)0);
                Escaped(ref writer, regex[..end]);
                Escaped(ref writer, regex[(end + 1)..^1]);
                break;
            case BsonType.Document:
                foreach (BsonElement element in value.AsDocument)
                {
                    BsonValue inner = element.Value;
                    writer.Byte(Bracket(inner.Type));
                    Escaped(ref writer, element.NameUtf8);
                    Payload(ref writer, inner, inner.Type);
                }
                writer.Byte(End);
                break;
            case BsonType.Array:
                foreach (BsonElement element in value.AsDocument)
                {
                    Append(ref writer, element.Value);
                }
                writer.Byte(End);
                break;
            case BsonType.DbPointer:
                ReadOnlySpan<byte> pointer = value.RawSlice;
                int length = BinaryPrimitives.ReadInt32LittleEndian(pointer);
                Escaped(ref writer, pointer.Slice(4, length - 1));
                writer.Bytes(pointer[(4 + length)..]);
                break;
            case BsonType.JavaScriptWithScope:
                ReadOnlySpan<byte> code = value.RawSlice;
                int codeLength = BinaryPrimitives.ReadInt32LittleEndian(code[4..]);
                Escaped(ref writer, code.Slice(8, codeLength - 1));
                Payload(ref writer, BsonValue.Document(value.AsJavaScriptWithScope.Scope), BsonType.Document);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), type, "not a BSON type");
        }
    }

    // A zero byte inside becomes 00 FF and the end 00 00, so that "a" sorts before "a\0" and neither is the other's prefix.
    private static void Escaped(ref KeyWriter writer, ReadOnlySpan<byte> bytes)
    {
        int zero;
        while ((zero = bytes.IndexOf((byte)0)) >= 0)
        {
            writer.Bytes(bytes[..(zero + 1)]);
            writer.Byte(0xFF);
            bytes = bytes[(zero + 1)..];
        }
        Span<byte> tail = writer.Reserve(bytes.Length + 2);
        bytes.CopyTo(tail);
        tail[^2] = 0;
        tail[^1] = 0;
    }
}
