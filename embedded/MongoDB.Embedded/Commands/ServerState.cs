using System.Diagnostics;
using MongoDB.Embedded.Auth;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Diagnostics;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Commands;

/// <summary>What all connections share.</summary>
internal sealed class ServerState : IDisposable
{
    private readonly CancellationTokenSource _shutdown = new();
    private long _connections;

    public ServerState(ServerOptions options, StorageEngine engine, ServerLog log)
    {
        Options = options;
        Engine = engine;
        Log = log;
        Users = new UserStore(engine, log);
        Cursors = new CursorRegistry(options.MaxCursors, options.CursorTimeout);
    }

    public ServerOptions Options { get; }

    public StorageEngine Engine { get; }

    public ServerLog Log { get; }

    public UserStore Users { get; }

    public CursorRegistry Cursors { get; }

    public OperationCounters Counters { get; } = new();

    public NetworkCounters Traffic { get; } = new();

    /// <summary>Identifies this run of the process in topologyVersion.</summary>
    public ObjectId ProcessId { get; } = ObjectId.NewId();

    public DateTime StartTime { get; } = DateTime.UtcNow;

    public Stopwatch Uptime { get; } = Stopwatch.StartNew();

    /// <summary>The port that is listened on, and the connections open now; set once the listener exists.</summary>
    public Func<(int Port, int Connections)> Network { get; set; } = () => (0, 0);

    /// <summary>Cancelled when the server stops: operations under way end with error 11600.</summary>
    public CancellationToken Shutdown => _shutdown.Token;

    public long TotalConnections => Interlocked.Read(ref _connections);

    public ClientState NewClient(string remote) => new(Interlocked.Increment(ref _connections), remote, Options.Auth);

    public void BeginShutdown() => _shutdown.Cancel();

    public void Dispose() => _shutdown.Dispose();
}

/// <summary>Operations since the start, as serverStatus shows them.</summary>
internal sealed class OperationCounters
{
    private long _insert;
    private long _query;
    private long _update;
    private long _delete;
    private long _getMore;
    private long _command;

    public long Inserts => Interlocked.Read(ref _insert);

    public long Queries => Interlocked.Read(ref _query);

    public long Updates => Interlocked.Read(ref _update);

    public long Deletes => Interlocked.Read(ref _delete);

    public long GetMores => Interlocked.Read(ref _getMore);

    public long Commands => Interlocked.Read(ref _command);

    /// <summary>
    /// <para><paramref name="documents"/>: Statements in the command; each counts.</para>
    /// </summary>
    public void Count(string command, int documents)
    {
        switch (command)
        {
            case "insert":
                Interlocked.Add(ref _insert, documents);
                break;
            case "update":
                Interlocked.Add(ref _update, documents);
                break;
            case "delete":
                Interlocked.Add(ref _delete, documents);
                break;
            case "find":
                Interlocked.Increment(ref _query);
                break;
            case "getMore":
                Interlocked.Increment(ref _getMore);
                break;
            default:
                Interlocked.Increment(ref _command);
                break;
        }
    }
}

/// <summary>Messages and their bytes since the start, as serverStatus shows them.</summary>
internal sealed class NetworkCounters
{
    private long _requests;
    private long _received;
    private long _sent;

    public long Requests => Interlocked.Read(ref _requests);

    public long BytesReceived => Interlocked.Read(ref _received);

    public long BytesSent => Interlocked.Read(ref _sent);

    /// <summary>A message has come.</summary>
    public void Received(int bytes)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _received, bytes);
    }

    /// <summary>Bytes were handed to the system.</summary>
    public void Sent(int bytes) => Interlocked.Add(ref _sent, bytes);
}
