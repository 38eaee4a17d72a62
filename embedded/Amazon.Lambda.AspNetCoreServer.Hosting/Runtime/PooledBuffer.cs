using System.Buffers;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>
/// Bytes in one growing array of the shared pool. One belongs to the server and is used for one invocation after the other, so that the array is
/// rented once and not for each.
/// </summary>
internal sealed class PooledBuffer(int initialCapacity) : IBufferWriter<byte>, IDisposable
{
    // What is kept for the next invocation; one exceptional response must not occupy memory for good.
    private const int KeptCapacity = 1024 * 1024;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(initialCapacity);

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written, until the next write, reset or disposal.</summary>
    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>What was written, for changing it in place.</summary>
    public Span<byte> WrittenSpan => _array.AsSpan(0, Length);

    /// <summary>The array behind it, for APIs that take no memory.</summary>
    public byte[] Array => _array;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _array.AsSpan(Length);
    }

    /// <summary>Shortens it.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    /// <summary>Empties it for the next use.</summary>
    public void Reset()
    {
        Length = 0;
        if (_array.Length > KeptCapacity)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = ArrayPool<byte>.Shared.Rent(initialCapacity);
        }
    }

    public void Dispose()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
            Length = 0;
        }
    }

    private void Ensure(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (needed <= _array.Length - Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + needed), checked(_array.Length * 2)));
        _array.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
