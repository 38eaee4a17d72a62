using System.Buffers.Binary;
using System.Text;

namespace MongoDB.Embedded.Bson;

internal readonly partial struct BsonValue
{
    public static BsonValue Missing => default;

    public static BsonValue Null => new(BsonType.Null, null, 0);

    public static BsonValue Undefined => new(BsonType.Undefined, null, 0);

    public static BsonValue MinKey => new(BsonType.MinKey, null, 0);

    public static BsonValue MaxKey => new(BsonType.MaxKey, null, 0);

    public static BsonValue True => new(BsonType.Boolean, null, 1);

    public static BsonValue False => new(BsonType.Boolean, null, 0);

    public static BsonValue EmptyString { get; } = String("");

    public static BsonValue EmptyArray { get; } = Array(BsonDoc.Empty);

    public static BsonValue Boolean(bool value) => value ? True : False;

    public static BsonValue Int32(int value) => new(BsonType.Int32, null, value);

    public static BsonValue Int64(long value) => new(BsonType.Int64, null, value);

    public static BsonValue Double(double value) => new(BsonType.Double, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>An int if it fits, else a long: how the server returns counts and sums of ints.</summary>
    public static BsonValue Integer(long value) => value is >= int.MinValue and <= int.MaxValue ? Int32((int)value) : Int64(value);

    public static BsonValue DateTime(long millisecondsSinceEpoch) => new(BsonType.DateTime, null, millisecondsSinceEpoch);

    public static BsonValue Timestamp(ulong value) => new(BsonType.Timestamp, null, (long)value);

    public static BsonValue Timestamp(uint seconds, uint increment) => Timestamp(((ulong)seconds << 32) | increment);

    public static BsonValue Decimal(Decimal128 value)
    {
        byte[] bytes = new byte[16];
        value.CopyTo(bytes);
        return FromSlice(BsonType.Decimal128, bytes, 0, 16);
    }

    public static BsonValue ObjectId(ObjectId value)
    {
        byte[] bytes = new byte[12];
        value.CopyTo(bytes);
        return FromSlice(BsonType.ObjectId, bytes, 0, 12);
    }

    public static BsonValue String(string value) => Text(BsonType.String, value);

    public static BsonValue String(ReadOnlySpan<byte> utf8)
    {
        byte[] bytes = new byte[utf8.Length + 5];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, utf8.Length + 1);
        utf8.CopyTo(bytes.AsSpan(4));
        return FromSlice(BsonType.String, bytes, 0, bytes.Length);
    }

    public static BsonValue Symbol(string value) => Text(BsonType.Symbol, value);

    public static BsonValue JavaScript(string code) => Text(BsonType.JavaScript, code);

    public static BsonValue JavaScriptWithScope(string code, BsonDoc scope)
    {
        byte[] text = Encoding.UTF8.GetBytes(code);
        byte[] bytes = new byte[8 + text.Length + 1 + scope.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), text.Length + 1);
        text.CopyTo(bytes, 8);
        scope.Span.CopyTo(bytes.AsSpan(8 + text.Length + 1));
        return FromSlice(BsonType.JavaScriptWithScope, bytes, 0, bytes.Length);
    }

    public static BsonValue Document(BsonDoc value) => FromSlice(BsonType.Document, value.Buffer, value.Offset, value.Length);

    public static BsonValue Array(BsonDoc value) => FromSlice(BsonType.Array, value.Buffer, value.Offset, value.Length);

    public static BsonValue Binary(byte subtype, ReadOnlySpan<byte> value)
    {
        byte[] bytes = new byte[value.Length + 5];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value.Length);
        bytes[4] = subtype;
        value.CopyTo(bytes.AsSpan(5));
        return FromSlice(BsonType.Binary, bytes, 0, bytes.Length);
    }

    public static BsonValue Regex(string pattern, string options)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"{pattern}\0{options}\0");
        return FromSlice(BsonType.Regex, bytes, 0, bytes.Length);
    }

    private static BsonValue Text(BsonType type, string value)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(value) + 5];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
        Encoding.UTF8.GetBytes(value, bytes.AsSpan(4));
        return FromSlice(type, bytes, 0, bytes.Length);
    }
}
