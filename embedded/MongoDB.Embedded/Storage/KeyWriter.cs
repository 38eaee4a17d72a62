using System.Buffers;
using System.Buffers.Binary;

namespace MongoDB.Embedded.Storage;

/// <summary>Appends bytes to a buffer that starts on the stack and moves to the array pool when it grows.</summary>
internal ref struct KeyWriter
{
    private Span<byte> _span;
    private byte[]? _rented;
    private int _position;

    /// <param name="scratch">Where the key is built while it fits.</param>
    public KeyWriter(Span<byte> scratch) => _span = scratch;

    public readonly int Length => _position;

    public readonly ReadOnlySpan<byte> Written => _span[.._position];

    /// <summary>The bytes written from <paramref name="start"/> on, to be changed in place.</summary>
    public readonly Span<byte> From(int start) => _span[start.._position];

    public void Truncate(int length) => _position = length;

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    public Span<byte> Reserve(int size)
    {
        int start = _position;
        if (size > _span.Length - start)
        {
            Grow(start + size);
        }
        _position = start + size;
        return _span.Slice(start, size);
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _span.Length * 2));
        Written.CopyTo(larger);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
        _rented = larger;
        _span = larger;
    }
}
