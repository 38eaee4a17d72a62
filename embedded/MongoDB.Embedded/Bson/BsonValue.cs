using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace MongoDB.Embedded.Bson;

/// <summary>
/// One value: either a slice of a buffer (strings, documents, arrays, binary and the other types longer than eight bytes) or
/// a scalar held inline. 24 bytes, no allocation to read one out of a document. <c>default</c> is the missing value.
/// </summary>
internal readonly partial struct BsonValue
{
    private readonly byte[]? _buffer;
    private readonly long _bits;
    private readonly BsonType _type;

    private BsonValue(BsonType type, byte[]? buffer, long bits)
    {
        _type = type;
        _buffer = buffer;
        _bits = bits;
    }

    public BsonType Type => _type;

    public bool IsMissing => _type == BsonType.Missing;

    public bool IsNull => _type == BsonType.Null;

    /// <summary>Missing, null or undefined: what <c>{field: null}</c> and most expressions treat alike.</summary>
    public bool IsNullish => _type is BsonType.Missing or BsonType.Null or BsonType.Undefined;

    public bool IsNumber => _type.IsNumber();

    /// <summary>Document, not array.</summary>
    public bool IsDocument => _type == BsonType.Document;

    public bool IsArray => _type == BsonType.Array;

    public bool IsString => _type == BsonType.String;

    private int SliceOffset => (int)(_bits >> 32);

    private int SliceLength => (int)_bits;

    private ReadOnlySpan<byte> Slice => _buffer.AsSpan(SliceOffset, SliceLength);

    /// <summary>The value whose payload lies at <paramref name="position"/>.</summary>
    public static BsonValue Read(BsonType type, byte[] buffer, int position, int size) => type switch
    {
        BsonType.Int32 => new(type, null, BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(position))),
        BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64 =>
            new(type, null, BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(position))),
        BsonType.Boolean => new(type, null, buffer[position]),
        BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey => new(type, null, 0),
        _ => FromSlice(type, buffer, position, size),
    };

    private static BsonValue FromSlice(BsonType type, byte[] buffer, int offset, int length) =>
        new(type, buffer, ((long)offset << 32) | (uint)length);

    public bool AsBoolean => Expect(BsonType.Boolean)._bits != 0;

    public int AsInt32 => (int)Expect(BsonType.Int32)._bits;

    public long AsInt64 => Expect(BsonType.Int64)._bits;

    public double AsDouble => BitConverter.Int64BitsToDouble(Expect(BsonType.Double)._bits);

    public Decimal128 AsDecimal => new(Expect(BsonType.Decimal128).Slice);

    public ObjectId AsObjectId => new(Expect(BsonType.ObjectId).Slice);

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long AsDateTimeMs => Expect(BsonType.DateTime)._bits;

    /// <summary>Seconds in the high half, increment in the low half.</summary>
    public ulong AsTimestamp => (ulong)Expect(BsonType.Timestamp)._bits;

    /// <summary>The text of a string, symbol or JavaScript value as UTF-8.</summary>
    public ReadOnlySpan<byte> StringUtf8 =>
        _type is BsonType.String or BsonType.Symbol or BsonType.JavaScript ? Slice[4..^1] : throw Wrong(BsonType.String);

    public string AsString => Encoding.UTF8.GetString(StringUtf8);

    /// <summary>The document or array.</summary>
    public BsonDoc AsDocument => _type is BsonType.Document or BsonType.Array
        ? new BsonDoc(_buffer!, SliceOffset, SliceLength)
        : throw Wrong(BsonType.Document);

    public ReadOnlySpan<byte> BinaryBytes => Expect(BsonType.Binary).Slice[5..];

    public byte BinarySubtype => Expect(BsonType.Binary).Slice[4];

    /// <summary>Pattern and options of a regular expression.</summary>
    public (string Pattern, string Options) AsRegex
    {
        get
        {
            ReadOnlySpan<byte> slice = Expect(BsonType.Regex).Slice;
            int end = slice.IndexOf((byte)0);
            return (Encoding.UTF8.GetString(slice[..end]), Encoding.UTF8.GetString(slice[(end + 1)..^1]));
        }
    }

    /// <summary>Code and scope of a JavaScriptWithScope value.</summary>
    public (string Code, BsonDoc Scope) AsJavaScriptWithScope
    {
        get
        {
            ReadOnlySpan<byte> slice = Expect(BsonType.JavaScriptWithScope).Slice;
            int length = BinaryPrimitives.ReadInt32LittleEndian(slice[4..]);
            string code = Encoding.UTF8.GetString(slice.Slice(8, length - 1));
            return (code, BsonDoc.Wrap(_buffer!, SliceOffset + 8 + length));
        }
    }

    /// <summary>The payload's length when encoded.</summary>
    public int PayloadLength => _type switch
    {
        BsonType.Int32 => 4,
        BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64 => 8,
        BsonType.Boolean => 1,
        BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey => 0,
        BsonType.Missing => throw new InvalidOperationException("a missing value has no encoding"),
        _ => SliceLength,
    };

    /// <summary>The payload of a value that is a slice; empty for inline scalars.</summary>
    public ReadOnlySpan<byte> RawSlice => _buffer is null ? default : Slice;

    /// <summary>Writes the payload; <paramref name="destination"/> holds <see cref="PayloadLength"/> bytes.</summary>
    public void CopyPayload(Span<byte> destination)
    {
        switch (_type)
        {
            case BsonType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(destination, (int)_bits);
                break;
            case BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(destination, _bits);
                break;
            case BsonType.Boolean:
                destination[0] = (byte)_bits;
                break;
            case BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey:
                break;
            default:
                Slice.CopyTo(destination);
                break;
        }
    }

    /// <summary>A value that owns its bytes, for keeping one beyond the buffer it was read from.</summary>
    public BsonValue Detach() => _buffer is null || SliceLength == _buffer.Length
        ? this
        : FromSlice(_type, Slice.ToArray(), 0, SliceLength);

    /// <inheritdoc />
    public override string ToString() => BsonText.ToShell(this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BsonValue Expect(BsonType type) => _type == type ? this : throw Wrong(type);

    private InvalidCastException Wrong(BsonType wanted) => new($"the value is of type {_type.Name()}, not {wanted.Name()}");
}
