using System.Text;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>The client of https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html: its requests, and what it does when something goes wrong.</summary>
public sealed class RuntimeApiClientTests
{
    private const string Event = "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-1\r\nLambda-Runtime-Deadline-Ms: 1795507200000\r\nContent-Length: 2\r\n\r\n{}";
    private const string Accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";

    [Fact]
    public async Task Its_requests_are_those_of_the_runtime_api()
    {
        await using var server = new ScriptedServer([[Event, Accepted, Accepted, Accepted]]);
        using var client = new RuntimeApiClient(server.Address + "/function", NullLogger.Instance);
        using var body = Body("{}");
        Assert.Equal("id-1", client.Next(body, TestContext.Current.CancellationToken).RequestId);
        Assert.True(client.Respond("id-1", body));
        Assert.True(client.Fail("id 2/..", new FunctionError("Typ\u00E4\r\nX: y", "why", StackTrace: null)));
        Assert.True(client.FailInitialization(new FunctionError("Type", "why", StackTrace: null)));

        var host = $"Host: {server.Address}\r\n";
        const string error = """{"errorMessage":"why","errorType":"Type","stackTrace":[]}""";
        Assert.Equal($"GET /function/2018-06-01/runtime/invocation/next HTTP/1.1\r\n{host}\r\n", server.Requests[0]);
        Assert.Equal($"POST /function/2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", server.Requests[1]);
        Assert.StartsWith(
            $"POST /function/2018-06-01/runtime/invocation/id%202%2F../error HTTP/1.1\r\n{host}Content-Type: application/vnd.aws.lambda.error+json\r\nContent-Length: ",
            server.Requests[2],
            StringComparison.Ordinal);
        Assert.Contains("\r\nLambda-Runtime-Function-Error-Type: Typ???X: y\r\n\r\n{", server.Requests[2], StringComparison.Ordinal);
        Assert.EndsWith($"/init/error HTTP/1.1\r\n{host}Content-Type: application/vnd.aws.lambda.error+json\r\nContent-Length: {error.Length}\r\nLambda-Runtime-Function-Error-Type: Type\r\n\r\n{error}", server.Requests[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    [InlineData(6_000_000)]
    public async Task A_body_of_any_size_is_posted_whole(int length)
    {
        await using var server = new ScriptedServer([[Accepted]]);
        using var client = new RuntimeApiClient(server.Address, NullLogger.Instance);
        var text = string.Create(length, 0, static (span, _) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = (char)('a' + (i % 26));
            }
        });
        using var body = Body(text);
        Assert.True(client.Respond("id", body));
        Assert.Equal(text, server.Requests[0][(server.Requests[0].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    [Fact]
    public async Task A_connection_that_was_closed_meanwhile_is_replaced_without_a_word()
    {
        // Each answers once, and is closed when nobody expects it.
        await using var server = new ScriptedServer([[Event], [Accepted], [Event], [Accepted]]);
        var log = new LogLines();
        using var client = new RuntimeApiClient(server.Address, log);
        using var body = Body("");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("id-1", client.Next(body, TestContext.Current.CancellationToken).RequestId);
            Assert.Equal("{}", Encoding.UTF8.GetString(body.WrittenSpan));
            Assert.True(client.Respond("id-1", body));
        }

        Assert.Empty(log.Lines);
        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "status 503")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "not one number")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-0\r\nLambda-Runtime-Deadline-Ms: 1\r\nContent-Length: 3\r\n\r\n{}", "was closed")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-0\r\nLambda-Runtime-Deadline-Ms: 1\r\nContent-Length: 8388609\r\n\r\n", "more than 8388608 bytes")]
    public async Task Trouble_is_waited_out_and_logged(string trouble, string reason)
    {
        await using var server = new ScriptedServer([[trouble], [Event]]);
        var log = new LogLines();
        using var client = new RuntimeApiClient(server.Address, log);
        using var body = Body("");
        Assert.Equal("id-1", client.Next(body, TestContext.Current.CancellationToken).RequestId);
        Assert.Equal("{}", Encoding.UTF8.GetString(body.WrittenSpan));
        Assert.Contains(reason, Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "answered 403")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "answered 500")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "without Lambda-Runtime-Aws-Request-Id")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nContent-Length: 2\r\n\r\n{}", "Deadline-Ms is ''")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nLambda-Runtime-Deadline-Ms: soon\r\nContent-Length: 2\r\n\r\n{}", "Deadline-Ms is 'soon'")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nLambda-Runtime-Deadline-Ms: 99999999999999999\r\nContent-Length: 2\r\n\r\n{}", "not milliseconds since 1970")]
    public async Task A_runtime_api_that_cannot_be_used_ends_the_environment(string answer, string reason)
    {
        await using var server = new ScriptedServer([[answer]]);
        using var client = new RuntimeApiClient(server.Address, NullLogger.Instance);
        using var body = Body("");
        Assert.Contains(reason, Assert.Throws<RuntimeApiException>(() => client.Next(body, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 7\r\n\r\nbecause", "status 400: because")]
    [InlineData("HTTP/1.1 413 Payload Too Large\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nbecause\r\n0\r\n\r\n", "status 413: because")]
    public async Task An_answer_that_is_refused_is_logged_with_the_reason(string answer, string reason)
    {
        await using var server = new ScriptedServer([[answer]]);
        var log = new LogLines();
        using var client = new RuntimeApiClient(server.Address, log);
        using var body = Body("{}");
        Assert.False(client.Respond("id", body));
        Assert.Contains(reason, Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wait_for_an_event_has_no_limit_and_can_be_given_up()
    {
        await using var server = new ScriptedServer([[null]]);
        using var client = new RuntimeApiClient(server.Address, NullLogger.Instance, ioTimeout: TimeSpan.FromMilliseconds(20));
        using var body = Body("");
        using var stopping = new CancellationTokenSource();
        var waiting = Task.Factory.StartNew(() => client.Next(body, stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (server.Requests.Count == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        // Many times the timeout of everything else.
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("not an address")]
    [InlineData("127.0.0.1:99999")]
    public void A_malformed_address_is_named(string? address)
        => Assert.Contains($"AWS_LAMBDA_RUNTIME_API is '{address}'", Assert.Throws<InvalidOperationException>(() => new RuntimeApiClient(address, NullLogger.Instance)).Message, StringComparison.Ordinal);

    private static PooledBuffer Body(string text)
    {
        var body = new PooledBuffer(16);
        body.Advance(Encoding.UTF8.GetBytes(text, body.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
        return body;
    }
}
