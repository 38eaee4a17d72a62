using System.Net.Sockets;
using MongoDB.Embedded.Commands;
using MongoDB.Embedded.Diagnostics;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Wire;

namespace MongoDB.Embedded;

/// <summary>The address to listen on is taken, or not one of this machine.</summary>
internal sealed class AddressInUseException(string message, Exception inner) : Exception(message, inner)
{
    public const int ExitCode = 48;
}

/// <summary>A running server: data directory, listener, upkeep. Disposing it stops it cleanly.</summary>
internal sealed class EmbeddedServer : IDisposable
{
    private readonly StorageEngine _engine;
    private readonly ServerState _state;
    private readonly Listener _listener;
    private readonly TtlMonitor _ttl;
    private readonly ServerLog _log;
    private int _stopped;

    private EmbeddedServer(StorageEngine engine, ServerState state, Listener listener, TtlMonitor ttl, ServerLog log)
    {
        _engine = engine;
        _state = state;
        _listener = listener;
        _ttl = ttl;
        _log = log;
    }

    /// <summary>The port that is listened on.</summary>
    public int Port => _listener.Port;

    public StorageEngine Engine => _engine;

    public ServerState State => _state;

    /// <exception cref="DataDirectoryException">The data directory cannot be used.</exception>
    /// <exception cref="AddressInUseException">The address cannot be listened on.</exception>
    public static EmbeddedServer Start(ServerOptions options, ServerLog log)
    {
        log.Info(
            "CONTROL", 4615611, "MongoDB.Embedded starting", ("pid", Environment.ProcessId), ("port", options.Port), ("dbPath", options.DbPath),
            ("version", ServerInfo.ProductVersion), ("compatibility", ServerInfo.Version), ("auth", options.Auth));
        StorageEngine engine = StorageEngine.Open(options.DbPath, (long)options.CacheSizeMB << 20, (long)options.WriteBufferSizeMB << 20, log);
        var state = new ServerState(options, engine, log);
        try
        {
            if (options.Auth || options.RootUser is not null)
            {
                state.Users.EnsureRoot(options.RootUser, options.RootPassword);
            }
            Listener listener = Listen(state);
            state.Network = () => (listener.Port, listener.Count);
            var ttl = new TtlMonitor(engine, options.TtlInterval, log, () => CloseIdleCursors(state));
            var server = new EmbeddedServer(engine, state, listener, ttl, log);
            listener.Start();
            ttl.Start();
            log.Info("NETWORK", 23016, "Waiting for connections", ("port", listener.Port), ("address", options.BindIp), ("ssl", "off"));
            return server;
        }
        catch
        {
            state.Dispose();
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Ends connections and operations, within the options' deadline, and closes the store.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }
        _log.Info("CONTROL", 4784900, "Stopping", ("connections", _listener.Count));
        _state.BeginShutdown();
        int busy = _listener.Stop(_state.Options.ShutdownTimeout);
        if (busy > 0)
        {
            _log.Warning("CONTROL", 4784901, "Connections did not end in time", ("connections", busy));
        }
        _ttl.Dispose();
        _state.Cursors.KillAll();
        if (busy > 0)
        {
            // What still runs would find the store gone under it. Everything acknowledged is in the log.
            _engine.Abandon();
        }
        _engine.Dispose();
        _listener.Dispose();
        _state.Dispose();
        _log.Info("CONTROL", 23138, "Stopped");
    }

    private static Listener Listen(ServerState state)
    {
        try
        {
            return new Listener(state, new CommandDispatcher(state));
        }
        catch (SocketException e)
        {
            ServerOptions options = state.Options;
            throw new AddressInUseException(
                e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {options.Port} on {options.BindIp} is in use by another process; stop that one or choose another --port (0 for any free one)."
                    : $"Cannot listen on {options.BindIp} port {options.Port} ({e.Message}); choose another --bind_ip or --port.",
                e);
        }
    }

    private static void CloseIdleCursors(ServerState state)
    {
        int closed = state.Cursors.KillIdle();
        if (closed > 0)
        {
            state.Log.Info("QUERY", 20529, "Closed idle cursors", ("count", closed));
        }
    }
}
