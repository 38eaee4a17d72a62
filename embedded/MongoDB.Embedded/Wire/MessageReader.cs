using System.Buffers;
using System.Net.Sockets;

namespace MongoDB.Embedded.Wire;

/// <summary>
/// Reads whole messages from a socket into one buffer, which grows with what arrives, not with what a header announces, and
/// shrinks again behind a large message.
/// </summary>
internal sealed class MessageReader(Socket socket) : IDisposable
{
    private const int SmallBuffer = 8 << 10;
    private const int KeptBuffer = 64 << 10;

    /// <summary>A message that has begun to arrive, and a reply, may stop for this long.</summary>
    public static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    private int _received;

    /// <summary>Starts with the message that <see cref="Read"/> returned.</summary>
    public byte[] Buffer { get; private set; } = ArrayPool<byte>.Shared.Rent(SmallBuffer);

    /// <summary>Returns when the buffer holds a whole message; null at the end of the stream.</summary>
    /// <param name="maxLength">Bytes of a message that are accepted.</param>
    /// <exception cref="WireException">An impossible length, or the stream ended inside a message.</exception>
    /// <exception cref="SocketException">The connection broke, or the peer stopped inside a message.</exception>
    public MessageHeader? Read(int maxLength)
    {
        if (_received == 0 && !Receive())
        {
            return null;
        }
        if (Whole(maxLength) is MessageHeader whole)
        {
            return whole;
        }
        socket.ReceiveTimeout = (int)StallTimeout.TotalMilliseconds;
        while (true)
        {
            if (_received == Buffer.Length)
            {
                int announced = MessageHeader.Read(Buffer).Length;
                Resize(Math.Min(_received * 4, Math.Max(announced, _received + MessageHeader.Size)));
            }
            if (!Receive())
            {
                throw new WireException($"connection ended in the middle of a message, {_received} bytes into it");
            }
            if (Whole(maxLength) is MessageHeader header)
            {
                socket.ReceiveTimeout = 0;
                return header;
            }
        }
    }

    /// <summary>Drops the message in front; what arrived behind it stays.</summary>
    public void Consume(int length)
    {
        _received -= length;
        Buffer.AsSpan(length, _received).CopyTo(Buffer);
        if (Buffer.Length > KeptBuffer && _received <= SmallBuffer)
        {
            Resize(SmallBuffer);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(Buffer);
        Buffer = [];
    }

    private MessageHeader? Whole(int maxLength)
    {
        if (_received < MessageHeader.Size)
        {
            return null;
        }
        MessageHeader header = MessageHeader.Read(Buffer);
        if (header.Length < MessageHeader.Size || header.Length > maxLength)
        {
            throw new WireException($"message length {header.Length} is not between {MessageHeader.Size} and {maxLength}");
        }
        return _received >= header.Length ? header : null;
    }

    private bool Receive()
    {
        int count = socket.Receive(Buffer.AsSpan(_received));
        _received += count;
        return count > 0;
    }

    private void Resize(int size)
    {
        byte[] other = ArrayPool<byte>.Shared.Rent(size);
        Buffer.AsSpan(0, _received).CopyTo(other);
        ArrayPool<byte>.Shared.Return(Buffer);
        Buffer = other;
    }
}
