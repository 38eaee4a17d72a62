using System.Buffers.Binary;
using System.Text;

namespace MongoDB.Embedded.Bson;

/// <summary>
/// A whole document or array: a slice of a buffer that includes the length prefix and the terminator.
/// The bytes must have passed <see cref="Validate"/> or come from <see cref="BsonWriter"/>; the walkers trust them.
/// <c>default</c> is the empty document.
/// </summary>
internal readonly struct BsonDoc
{
    private static readonly byte[] EmptyBytes = [5, 0, 0, 0, 0];

    private readonly byte[]? _buffer;
    private readonly int _offset;
    private readonly int _length;

    public BsonDoc(byte[] buffer, int offset, int length)
    {
        _buffer = buffer;
        _offset = offset;
        _length = length;
    }

    public static BsonDoc Empty => default;

    public byte[] Buffer => _buffer ?? EmptyBytes;

    public int Offset => _offset;

    public int Length => _buffer is null ? EmptyBytes.Length : _length;

    public ReadOnlySpan<byte> Span => new(Buffer, _offset, Length);

    public ReadOnlyMemory<byte> Memory => new(Buffer, _offset, Length);

    public bool IsEmpty => Length <= 5;

    /// <summary>The elements' bytes: without length prefix and terminator.</summary>
    public ReadOnlySpan<byte> ElementBytes => new(Buffer, _offset + 4, Length - 5);

    /// <summary>The value of the first element of that name, or a missing value.</summary>
    public BsonValue this[string name]
    {
        get
        {
            Span<byte> utf8 = stackalloc byte[Math.Min(Encoding.UTF8.GetMaxByteCount(name.Length), 512)];
            return Encoding.UTF8.TryGetBytes(name, utf8, out int written)
                ? Get(utf8[..written])
                : Get(Encoding.UTF8.GetBytes(name));
        }
    }

    /// <summary>A document that fills <paramref name="bytes"/> up to its own length prefix.</summary>
    public static BsonDoc Wrap(byte[] bytes) => Wrap(bytes, 0);

    /// <summary>The document that starts at <paramref name="offset"/>; its prefix gives the length.</summary>
    public static BsonDoc Wrap(byte[] bytes, int offset) =>
        new(bytes, offset, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset)));

    /// <summary>Checks bytes that came from outside; see <see cref="BsonValidator"/>.</summary>
    public static void Validate(ReadOnlySpan<byte> bytes, int maxDepth = BsonValidator.DefaultMaxDepth) =>
        BsonValidator.Validate(bytes, maxDepth);

    /// <summary>The value of the first element of that name, or a missing value. Allocates nothing.</summary>
    public BsonValue Get(ReadOnlySpan<byte> nameUtf8)
    {
        byte[] buffer = Buffer;
        int position = _offset + 4;
        while (buffer[position] != 0)
        {
            var type = (BsonType)buffer[position++];
            ReadOnlySpan<byte> rest = buffer.AsSpan(position);
            int nameLength = rest.IndexOf((byte)0);
            bool found = nameLength == nameUtf8.Length && rest[..nameLength].SequenceEqual(nameUtf8);
            position += nameLength + 1;
            int size = BsonLayout.PayloadSize(type, buffer, position);
            if (found)
            {
                return BsonValue.Read(type, buffer, position, size);
            }
            position += size;
        }
        return default;
    }

    public bool Contains(ReadOnlySpan<byte> nameUtf8) => !Get(nameUtf8).IsMissing;

    /// <summary>The number of elements; walks the document.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (Enumerator e = GetEnumerator(); e.MoveNext();)
            {
                count++;
            }
            return count;
        }
    }

    /// <summary>The first element; the document must not be empty.</summary>
    public BsonElement First
    {
        get
        {
            Enumerator e = GetEnumerator();
            return e.MoveNext() ? e.Current : throw new InvalidOperationException("the document is empty");
        }
    }

    /// <summary>A copy of the bytes, which no later reuse of the buffer can change.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <summary>The document itself if it owns its whole buffer, else a copy that does.</summary>
    public BsonDoc Detach() => _offset == 0 && Length == Buffer.Length ? this : Wrap(ToArray());

    public Enumerator GetEnumerator() => new(Buffer, _offset + 4);

    /// <inheritdoc />
    public override string ToString() => BsonText.ToShell(this);

    /// <summary>Walks the elements in order.</summary>
    public struct Enumerator
    {
        private readonly byte[] _buffer;
        private int _next;

        internal Enumerator(byte[] buffer, int start)
        {
            _buffer = buffer;
            _next = start;
            Current = default;
        }

        public BsonElement Current { get; private set; }

        public bool MoveNext()
        {
            var type = (BsonType)_buffer[_next];
            if (type == BsonType.Missing)
            {
                return false;
            }
            int start = _next;
            int nameLength = _buffer.AsSpan(start + 1).IndexOf((byte)0);
            int payload = start + nameLength + 2;
            int size = BsonLayout.PayloadSize(type, _buffer, payload);
            _next = payload + size;
            Current = new BsonElement(_buffer, start, nameLength, size);
            return true;
        }
    }
}

/// <summary>One element: type, name and value, as a slice of the document's buffer.</summary>
internal readonly struct BsonElement
{
    private readonly byte[] _buffer;
    private readonly int _start;
    private readonly int _nameLength;
    private readonly int _size;

    internal BsonElement(byte[] buffer, int start, int nameLength, int size)
    {
        _buffer = buffer;
        _start = start;
        _nameLength = nameLength;
        _size = size;
    }

    public BsonType Type => (BsonType)_buffer[_start];

    public ReadOnlySpan<byte> NameUtf8 => _buffer.AsSpan(_start + 1, _nameLength);

    public string Name => Encoding.UTF8.GetString(NameUtf8);

    public BsonValue Value => BsonValue.Read(Type, _buffer, _start + _nameLength + 2, _size);

    /// <summary>The element's whole encoding: type byte, name, terminator, payload.</summary>
    public ReadOnlySpan<byte> RawBytes => _buffer.AsSpan(_start, _nameLength + 2 + _size);

    /// <inheritdoc />
    public override string ToString() => $"{Name}: {BsonText.ToShell(Value)}";
}
