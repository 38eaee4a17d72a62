using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MongoDB.Embedded.Commands;
using MongoDB.Embedded.Diagnostics;

namespace MongoDB.Embedded.Wire;

/// <summary>Accepts connections and gives each a thread of its own, up to a limit.</summary>
internal sealed class Listener : IDisposable
{
    /// <summary>Documents nest 100 levels, filters and expressions a little deeper: each level is a few hundred bytes of stack.</summary>
    private const int StackSize = 1 << 20;

    private readonly Socket _socket;
    private readonly ServerState _server;
    private readonly CommandDispatcher _dispatcher;
    private readonly ConcurrentDictionary<long, (Connection Connection, Thread Thread)> _connections = new();
    private readonly Thread _thread;
    private int _stopping;

    /// <exception cref="SocketException">The address is in use, or not one of this machine.</exception>
    public Listener(ServerState server, CommandDispatcher dispatcher)
    {
        _server = server;
        _dispatcher = dispatcher;
        var address = new IPEndPoint(server.Options.BindIp, server.Options.Port);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(address);
            _socket.Listen(512);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _thread = new Thread(Accept, 256 << 10) { IsBackground = true, Name = "listener" };
    }

    public int Port { get; }

    public int Count => _connections.Count;

    public void Start() => _thread.Start();

    /// <summary>Takes no more connections, ends those there are and waits for their threads.</summary>
    /// <returns>The connections that were still busy at the deadline.</returns>
    public int Stop(TimeSpan timeout)
    {
        Interlocked.Exchange(ref _stopping, 1);
        _socket.Dispose();
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        if (_thread.IsAlive)
        {
            _thread.Join(timeout);
        }
        foreach ((Connection connection, _) in _connections.Values)
        {
            connection.Abort();
        }
        int busy = 0;
        foreach ((_, Thread thread) in _connections.Values)
        {
            if (!thread.Join((int)Math.Max(0, deadline - Environment.TickCount64)))
            {
                busy++;
            }
        }
        return busy;
    }

    public void Dispose() => _socket.Dispose();

    private void Accept()
    {
        while (Volatile.Read(ref _stopping) == 0)
        {
            Socket socket;
            try
            {
                socket = _socket.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (Volatile.Read(ref _stopping) == 0)
                {
                    // Such as a peer that left the queue, or no file descriptor left: the next one may work.
                    _server.Log.Warning("NETWORK", 22942, "Accepting a connection failed", ("reason", e.Message));
                    Thread.Sleep(10);
                }
                continue;
            }
            Serve(socket);
        }
    }

    private void Serve(Socket socket)
    {
        string remote = socket.RemoteEndPoint?.ToString() ?? "unknown";
        if (_connections.Count >= _server.Options.MaxConnections)
        {
            _server.Log.Warning(
                "NETWORK", 22942, "Connection refused because there are too many open connections", ("remote", remote), ("maxConns", _server.Options.MaxConnections));
            socket.Dispose();
            return;
        }
        ClientState client = _server.NewClient(remote);
        Connection connection;
        try
        {
            connection = new Connection(socket, client, _dispatcher, _server.Log, _server.Traffic);
        }
        catch (SocketException e)
        {
            _server.Log.Info("NETWORK", 22989, "Connection lost", ("remote", remote), ("reason", e.Message));
            socket.Dispose();
            return;
        }
        var thread = new Thread(() => Run(connection), StackSize) { IsBackground = true, Name = $"conn{client.ConnectionId}" };
        _connections[client.ConnectionId] = (connection, thread);
        _server.Log.Info("NETWORK", 22943, "Connection accepted", ("remote", remote), ("connectionId", client.ConnectionId), ("connectionCount", _connections.Count));
        thread.Start();
        if (Volatile.Read(ref _stopping) != 0)
        {
            connection.Abort();
        }
    }

    private void Run(Connection connection)
    {
        ClientState client = connection.Client;
        try
        {
            connection.Run();
        }
        finally
        {
            _connections.TryRemove(client.ConnectionId, out _);
            connection.Dispose();
            _server.Log.Info("NETWORK", 22944, "Connection ended", ("remote", client.Remote), ("connectionId", client.ConnectionId), ("connectionCount", _connections.Count));
        }
    }
}
