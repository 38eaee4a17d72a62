using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace RvkApp.Tests.Lambda;

/// <summary>A command as it was sent to MongoDB.</summary>
/// <param name="Name">The command.</param>
/// <param name="Body">Its document.</param>
/// <param name="AllowsExhaust">Whether the server may answer it more than once (OP_MSG's flag <c>exhaustAllowed</c>).</param>
internal sealed record WireCommand(string Name, BsonDocument Body, bool AllowsExhaust)
{
    /// <summary>Whether it asks whether the server is there and what it is.</summary>
    public bool IsHello => Name is "hello" or "isMaster" or "ismaster";

    /// <summary>Whether the server is to answer only when something has changed.</summary>
    public bool IsAwaitable => Body.Contains("topologyVersion") || Body.Contains("maxAwaitTimeMS");
}

/// <summary>
/// A TCP proxy before MongoDB that reads along: what a driver really sends
/// (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/).
/// </summary>
internal sealed class WireProxy : IAsyncDisposable
{
    private const int HeaderLength = 16;
    private const int MaximumMessage = 48_000_000;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const int MoreToCome = 1 << 1;
    private const int ExhaustAllowed = 1 << 16;

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<WireCommand> _commands = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private volatile TaskCompletionSource _replies = Open();
    private volatile int _target;
    private int _streamedReplies;

    /// <param name="target">MongoDB's port.</param>
    public WireProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public int Port { get; }

    /// <summary>Where new connections go.</summary>
    public int Target
    {
        set => _target = value;
    }

    /// <summary>Every command that was sent so far.</summary>
    public IReadOnlyList<WireCommand> Commands => [.. _commands];

    /// <summary>How many replies were followed by another one that nobody had asked for.</summary>
    public int StreamedReplies => Volatile.Read(ref _streamedReplies);

    /// <summary>Keeps replies back from now on.</summary>
    public void HoldReplies() => _replies = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets go of those that were kept back, and of all that follow.</summary>
    public void ReleaseReplies() => _replies.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        ReleaseReplies();
        await _accepting.WaitAsync(StopDeadline);
        await Task.WhenAll(_connections).WaitAsync(StopDeadline);
        _stopping.Dispose();
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException && _stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, ending.Token);
                client.NoDelay = server.NoDelay = true;
                var requests = PumpAsync(client.GetStream(), server.GetStream(), RecordRequest, hold: false, ending.Token);
                var replies = PumpAsync(server.GetStream(), client.GetStream(), RecordReply, hold: true, ending.Token);
                await Task.WhenAny(requests, replies);
                await ending.CancelAsync();
                await Task.WhenAll(requests, replies);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side has ended the connection, so the other one ends too.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Action<ReadOnlyMemory<byte>> record, bool hold, CancellationToken ending)
    {
        var header = new byte[HeaderLength];
        while (true)
        {
            await from.ReadExactlyAsync(header, ending);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            Assert.InRange(length, HeaderLength, MaximumMessage);
            var message = new byte[length];
            header.CopyTo(message, 0);
            await from.ReadExactlyAsync(message.AsMemory(HeaderLength), ending);
            record(message);
            if (hold)
            {
                await _replies.Task.WaitAsync(ending);
            }

            await to.WriteAsync(message, ending);
        }
    }

    private void RecordRequest(ReadOnlyMemory<byte> message)
    {
        switch (Opcode(message))
        {
            // Flags, then sections; the first is the command's document (kind 0).
            case OpMsg:
                Assert.Equal(0, message.Span[HeaderLength + 4]);
                Record(message[(HeaderLength + 5)..], (Flags(message) & ExhaustAllowed) != 0);
                break;
            // Flags, name of the collection, two numbers, document: only the handshake is sent so.
            case OpQuery:
                var name = message[(HeaderLength + 4)..];
                var end = name.Span.IndexOf((byte)0);
                Assert.Equal("admin.$cmd", Encoding.UTF8.GetString(name.Span[..end]));
                Record(name[(end + 1 + 8)..], allowsExhaust: false);
                break;
            case var opcode:
                Assert.Fail($"The driver sent a message with opcode {opcode}.");
                break;
        }
    }

    private void RecordReply(ReadOnlyMemory<byte> message)
    {
        if (Opcode(message) == OpMsg && (Flags(message) & MoreToCome) != 0)
        {
            Interlocked.Increment(ref _streamedReplies);
        }
    }

    private void Record(ReadOnlyMemory<byte> document, bool allowsExhaust)
    {
        using var reader = new BsonBinaryReader(new MemoryStream(document.ToArray()));
        var body = BsonDocumentSerializer.Instance.Deserialize(BsonDeserializationContext.CreateRoot(reader));
        _commands.Enqueue(new WireCommand(body.GetElement(0).Name, body, allowsExhaust));
    }

    private static int Opcode(ReadOnlyMemory<byte> message) => BinaryPrimitives.ReadInt32LittleEndian(message.Span[12..]);

    private static int Flags(ReadOnlyMemory<byte> message) => BinaryPrimitives.ReadInt32LittleEndian(message.Span[HeaderLength..]);
}
