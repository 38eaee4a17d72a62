using System.Text;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>The connection to the Runtime API against everything that HTTP/1.1 (RFC 9112) allows a server to answer, and what it does not.</summary>
public sealed class RuntimeApiConnectionTests
{
    private const int Maximum = 1000;
    private static readonly TimeSpan Patience = RuntimeApiServer.Patience;

    public static TheoryData<string, string> Valid => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { "HTTP/1.1 200\r\ncontent-length:5\r\n\r\nhello", "hello" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5 \t\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello" },
        { "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3;name=value\r\nhel\r\n00002\r\nlo\r\n0;last\r\nTrailer: x\r\nOther: y\r\n\r\n", "hello" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0A\r\n0123456789\r\n0\r\n\r\n", "0123456789" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "" },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        { "HTTP/1.1 204 No Content\r\n\r\n", "" },
        { "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "" },
        { "HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end" },
        { "HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end" },
    };

    public static TheoryData<string, string> Hostile => new()
    {
        { "HTTP/2 200 OK\r\n\r\n", "not HTTP/1.1" },
        { "HTTP/1.1 20 OK\r\n\r\n", "not HTTP/1.1" },
        { "HTTP/1.1 2000\r\n\r\n", "not HTTP/1.1" },
        { "HTTP/1.1 099 OK\r\n\r\n", "not HTTP/1.1" },
        { string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 9)) + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "interim" },
        { "SSH-2.0-OpenSSH_9.6\r\n\r\n", "not HTTP/1.1" },
        { "\r\n\r\n", "not HTTP/1.1" },
        { "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "malformed header" },
        { "HTTP/1.1 200 OK\r\n: no name\r\n\r\n", "malformed header" },
        { "HTTP/1.1 200 OK\r\nName : x\r\n\r\n", "malformed header" },
        { "HTTP/1.1 200 OK\r\nA: x\r\n folded: y\r\n\r\n", "malformed header" },
        { "HTTP/1.1 200 OK\r\nA: x\0y\r\n\r\n", "malformed header" },
        { "HTTP/1.1 200 OK\r\nA: x\ry\r\n\r\n", "malformed header" },
        { "HTTP/1.1 200 OK\r\nA: x\nContent-Length: 5\r\n\r\nhello", "malformed header" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "not one number" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", "not one number" },
        { "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "not one number" },
        { "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", "not one number" },
        { "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello", "not one number" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello", "not one number" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello", "contradict" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "something else than chunked" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "something else than chunked" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "malformed chunk" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "malformed chunk" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", "malformed chunk" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nhello", "malformed chunk" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n111111111\r\nhello", "malformed chunk" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n", "longer than it says" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "was closed" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello", "was closed" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + new string('x', 1001), "more than 1000 bytes" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", "more than 1000 bytes" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + new string('x', 1000) + "\r\n1\r\nx\r\n0\r\n\r\n", "more than 1000 bytes" },
        { "HTTP/1.1 200 OK\r\n\r\n" + new string('x', 20000), "more than 1000 bytes" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + new string('x', 2000) + "\r\n", "between its chunks" },
        { "HTTP/1.1 200 OK\r\nA: " + new string('x', 20000), "head of more than" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + string.Concat(Enumerable.Repeat("Trailer: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", 200)) + "\r\n", "trailers" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task A_response_is_understood_in_one_piece_and_byte_by_byte(string response, string body)
    {
        foreach (var byteByByte in new[] { false, true })
        {
            await using var server = new ScriptedServer([[response]], byteByByte);
            using var connection = new RuntimeApiConnection("127.0.0.1", server.Port, Patience, Patience);
            Assert.Equal(body, Exchange(connection));
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_is_no_response_is_an_error_that_says_why(string response, string reason)
    {
        await using var server = new ScriptedServer([[response]]);
        using var connection = new RuntimeApiConnection("127.0.0.1", server.Port, Patience, Patience);
        var exception = Assert.ThrowsAny<IOException>(() => Exchange(connection));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\nsmuggled", false)]
    public async Task A_connection_is_kept_only_when_the_next_response_can_come_on_it(string response, bool kept)
    {
        await using var server = new ScriptedServer([[response, null]]);
        using var connection = new RuntimeApiConnection("127.0.0.1", server.Port, Patience, Patience);
        Assert.Equal("hello", Exchange(connection));
        Assert.Equal(kept, connection.IsOpen);
    }

    [Fact]
    public async Task Who_answers_too_slowly_is_not_waited_for()
    {
        await using var server = new ScriptedServer([["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", null]]);
        using var connection = new RuntimeApiConnection("127.0.0.1", server.Port, Patience, TimeSpan.FromMilliseconds(50));
        connection.Open();
        connection.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.Equal(200, connection.ReadHead(waits: true));
        connection.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.IsNotType<ConnectionClosedException>(Assert.ThrowsAny<IOException>(() => Read(connection)));
    }

    [Fact]
    public async Task Who_answers_byte_by_byte_has_no_more_time_for_it()
    {
        await using var server = new ScriptedServer([["HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + new string('x', 900), null]], byteByByte: true, pause: TimeSpan.FromMilliseconds(5));
        using var connection = new RuntimeApiConnection("127.0.0.1", server.Port, Patience, TimeSpan.FromMilliseconds(500));
        Assert.IsNotType<ConnectionClosedException>(Assert.ThrowsAny<IOException>(() => Exchange(connection)));
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        using var connection = new RuntimeApiConnection("127.0.0.1", 1, Patience, Patience);
        Assert.Contains("127.0.0.1:1 cannot be connected to", Assert.Throws<IOException>(connection.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_resolved()
    {
        await using var server = new ScriptedServer([["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"]]);
        using var connection = new RuntimeApiConnection("localhost", server.Port, Patience, Patience);
        Assert.Equal("hello", Exchange(connection));
    }

    private static string Exchange(RuntimeApiConnection connection)
    {
        connection.Open();
        connection.Send("GET / HTTP/1.1\r\n\r\n"u8);
        connection.ReadHead(waits: false);
        return Read(connection);
    }

    private static string Read(RuntimeApiConnection connection)
    {
        using var body = new PooledBuffer(16);
        connection.ReadBody(body, Maximum);
        return Encoding.Latin1.GetString(body.WrittenSpan);
    }
}
