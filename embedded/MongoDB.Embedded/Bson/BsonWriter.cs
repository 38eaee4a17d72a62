using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MongoDB.Embedded.Bson;

/// <summary>
/// Appends BSON to one growing pooled buffer. The outermost document is open after construction and after
/// <see cref="Reset"/>; <see cref="ToDocument"/> closes it and copies it out.
/// </summary>
internal sealed class BsonWriter : IDisposable
{
    private static readonly byte[][] IndexNames = [.. Enumerable.Range(0, 1000).Select(i => Encoding.ASCII.GetBytes(i.ToString(System.Globalization.CultureInfo.InvariantCulture)))];

    private byte[] _buffer;
    private int _position;
    private int[] _open = new int[16];
    private int _depth;

    public BsonWriter(int capacity = 512)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
        Open();
    }

    /// <summary>Bytes written so far, with the prefixes of open documents and without their terminators.</summary>
    public int Position => _position;

    /// <summary>Forgets everything written and opens a new outermost document.</summary>
    public void Reset()
    {
        _position = 0;
        _depth = 0;
        Open();
    }

    /// <summary>The name of an array element in UTF-8.</summary>
    public static ReadOnlySpan<byte> IndexName(int index, Span<byte> scratch)
    {
        if ((uint)index < (uint)IndexNames.Length)
        {
            return IndexNames[index];
        }
        System.Buffers.Text.Utf8Formatter.TryFormat(index, scratch, out int written);
        return scratch[..written];
    }

    public void StartDocument(ReadOnlySpan<byte> nameUtf8)
    {
        Header(BsonType.Document, nameUtf8);
        Open();
    }

    public void StartDocument(string name)
    {
        Header(BsonType.Document, name);
        Open();
    }

    public void StartArray(ReadOnlySpan<byte> nameUtf8)
    {
        Header(BsonType.Array, nameUtf8);
        Open();
    }

    public void StartArray(string name)
    {
        Header(BsonType.Array, name);
        Open();
    }

    /// <summary>Opens a document as the array element of that index.</summary>
    public void StartDocument(int index)
    {
        Span<byte> scratch = stackalloc byte[10];
        StartDocument(IndexName(index, scratch));
    }

    /// <summary>Opens an array as the array element of that index.</summary>
    public void StartArray(int index)
    {
        Span<byte> scratch = stackalloc byte[10];
        StartArray(IndexName(index, scratch));
    }

    /// <summary>Closes the innermost open document or array; the outermost is closed by <see cref="ToDocument"/>.</summary>
    public void End()
    {
        if (_depth <= 1)
        {
            throw new InvalidOperationException("End without a matching Start");
        }
        Close();
    }

    /// <summary>Appends an element; a missing value appends nothing.</summary>
    public void Write(ReadOnlySpan<byte> nameUtf8, BsonValue value)
    {
        if (!value.IsMissing)
        {
            Header(value.Type, nameUtf8);
            Payload(value);
        }
    }

    /// <summary>Appends an element; a missing value appends nothing.</summary>
    public void Write(string name, BsonValue value)
    {
        if (!value.IsMissing)
        {
            Header(value.Type, name);
            Payload(value);
        }
    }

    /// <summary>Appends an array element under its index.</summary>
    public void Write(int index, BsonValue value)
    {
        Span<byte> scratch = stackalloc byte[10];
        Write(IndexName(index, scratch), value);
    }

    public void Write(string name, int value) => Write(name, BsonValue.Int32(value));

    public void Write(string name, long value) => Write(name, BsonValue.Int64(value));

    public void Write(string name, double value) => Write(name, BsonValue.Double(value));

    public void Write(string name, bool value) => Write(name, BsonValue.Boolean(value));

    public void Write(string name, BsonDoc value) => Write(name, BsonValue.Document(value));

    public void Write(string name, string value)
    {
        Header(BsonType.String, name);
        int length = Encoding.UTF8.GetByteCount(value);
        Span<byte> space = Reserve(length + 5);
        BinaryPrimitives.WriteInt32LittleEndian(space, length + 1);
        Encoding.UTF8.GetBytes(value, space[4..]);
        space[length + 4] = 0;
    }

    /// <summary>Appends one or more whole elements, already encoded.</summary>
    public void RawElement(ReadOnlySpan<byte> elementBytes) => elementBytes.CopyTo(Reserve(elementBytes.Length));

    /// <summary>Appends every element of a document.</summary>
    public void WriteElements(BsonDoc document) => RawElement(document.ElementBytes);

    /// <summary>Closes the outermost document and returns a copy of it that owns its bytes.</summary>
    public BsonDoc ToDocument()
    {
        if (_depth != 1)
        {
            throw new InvalidOperationException($"{_depth - 1} inner documents are still open");
        }
        Close();
        return BsonDoc.Wrap(_buffer.AsSpan(0, _position).ToArray());
    }

    /// <summary>Closes the outermost document and returns its bytes, valid until the next call on this writer.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        if (_depth != 1)
        {
            throw new InvalidOperationException($"{_depth - 1} inner documents are still open");
        }
        Close();
        return _buffer.AsSpan(0, _position);
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Open()
    {
        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, _depth * 2);
        }
        _open[_depth++] = _position;
        Reserve(4);
    }

    private void Close()
    {
        Reserve(1)[0] = 0;
        int start = _open[--_depth];
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), _position - start);
    }

    private void Header(BsonType type, ReadOnlySpan<byte> nameUtf8)
    {
        Span<byte> space = Reserve(nameUtf8.Length + 2);
        space[0] = (byte)type;
        nameUtf8.CopyTo(space[1..]);
        space[^1] = 0;
    }

    private void Header(BsonType type, string name)
    {
        int length = Encoding.UTF8.GetByteCount(name);
        Span<byte> space = Reserve(length + 2);
        space[0] = (byte)type;
        Encoding.UTF8.GetBytes(name, space[1..]);
        space[^1] = 0;
    }

    private void Payload(BsonValue value)
    {
        ReadOnlySpan<byte> raw = value.RawSlice;
        if (!raw.IsEmpty)
        {
            raw.CopyTo(Reserve(raw.Length));
            return;
        }
        value.CopyPayload(Reserve(value.PayloadLength));
    }

    private Span<byte> Reserve(int size)
    {
        int start = _position;
        int end = checked(start + size);
        if (end > _buffer.Length)
        {
            Grow(end);
        }
        _position = end;
        return _buffer.AsSpan(start, size);
    }

    private void Grow(int needed)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (int)Math.Min(_buffer.Length * 2L, Array.MaxLength)));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
