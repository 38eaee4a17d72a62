using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

/// <summary>Answers the requests of one connection after the other with bytes that were given to it, whatever HTTP says about them.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;
    private readonly List<string> _requests = [];
    private readonly bool _byteByByte;
    private readonly TimeSpan _pause;

    /// <param name="connections">For each connection the answers to its requests; it is closed after the last one. A null holds the connection open instead.</param>
    /// <param name="byteByByte">Whether each byte is sent by itself.</param>
    /// <param name="pause">How long it waits before each piece.</param>
    public ScriptedServer(string?[][] connections, bool byteByByte = false, TimeSpan pause = default)
    {
        _pause = pause;
        _byteByByte = byteByByte;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = Task.Run(() => ServeAsync(connections));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>What was received, a request each.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync(string?[][] connections)
    {
        try
        {
            foreach (var answers in connections)
            {
                using var connection = await _listener.AcceptAsync(_stopping.Token);
                connection.NoDelay = true;
                foreach (var answer in answers)
                {
                    await ReadRequestAsync(connection);
                    if (answer is null)
                    {
                        await Task.Delay(Timeout.Infinite, _stopping.Token);
                    }

                    foreach (var part in _byteByByte ? answer!.Select(one => one.ToString()) : [answer!])
                    {
                        if (_pause > TimeSpan.Zero)
                        {
                            await Task.Delay(_pause, _stopping.Token);
                        }

                        await connection.SendAsync(Encoding.Latin1.GetBytes(part), _stopping.Token);
                    }
                }

                connection.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over, or the client has had enough.
        }
    }

    private async Task ReadRequestAsync(Socket connection)
    {
        var request = "";
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var length = request[..end].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
                if (length is null || request.Length >= end + 4 + int.Parse(length["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture))
                {
                    lock (_requests)
                    {
                        _requests.Add(request);
                    }

                    return;
                }
            }

            var read = await connection.ReceiveAsync(buffer, _stopping.Token);
            if (read == 0)
            {
                throw new OperationCanceledException();
            }

            request += Encoding.Latin1.GetString(buffer, 0, read);
        }
    }
}
