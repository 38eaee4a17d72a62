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
    private const int SendBuffer = 8 << 10;

    /// <summary>The reply's buffer is given back when it grew beyond this.</summary>
    private const int KeptReply = 256 << 10;

    /// <summary>Replies up to this size are joined with their header and sent with one call.</summary>
    private const int JoinedReply = 64 << 10;

    private readonly Socket _socket;
    private readonly CommandDispatcher _dispatcher;
    private readonly ServerLog _log;
    private readonly NetworkCounters _traffic;
    private readonly MessageReader _reader;
    private BsonWriter _reply = new(1024);
    private byte[] _send = ArrayPool<byte>.Shared.Rent(SendBuffer);
    private int _nextReplyId;
    private int _closed;

    public Connection(Socket socket, ClientState client, CommandDispatcher dispatcher, ServerLog log, NetworkCounters traffic)
    {
        _socket = socket;
        _dispatcher = dispatcher;
        _log = log;
        _traffic = traffic;
        _reader = new MessageReader(socket);
        Client = client;
        socket.NoDelay = true;
        socket.SendTimeout = (int)MessageReader.StallTimeout.TotalMilliseconds;
        // A peer that vanished without a word is noticed within two minutes.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    public ClientState Client { get; }

    private int MaxMessageSize => Client.MayCommand ? MessageHeader.MaxMessageSize : MessageHeader.MaxUnauthenticatedSize;

    /// <summary>Serves the client until it leaves, breaks the protocol, or <see cref="Abort"/> is called.</summary>
    public void Run()
    {
        try
        {
            while (_reader.Read(MaxMessageSize) is MessageHeader header)
            {
                _traffic.Received(header.Length);
                Handle(header);
                _reader.Consume(header.Length);
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
        _reader.Dispose();
        ArrayPool<byte>.Shared.Return(_send);
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
            message = OpMsg.Parse(_reader.Buffer, 0, header.Length);
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
        (string database, BsonDoc command) = OpQuery.Parse(_reader.Buffer, 0, header.Length);
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
        if (document.Length > KeptReply)
        {
            _reply.Dispose();
            _reply = new BsonWriter(1024);
        }
        return id;
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = _socket.Send(bytes);
            _traffic.Sent(sent);
            bytes = bytes[sent..];
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
}
