using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>What the body of a request becomes.</summary>
public sealed class RequestBodyTests
{
    private const int Limit = 10 * 1024 * 1024;

    // Whether it is text, as it was measured at AWS.
    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON; charset=utf-8", true)]
    [InlineData("text/plain", true)]
    [InlineData("text/csv;header=present", true)]
    [InlineData("application/xml", true)]
    [InlineData("application/javascript", true)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("application/problem+json", false)]
    [InlineData("multipart/form-data; boundary=x", false)]
    [InlineData("application/octet-stream", false)]
    [InlineData("image/svg+xml", false)]
    [InlineData(null, false)]
    public async Task Text_is_handed_on_as_it_is_and_everything_else_in_base64(string? contentType, bool isText)
    {
        await using var api = await TestApi.StartAsync();
        const string body = "{\"k\":\"λ \\\"quoted\\\" \\u0041\"}";

        using var response = await PostAsync(api, Encoding.UTF8.GetBytes(body), contentType);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(!isText, (bool?)api.Functions.Event["isBase64Encoded"]);
        Assert.Equal(isText ? body : Convert.ToBase64String(Encoding.UTF8.GetBytes(body)), (string?)api.Functions.Event["body"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(70_001)]
    [InlineData(1_000_003)]
    public async Task Bytes_arrive_as_they_were_sent(int length)
    {
        await using var api = await TestApi.StartAsync();
        var body = new byte[length];
        new Random(length).NextBytes(body);
        "\x89PNG\r\n\x1a\n"u8[..Math.Min(length, 8)].CopyTo(body);

        using var response = await PostAsync(api, body, "image/png");

        Assert.Equal(body, Convert.FromBase64String((string)api.Functions.Event["body"]!));
        Assert.Equal(length.ToString(CultureInfo.InvariantCulture), (string?)api.Functions.Event["headers"]!["content-length"]);
    }

    [Fact]
    public async Task Characters_that_arrive_in_pieces_stay_whole()
    {
        await using var api = await TestApi.StartAsync();
        var text = string.Concat(Enumerable.Repeat("é☕😊\"\\\n", 300));
        using var client = await api.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"), TestDeadline.Token());

        // Pieces of a prime length: every character is cut somewhere.
        foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(7))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), TestDeadline.Token());
            await stream.WriteAsync(piece, TestDeadline.Token());
            await stream.WriteAsync("\r\n"u8.ToArray(), TestDeadline.Token());
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), TestDeadline.Token());
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, TestDeadline.Token());

        Assert.Equal(200, RawResponse.Parse(received.ToArray()).Status);
        Assert.Equal(text, (string?)api.Functions.Event["body"]);
        var headers = api.Functions.Event["headers"]!.AsObject();
        Assert.False(headers.ContainsKey("transfer-encoding"));
        Assert.Equal(Encoding.UTF8.GetByteCount(text).ToString(CultureInfo.InvariantCulture), (string?)headers["content-length"]);
    }

    [Theory]
    [InlineData("Content-Length: 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public async Task An_empty_body_is_absent(string rest)
    {
        await using var api = await TestApi.StartAsync();

        var response = await api.SendRawAsync($"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/octet-stream\r\n{rest}");

        Assert.Equal(200, response.Status);
        Assert.False(api.Functions.Event.AsObject().ContainsKey("body"));
        Assert.False((bool)api.Functions.Event["isBase64Encoded"]!);
        Assert.Equal("0", (string?)api.Functions.Event["headers"]!["content-length"]);
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_gets_replacement_characters()
    {
        await using var api = await TestApi.StartAsync();

        using var response = await PostAsync(api, (byte[])[(byte)'a', 0xFF, (byte)'b'], "text/plain");

        Assert.Equal("a\uFFFDb", (string?)api.Functions.Event["body"]);
    }

    [Fact]
    public async Task Ten_megabytes_are_let_through_and_one_byte_more_is_not()
    {
        await using var api = await TestApi.StartAsync();
        var body = new byte[Limit + 1];

        using var within = await PostAsync(api, body.AsMemory(0, Limit), "application/octet-stream");
        using var above = await PostAsync(api, body, "application/octet-stream");

        Assert.Equal(HttpStatusCode.OK, within.StatusCode);
        Assert.Equal(Limit, Convert.FromBase64String((string)api.Functions.Event["body"]!).Length);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, above.StatusCode);
        Assert.Equal("""{"message":"Request Entity Too Large"}""", await above.Content.ReadAsStringAsync(TestDeadline.Token()));
        Assert.Equal("application/json", above.Content.Headers.ContentType?.ToString());
        Assert.True(above.Headers.Contains("Apigw-Requestid"));
    }

    [Fact]
    public async Task The_bound_holds_for_a_body_whose_length_nobody_announces()
    {
        await using var api = await TestApi.StartAsync(settings: new() { ["MaxRequestBytes"] = "100000" });

        using var within = await PostAsync(api, new byte[100_000], "application/octet-stream", chunked: true);
        using var above = await PostAsync(api, new byte[100_001], "application/octet-stream", chunked: true);

        Assert.Equal(HttpStatusCode.OK, within.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, above.StatusCode);
        Assert.Single(api.Functions.Invocations);
    }

    [Fact]
    public async Task A_body_with_malformed_chunks_is_a_bad_request()
    {
        await using var api = await TestApi.StartAsync();

        var response = await api.SendRawAsync("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        Assert.Equal(400, response.Status);
        Assert.Equal("""{"message":"Bad Request"}""", response.Text);
        Assert.Empty(api.Functions.Invocations);
    }

    [Fact]
    public async Task A_client_that_waits_for_permission_to_send_gets_it()
    {
        await using var api = await TestApi.StartAsync();
        using var client = await api.ConnectAsync();
        var stream = client.GetStream();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"u8.ToArray(), TestDeadline.Token());
        var permission = new byte[25];
        await stream.ReadExactlyAsync(permission, TestDeadline.Token());
        await stream.WriteAsync("hi"u8.ToArray(), TestDeadline.Token());
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, TestDeadline.Token());

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(permission));
        Assert.Equal(200, RawResponse.Parse(received.ToArray()).Status);
        Assert.Equal("hi", (string?)api.Functions.Event["body"]);
        Assert.False(api.Functions.Event["headers"]!.AsObject().ContainsKey("expect"));
    }

    private static Task<HttpResponseMessage> PostAsync(TestApi api, ReadOnlyMemory<byte> body, string? contentType, bool chunked = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TransferEncodingChunked = chunked;
        return api.Client.SendAsync(request, TestDeadline.Token());
    }
}
