using System.Buffers;
using System.Net.Sockets;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Commands;
using MongoDB.Embedded.Diagnostics;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Wire;

/// <summary>
/// One client: reads a message, runs its command, writes the reply, on one thread with blocking calls, which for small requests
/// is three times as fast as awaited sockets (docs/decisions/0001-storage-engine.md).
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int SmallBuffer = 8 << 10;

    /// <summary>Replies up to this size are joined with their header and sent with one call.</summary>
    private const int JoinedReply = 64 << 10;

    /// <summary>A message that has begun to arrive, and a reply, may stop for this long.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly CommandDispatcher _dispatcher;
    private readonly ServerLog _log;
    private readonly BsonWriter _reply = new(1024);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private byte[] _send = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private int _received;
    private int _nextReplyId;
    private int _closed;

    public Connection(Socket socket, ClientState client, CommandDispatcher dispatcher, ServerLog log)
    {
        _socket = socket;
        _dispatcher = dispatcher;
        _log = log;
        Client = client;
        socket.NoDelay = true;
        socket.SendTimeout = (int)StallTimeout.TotalMilliseconds;
        // A peer that vanished without a word is noticed within two minutes.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    public ClientState Client { get; }

    /// <summary>Serves the client until it leaves, breaks the protocol, or <see cref="Abort"/> is called.</summary>
    public void Run()
    {
        try
        {
            while (ReadMessage() is MessageHeader header)
            {
                Handle(header);
                Consume(header.Length);
            }
        }
        catch (WireException e)
        {
            _log.Warning("NETWORK", 22988, "Closing connection: protocol violation", ("remote", Client.Remote), ("reason", e.Message));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (Volatile.Read(ref _closed) == 0)
            {
                _log.Info("NETWORK", 22989, "Connection lost", ("remote", Client.Remote), ("reason", e.Message));
            }
        }
        catch (Exception e)
        {
            // A fault of this server: it costs this connection and not the process.
            _log.Error("NETWORK", 22991, "Closing connection: unexpected error", ("remote", Client.Remote), ("error", e.ToString()));
        }
    }

    /// <summary>Ends the connection from another thread: its blocking call returns.</summary>
    public void Abort()
    {
        Interlocked.Exchange(ref _closed, 1);
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer, or the connection's own thread, was faster: it is closed already.
            _log.Info("NETWORK", 22990, "Connection was closed already", ("remote", Client.Remote), ("reason", e.Message));
        }
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _closed, 1);
        _socket.Dispose();
        _reply.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<byte>.Shared.Return(_send);
        _buffer = [];
        _send = [];
    }

    private void Handle(MessageHeader header)
    {
        switch (header.OpCode)
        {
            case OpCode.Msg:
                HandleMsg(header);
                break;
            case OpCode.Query:
                HandleQuery(header);
                break;
            case OpCode.Compressed:
                throw new WireException("OP_COMPRESSED was sent although no compressor was negotiated");
            default:
                throw new WireException($"unknown or retired opcode {(int)header.OpCode}");
        }
    }

    private void HandleMsg(MessageHeader header)
    {
        OpMsg message;
        try
        {
            message = OpMsg.Parse(_buffer, 0, header.Length);
        }
        catch (MongoError e)
        {
            // The frame's ends are known, so the connection is in step: answer and go on.
            CommandDispatcher.WriteError(_reply, e);
            SendMsg(header.RequestId, MsgFlags.None);
            return;
        }
        CommandResult result = _dispatcher.Run(Client, message, _reply);
        if (message.MoreToCome)
        {
            return;
        }
        if (result.Await is not AwaitableHello wait)
        {
            SendMsg(header.RequestId, MsgFlags.None);
            return;
        }
        Await(header, message, wait);
    }

    /// <summary>
    /// Answers a hello that waits for the topology to change, which on a standalone it never does, so always after the time that
    /// the client gave; with exhaustAllowed one answer follows the other until the client leaves.
    /// </summary>
    private void Await(MessageHeader header, OpMsg message, AwaitableHello wait)
    {
        int responseTo = header.RequestId;
        bool stream = message.ExhaustAllowed;
        bool immediately = wait.Immediately;
        while (true)
        {
            // Readable means data or the end of the stream: either way the wait is over, and the next read finds out which.
            bool interrupted = !immediately && _socket.Poll(wait.MaxAwait, SelectMode.SelectRead);
            if (interrupted && _socket.Available == 0)
            {
                return;
            }
            stream &= !interrupted;
            immediately = false;
            _dispatcher.WriteHello(Client, message.Body, _reply);
            int id = SendMsg(responseTo, stream ? MsgFlags.MoreToCome : MsgFlags.None);
            if (!stream)
            {
                return;
            }
            responseTo = id;
        }
    }

    private void HandleQuery(MessageHeader header)
    {
        (string database, BsonDoc command) = OpQuery.Parse(_buffer, 0, header.Length);
        _dispatcher.RunLegacy(Client, database, command, _reply);
        ReadOnlySpan<byte> document = _reply.Finish();
        EnsureSend(OpQuery.ReplyPrefix + document.Length);
        OpQuery.WriteReplyPrefix(_send, ++_nextReplyId, header.RequestId, document.Length);
        document.CopyTo(_send.AsSpan(OpQuery.ReplyPrefix));
        SendAll(_send.AsSpan(0, OpQuery.ReplyPrefix + document.Length));
    }

    private int SendMsg(int responseTo, MsgFlags flags)
    {
        const int Prefix = MessageHeader.Size + 5;
        ReadOnlySpan<byte> document = _reply.Finish();
        int total = Prefix + document.Length;
        bool joined = total <= JoinedReply;
        EnsureSend(joined ? total : Prefix);
        int id = ++_nextReplyId;
        new MessageHeader(total, id, responseTo, OpCode.Msg).Write(_send);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(_send.AsSpan(MessageHeader.Size), (uint)flags);
        _send[Prefix - 1] = 0;
        if (joined)
        {
            document.CopyTo(_send.AsSpan(Prefix));
            SendAll(_send.AsSpan(0, total));
        }
        else
        {
            SendAll(_send.AsSpan(0, Prefix));
            SendAll(document);
        }
        return id;
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private void EnsureSend(int size)
    {
        if (_send.Length < size)
        {
            ArrayPool<byte>.Shared.Return(_send);
            _send = ArrayPool<byte>.Shared.Rent(size);
        }
    }

    /// <summary>Returns when the buffer holds a whole message; null at the end of the stream.</summary>
    private MessageHeader? ReadMessage()
    {
        if (_received == 0 && !Receive())
        {
            return null;
        }
        MessageHeader header = default;
        bool stalling = false;
        try
        {
            while (true)
            {
                if (_received >= MessageHeader.Size)
                {
                    header = MessageHeader.Read(_buffer);
                    CheckLength(header);
                    if (_received >= header.Length)
                    {
                        return header;
                    }
                }
                if (!stalling)
                {
                    stalling = true;
                    _socket.ReceiveTimeout = (int)StallTimeout.TotalMilliseconds;
                }
                // Grows with what arrives, not with what the header announces.
                if (_received == _buffer.Length)
                {
                    Grow(Math.Min(_received * 4, Math.Max(header.Length, _received + MessageHeader.Size)));
                }
                if (!Receive())
                {
                    throw new WireException($"connection ended in the middle of a message, {_received} bytes into it");
                }
            }
        }
        finally
        {
            if (stalling && Volatile.Read(ref _closed) == 0)
            {
                _socket.ReceiveTimeout = 0;
            }
        }
    }

    private void CheckLength(MessageHeader header)
    {
        int limit = Client.MayCommand ? MessageHeader.MaxMessageSize : MessageHeader.MaxUnauthenticatedSize;
        if (header.Length < MessageHeader.Size || header.Length > limit)
        {
            throw new WireException($"message length {header.Length} is not between {MessageHeader.Size} and {limit}");
        }
    }

    private bool Receive()
    {
        int count = _socket.Receive(_buffer.AsSpan(_received));
        _received += count;
        return count > 0;
    }

    private void Consume(int length)
    {
        _received -= length;
        _buffer.AsSpan(length, _received).CopyTo(_buffer);
        if (_buffer.Length > JoinedReply && _received <= SmallBuffer)
        {
            byte[] small = ArrayPool<byte>.Shared.Rent(SmallBuffer);
            _buffer.AsSpan(0, _received).CopyTo(small);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = small;
        }
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _received).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
