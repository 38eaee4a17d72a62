using System.Diagnostics;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda.Gateway;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>Bounds of request line and headers, throttling and connections.</summary>
public sealed class LimitTests
{
    private const int MaxHeaderBytes = 10_240;

    // "GET / HTTP/1.1", "localhost" and "close" count as well.
    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 431)]
    public async Task Request_line_and_header_values_have_10240_bytes(int more, int status)
    {
        await using var api = await TestApi.StartAsync();
        var first = new string('a', 5000);
        var second = new string('b', MaxHeaderBytes - "GET / HTTP/1.1".Length - "localhost".Length - "close".Length - first.Length + more);

        var response = await api.SendRawAsync($"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-A: {first}\r\nX-B: {second}\r\n\r\n");

        Assert.Equal(status, response.Status);
        if (status != 200)
        {
            Assert.Equal("""{"message":"Request Header Fields Too Large"}""", response.Text);
            Assert.Single(response.Header("Apigw-Requestid"));
        }
    }

    [Fact]
    public async Task Hundreds_of_small_headers_are_within_the_bound()
    {
        await using var api = await TestApi.StartAsync();

        var response = await api.SendRawAsync("GET", "/", [.. Enumerable.Range(0, 500).Select(i => $"X-{i}: {i}")]);

        Assert.Equal(200, response.Status);
        Assert.Equal("499", (string?)api.Functions.Event["headers"]!["x-499"]);
    }

    [Theory]
    [InlineData(10_200, 200)]
    [InlineData(10_230, 414)]
    [InlineData(16_000, 414)]
    public async Task A_request_line_that_is_too_long_alone_is_refused_as_such(int targetLength, int status)
    {
        await using var api = await TestApi.StartAsync();

        var response = await api.SendRawAsync($"GET /{new string('p', targetLength - 1)} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        Assert.Equal(status, response.Status);
        Assert.Equal(status == 200 ? "" : """{"message":"Request-URI Too Long"}""", response.Text);
    }

    // Beyond what the gateway reads at all Kestrel refuses, in its own words.
    [Theory]
    [InlineData("GET /LONG HTTP/1.1\r\nHost: x\r\n\r\n", 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: LONG\r\n\r\n", 431)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    public async Task What_is_no_request_is_refused_before_any_function_is_called(string request, int status)
    {
        await using var api = await TestApi.StartAsync();

        var response = await api.SendRawAsync(request.Replace("LONG", new string('x', 40_000), StringComparison.Ordinal));

        Assert.Equal(status, response.Status);
        Assert.Empty(api.Functions.Invocations);
    }

    [Fact]
    public async Task More_requests_than_the_burst_are_throttled()
    {
        // So slow that no token comes back while the test runs.
        await using var api = await TestApi.StartAsync(settings: new() { ["Throttling:RateLimit"] = "0.001", ["Throttling:BurstLimit"] = "3" });

        var responses = new List<RawResponse>();
        for (var i = 0; i < 5; i++)
        {
            responses.Add(await api.SendRawAsync("GET", "/"));
        }

        Assert.Equal([200, 200, 200, 429, 429], responses.Select(r => r.Status));
        Assert.Equal("""{"message":"Too Many Requests"}""", responses[4].Text);
        Assert.Equal(["application/json"], responses[4].Header("Content-Type"));
        Assert.Equal(3, api.Functions.Invocations.Count);
    }

    [Fact]
    public async Task A_route_may_have_limits_of_its_own()
    {
        await using var api = await TestApi.StartAsync(
            settings: new() { ["Throttling:Routes:GET /a:RateLimit"] = "0.001", ["Throttling:Routes:GET /a:BurstLimit"] = "1", ["Throttling:Routes:GET /b:RateLimit"] = "0" },
            routes: [(Method.Get, "/a", "fn"), (Method.Get, "/b", "fn"), (Method.Get, "/c", "fn")]);

        var statuses = new List<int>();
        foreach (var path in (string[])["/a", "/a", "/b", "/c", "/c"])
        {
            statuses.Add((await api.SendRawAsync("GET", path)).Status);
        }

        Assert.Equal([200, 429, 429, 200, 200], statuses);
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed()
    {
        await using var api = await TestApi.StartAsync(settings: new() { ["MaxConnections"] = "1" });
        using var first = await api.ConnectAsync();
        await first.GetStream().WriteAsync("GET /first HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestDeadline.Token());
        await first.GetStream().ReadExactlyAsync(new byte[12], TestDeadline.Token());

        using var second = await api.ConnectAsync();
        Assert.Equal(0, await ReadAsync(second));

        static async Task<int> ReadAsync(System.Net.Sockets.TcpClient client)
        {
            try
            {
                return await client.GetStream().ReadAsync(new byte[1], TestDeadline.Token());
            }
            catch (IOException)
            {
                // Reset instead of closed.
                return 0;
            }
        }
    }

    [Fact]
    public void A_bucket_gives_its_burst_and_then_its_rate()
    {
        var bucket = new TokenBucket(rate: 10, burst: 3);
        var now = 1_000_000L;
        var second = Stopwatch.Frequency;

        Assert.Equal([true, true, true, false], Take(bucket, now, 4));
        // A tenth of a second is a token; as many as the burst are kept and no more.
        Assert.Equal([true, false], Take(bucket, now + (second / 10), 2));
        Assert.Equal([true, true, true, false], Take(bucket, now + (100 * second), 4));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    public void A_bucket_without_a_rate_or_a_burst_gives_nothing(double rate, int burst) => Assert.False(new TokenBucket(rate, burst).TryTake(1));

    [Fact]
    public async Task A_bucket_gives_no_token_twice()
    {
        var bucket = new TokenBucket(rate: 0.001, burst: 1000);
        var now = Stopwatch.GetTimestamp();

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Take(bucket, now, 1000).Count(t => t))));

        Assert.Equal(1000, taken.Sum());
    }

    private static bool[] Take(TokenBucket bucket, long now, int count) => [.. Enumerable.Range(0, count).Select(_ => bucket.TryTake(now))];
}
