using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>
/// One HTTP/1.1 connection (RFC 9112) to the Runtime API, which is on the same machine. It blocks the thread that uses it: that is the loop's own, which
/// has nothing else to do, and waking it takes one system call less and no change of threads (docs/decisions/0042-runtime-api-client.md).
/// </summary>
/// <remarks>What the server sends is not trusted: head, chunk lines and body are bounded, and what could be understood in two ways is an error.</remarks>
internal sealed class RuntimeApiConnection(string host, int port, TimeSpan connectTimeout, TimeSpan ioTimeout) : IDisposable
{
    /// <summary>The largest head of a response, in bytes: as long as the buffer.</summary>
    public const int MaximumHead = 16 * 1024;

    private const int MaximumChunkLine = 1024;
    private const int MaximumTrailers = 8 * 1024;
    private const int MaximumInterim = 8;

    private readonly byte[] _buffer = new byte[MaximumHead];
    private Socket? _socket;
    private int _start;
    private int _end;
    private int _headStart;
    private int _headEnd;
    private ResponseHead _head;
    private long _deadline;

    /// <summary>
    /// Whether there is a connection for another request, as far as is known: the server may have closed it. One on which it has sent more than it was asked
    /// for is none.
    /// </summary>
    public bool IsOpen => _socket is not null && _start == _end;

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">It cannot, or not in time.</exception>
    public void Open()
    {
        Close();
        try
        {
            SocketException? last = null;
            foreach (var address in IPAddress.TryParse(host, out var literal) ? [literal] : Dns.GetHostAddresses(host))
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    // There is no other way to bound a connect that blocks.
                    using (new Timer(static state => ((Socket)state!).Dispose(), socket, connectTimeout, Timeout.InfiniteTimeSpan))
                    {
                        socket.Connect(address, port);
                    }

                    socket.SendTimeout = socket.ReceiveTimeout = (int)ioTimeout.TotalMilliseconds;
                    _start = _end = 0;
                    _socket = socket;
                    // From here on Interrupt reaches it: who asks now whether to give up misses nothing.
                    Interlocked.MemoryBarrier();
                    return;
                }
                catch (SocketException exception)
                {
                    socket.Dispose();
                    last = exception;
                }
                catch (ObjectDisposedException)
                {
                    last = new SocketException((int)SocketError.TimedOut);
                }
            }

            throw last ?? new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException exception)
        {
            throw new IOException($"{host}:{port} cannot be connected to: {exception.Message}", exception);
        }
    }

    /// <summary>Sends bytes of a request.</summary>
    /// <exception cref="ConnectionClosedException">The server has closed the connection.</exception>
    /// <exception cref="IOException">It takes them too slowly.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            try
            {
                bytes = bytes[_socket!.Send(bytes)..];
            }
            catch (SocketException exception)
            {
                throw Failure(exception);
            }
        }
    }

    /// <summary>Reads the head of a response.</summary>
    /// <param name="waits">Whether the first byte may take any time; otherwise it has to come within the timeout, as all others do.</param>
    /// <returns>The status.</returns>
    /// <exception cref="ConnectionClosedException">The server has closed the connection before it answered.</exception>
    /// <exception cref="IOException">It answers too slowly, or not as HTTP.</exception>
    public int ReadHead(bool waits)
    {
        _deadline = long.MaxValue;
        for (var interim = 0; interim <= MaximumInterim; interim++)
        {
            if (_end == _start)
            {
                Fill(waits);
            }

            // From its first byte on a response has to come within the timeout as a whole, not only each piece of it.
            _deadline = Environment.TickCount64 + (long)ioTimeout.TotalMilliseconds;
            int length;
            while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
            {
                Fill(waits: false);
            }

            _headStart = _start;
            _headEnd = _start + length + 2;
            _start = _headEnd + 2;
            _head = ResponseHead.Parse(_buffer.AsSpan(_headStart, _headEnd - _headStart));
            if (_head.Status >= 200)
            {
                return _head.Status;
            }
        }

        throw new IOException($"the response comes after more than {MaximumInterim} interim ones.");
    }

    /// <summary>A header of the last head, until the body is read; empty when it has none.</summary>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name) => ResponseHead.Header(_buffer.AsSpan(_headStart, _headEnd - _headStart), name);

    /// <summary>Reads the body of the last head.</summary>
    /// <param name="body">Gets it; what is in it stays.</param>
    /// <param name="maximum">How many bytes it may have.</param>
    /// <exception cref="IOException">It has more, comes too slowly, or not as HTTP.</exception>
    public void ReadBody(PooledBuffer body, int maximum)
    {
        if (_head.IsChunked)
        {
            ReadChunks(body, maximum);
        }
        else if (_head.ContentLength >= 0)
        {
            ReadBytes(body, _head.ContentLength, maximum);
        }
        else
        {
            ReadToEnd(body, maximum);
        }

        if (_head.IsLast)
        {
            Close();
        }
    }

    /// <summary>Has the thread that waits for a response go on, with an error. Any thread may call it.</summary>
    public void Interrupt()
    {
        try
        {
            _socket?.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed, so nobody waits.
        }
    }

    /// <summary>Closes the connection; the next request needs another.</summary>
    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => Close();

    private void ReadChunks(PooledBuffer body, int maximum)
    {
        while (true)
        {
            // 1f4;extension
            var line = ReadLine(MaximumChunkLine);
            var end = line.IndexOf((byte)';');
            var size = (end < 0 ? line : line[..end]).TrimEnd(" \t"u8);
            if (size.Length is 0 or > 8 || !Utf8Parser.TryParse(size, out int length, out var read, 'x') || read != size.Length || length < 0)
            {
                throw new IOException("the response has a malformed chunk.");
            }

            if (length == 0)
            {
                break;
            }

            ReadBytes(body, length, maximum);
            if (!ReadLine(2).IsEmpty)
            {
                throw new IOException("the response has a chunk that is longer than it says.");
            }
        }

        for (var trailers = 0; ;)
        {
            var line = ReadLine(MaximumTrailers);
            if (line.IsEmpty)
            {
                return;
            }

            trailers += line.Length;
            if (trailers > MaximumTrailers)
            {
                throw new IOException($"the response has trailers of more than {MaximumTrailers} bytes.");
            }
        }
    }

    private ReadOnlySpan<byte> ReadLine(int maximum)
    {
        while (true)
        {
            var available = _buffer.AsSpan(_start, _end - _start);
            var length = available.IndexOf("\r\n"u8);
            if (length >= 0 && length <= maximum)
            {
                _start += length + 2;
                return available[..length];
            }

            if (available.Length > maximum + 1)
            {
                throw new IOException($"the response has a line of more than {maximum} bytes between its chunks.");
            }

            Fill(waits: false);
        }
    }

    private void ReadBytes(PooledBuffer body, long length, int maximum)
    {
        if (length > maximum - body.Length)
        {
            throw TooLarge(maximum);
        }

        var available = (int)Math.Min(length, _end - _start);
        _buffer.AsSpan(_start, available).CopyTo(body.GetSpan((int)length));
        body.Advance(available);
        _start += available;
        for (var rest = (int)length - available; rest > 0;)
        {
            var read = Receive(body.GetSpan(rest)[..rest]);
            body.Advance(read);
            rest -= read;
        }
    }

    private void ReadToEnd(PooledBuffer body, int maximum)
    {
        ReadBytes(body, _end - _start, maximum);
        try
        {
            while (true)
            {
                body.Advance(Receive(body.GetSpan(4096)));
                if (body.Length > maximum)
                {
                    throw TooLarge(maximum);
                }
            }
        }
        catch (ConnectionClosedException exception) when (exception.InnerException is null)
        {
            // The end of the body.
        }
    }

    private static IOException TooLarge(int maximum) => new($"the response has more than {maximum} bytes.");

    private void Fill(bool waits)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            throw new IOException($"the response has a head of more than {MaximumHead} bytes.");
        }

        _end += Receive(_buffer.AsSpan(_end), waits);
    }

    private int Receive(Span<byte> buffer, bool waits = false)
    {
        if (Environment.TickCount64 > _deadline)
        {
            throw new IOException($"the response takes longer than {ioTimeout}.");
        }

        while (true)
        {
            try
            {
                return _socket!.Receive(buffer) is > 0 and var read ? read : throw new ConnectionClosedException("the connection was closed.");
            }
            catch (SocketException exception) when (waits && exception.SocketErrorCode == SocketError.TimedOut)
            {
                // Nothing happens for as long as nobody invokes the function, or the process is frozen.
            }
            catch (SocketException exception)
            {
                throw Failure(exception);
            }
        }
    }

    private static IOException Failure(SocketException exception)
        => exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NotConnected
            ? new ConnectionClosedException(exception.Message, exception)
            : new IOException(exception.Message, exception);
}

/// <summary>The server has closed the connection.</summary>
internal sealed class ConnectionClosedException(string message, Exception? inner = null) : IOException(message, inner);
