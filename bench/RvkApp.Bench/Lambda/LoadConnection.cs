using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RvkApp.Bench.Lambda;

/// <summary>
/// One connection that is kept alive and asks for the same resource again and again, waiting for each answer. Blocking calls on a thread of its own:
/// no scheduling between the answer and the clock, and nothing allocated per request.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[64 * 1024];

    public LoadConnection(int port, string path, string token)
    {
        _request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\r\n");
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        };
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>One request and its answer.</summary>
    /// <returns>How long it took, in ticks of <see cref="Stopwatch"/>.</returns>
    /// <exception cref="InvalidOperationException">The answer is another one than 200, or none.</exception>
    public long Ask()
    {
        var started = Stopwatch.GetTimestamp();
        _socket.Send(_request);
        var length = 0;
        do
        {
            var read = _socket.Receive(_buffer.AsSpan(length));
            length += read;
            if (read == 0 || length == _buffer.Length)
            {
                throw new InvalidOperationException($"The answer ended after {length} bytes, or has more than this takes: {Text(length)}");
            }
        }
        while (!HttpAnswer.IsComplete(_buffer.AsSpan(0, length)));

        var elapsed = Stopwatch.GetTimestamp() - started;
        return HttpAnswer.IsOk(_buffer.AsSpan(0, length)) ? elapsed : throw new InvalidOperationException($"Asked for 200, answered with: {Text(length)}");
    }

    public void Dispose() => _socket.Dispose();

    private string Text(int length) => Encoding.UTF8.GetString(_buffer, 0, Math.Min(length, 1000));
}

/// <summary>As much of HTTP/1.1 as tells where an answer ends.</summary>
internal static class HttpAnswer
{
    public static bool IsOk(ReadOnlySpan<byte> answer) => answer.StartsWith("HTTP/1.1 200 "u8);

    /// <summary>Whether all of an answer is there: its announced length, or the chunk that ends it. No further answer may follow.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..(end + 2)];
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        if (at < 0)
        {
            at = head.IndexOf("\r\ncontent-length: "u8);
        }

        if (at < 0)
        {
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        }

        var value = head[(at + name.Length)..];
        return System.Buffers.Text.Utf8Parser.TryParse(value, out int length, out _) && answer.Length >= end + 4 + length;
    }
}
