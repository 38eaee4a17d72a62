using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>What becomes of what a function returns: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response.</summary>
public sealed class ResponseTests
{
    // Payload, body.
    [Theory]
    [InlineData("\"Hello from Lambda!\"", "Hello from Lambda!")]
    [InlineData("{ \"message\": \"Hello from Lambda!\" }", "{ \"message\": \"Hello from Lambda!\" }")]
    [InlineData("[1, 2, 3]", "[1, 2, 3]")]
    [InlineData("42", "42")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("\"\"", "")]
    [InlineData("", "")]
    [InlineData("\"Special \\\"quoted\\\" \\u00e9 text\"", "Special \"quoted\" é text")]
    [InlineData("{\"name\": \"John Doe\", \"age\":", "{\"name\": \"John Doe\", \"age\":")]
    [InlineData("Hello, World!", "Hello, World!")]
    [InlineData("\"a\" \"b\"", "\"a\" \"b\"")]
    [InlineData("{\"statusCode\":201} trailing", "{\"statusCode\":201} trailing")]
    [InlineData("{\"StatusCode\":201,\"body\":\"x\"}", "{\"StatusCode\":201,\"body\":\"x\"}")]
    [InlineData("{\"body\":\"x\",\"headers\":{\"content-type\":\"text/html\"}}", "{\"body\":\"x\",\"headers\":{\"content-type\":\"text/html\"}}")]
    [InlineData("{\"inner\":{\"statusCode\":500}}", "{\"inner\":{\"statusCode\":500}}")]
    public async Task Without_a_status_code_the_response_is_inferred(string payload, string body)
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning(payload));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(200, response.Status);
        Assert.Equal(body, response.Text);
        Assert.Equal(["application/json"], response.Header("Content-Type"));
        Assert.Equal([Encoding.UTF8.GetByteCount(body).ToString(System.Globalization.CultureInfo.InvariantCulture)], response.Header("Content-Length"));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(418)]
    [InlineData(500)]
    [InlineData(599)]
    public async Task A_response_has_the_status_and_the_body_that_the_function_says(int status)
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning($$$"""{"statusCode":{{{status}}},"body":"{\"ok\":\"λ\"}","headers":{"Content-Type":"application/json"}}"""));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(status, response.Status);
        Assert.Equal("{\"ok\":\"λ\"}", response.Text);
        Assert.Equal(["application/json"], response.Header("Content-Type"));
        Assert.Single(response.Header("Date"));
        Assert.Single(response.Header("Apigw-Requestid"));
        Assert.Empty(response.Header("Server"));
    }

    [Theory]
    [InlineData("""{"statusCode":200,"body":"x"}""", "x", "text/plain; charset=utf-8")]
    [InlineData("""{"statusCode":200}""", "", "text/plain; charset=utf-8")]
    [InlineData("""{"statusCode":200,"body":null,"headers":null,"cookies":null,"isBase64Encoded":null}""", "", "text/plain; charset=utf-8")]
    [InlineData("""{"statusCode":200,"body":"x","headers":{"content-TYPE":"application/xml"}}""", "x", "application/xml")]
    [InlineData("""{"body":"early","isBase64Encoded":false,"statusCode":200}""", "early", "text/plain; charset=utf-8")]
    [InlineData("""{"statusCode":500,"body":"first","body":"last","statusCode":200}""", "last", "text/plain; charset=utf-8")]
    [InlineData("""{"statusCode":200,"body":"x","unknown":{"deep":[1,{"body":"no"}]}}""", "x", "text/plain; charset=utf-8")]
    [InlineData("""{"\u0073tatusCode":200,"body":"\u0041\ud83d\ude0a\n"}""", "A😊\n", "text/plain; charset=utf-8")]
    public async Task What_the_function_does_not_say_has_defaults(string payload, string body, string contentType)
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning(payload));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(200, response.Status);
        Assert.Equal(body, response.Text);
        Assert.Equal([contentType], response.Header("Content-Type"));
    }

    [Fact]
    public async Task Headers_are_handed_on()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning(
            """{"statusCode":200,"headers":{"X-Custom":"a","x-list":"a,b, c","X-Number":7,"X-Flag":true,"X-Null":null,"X-Empty":"","Set-Cookie":"one=1","Cache-Control":"no-cache","ETag":"\"abc\"","X-Utf8":"é","Server":"mine"}}"""));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(["a"], response.Header("X-Custom"));
        Assert.Equal(["a,b, c"], response.Header("x-list"));
        Assert.Equal(["7"], response.Header("X-Number"));
        Assert.Equal(["true"], response.Header("X-Flag"));
        Assert.Empty(response.Header("X-Null"));
        Assert.Equal([""], response.Header("X-Empty"));
        Assert.Equal(["one=1"], response.Header("Set-Cookie"));
        Assert.Equal(["no-cache"], response.Header("Cache-Control"));
        Assert.Equal(["\"abc\""], response.Header("ETag"));
        Assert.Equal(["\u00C3\u00A9"], response.Header("X-Utf8"));
        Assert.Equal(["mine"], response.Header("Server"));
    }

    [Fact]
    public async Task Each_cookie_is_a_header()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning(
            """{"statusCode":200,"cookies":["a=1; Path=/; Expires=Tue, 24 Nov 2026 10:00:00 GMT","b=2; HttpOnly","c=\u00223\u0022"],"headers":{"set-cookie":"d=4"}}"""));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(["d=4", "a=1; Path=/; Expires=Tue, 24 Nov 2026 10:00:00 GMT", "b=2; HttpOnly", "c=\"3\""], response.Header("Set-Cookie"));
    }

    [Fact]
    public async Task Headers_that_are_the_gateways_are_not_the_functions()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning(
            """{"statusCode":200,"body":"abc","headers":{"Connection":"X-A","Transfer-Encoding":"chunked","Keep-Alive":"x","Upgrade":"h2c","TE":"x","Trailer":"X","Content-Length":"99","Date":"never","Apigw-Requestid":"mine","Proxy-Authenticate":"x"},"multiValueHeaders":{"X-Multi":["a"]}}"""));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal("abc", response.Text);
        Assert.Equal(["3"], response.Header("Content-Length"));
        Assert.Equal(["close"], response.Header("Connection"));
        Assert.All(["Transfer-Encoding", "Keep-Alive", "Upgrade", "TE", "Trailer", "Proxy-Authenticate", "X-Multi"], name => Assert.Empty(response.Header(name)));
        Assert.NotEqual("never", Assert.Single(response.Header("Date")));
        Assert.Equal((string?)api.Functions.Event["requestContext"]!["requestId"], Assert.Single(response.Header("Apigw-Requestid")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_come_out_of_base64(bool isEscaped)
    {
        var body = new byte[100_003];
        new Random(5).NextBytes(body);
        "\x89PNG\r\n\x1a\n"u8.CopyTo(body);
        var base64 = Convert.ToBase64String(body);
        // As System.Text.Json writes it by default, a plus is \u002B.
        var text = isEscaped ? JsonSerializer.Serialize(base64) : $"\"{base64}\"";
        await using var api = await TestApi.StartAsync(TestFunctions.Returning($$"""{"statusCode":200,"isBase64Encoded":true,"headers":{"content-type":"image/png"},"body":{{text}}}"""));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(isEscaped, text.Contains("\\u002B", StringComparison.Ordinal));
        Assert.Equal(body, response.Body);
        Assert.Equal(["image/png"], response.Header("Content-Type"));
    }

    [Fact]
    public async Task A_compressed_response_is_handed_on_as_it_is()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(new string('x', 10_000)), TestDeadline.Token());
        }

        await using var api = await TestApi.StartAsync(TestFunctions.Returning($$"""{"statusCode":200,"isBase64Encoded":true,"headers":{"content-encoding":"gzip"},"body":"{{Convert.ToBase64String(compressed.ToArray())}}"}"""));

        var response = await api.SendRawAsync("GET", "/", "Accept-Encoding: gzip");

        Assert.Equal(["gzip"], response.Header("Content-Encoding"));
        Assert.Equal(compressed.ToArray(), response.Body);
    }

    [Fact]
    public async Task A_response_of_several_megabytes_arrives_whole()
    {
        var body = string.Concat(Enumerable.Range(0, 600_000).Select(i => (char)('a' + (i % 26)))) + string.Concat(Enumerable.Repeat("\\u00e9", 300_000));
        await using var api = await TestApi.StartAsync(TestFunctions.Returning($$"""{"statusCode":200,"body":"{{body}}"}"""));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(JsonSerializer.Deserialize<string>($"\"{body}\""), response.Text);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    public async Task Responses_that_have_no_body_have_none(int status)
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning($$$"""{"statusCode":{{{status}}},"body":"ignored","headers":{"ETag":"\"1\"","Content-Length":"7"}}"""));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(status, response.Status);
        Assert.Empty(response.Body);
        Assert.Equal(["\"1\""], response.Header("ETag"));
    }

    [Theory]
    [InlineData("""{"statusCode":200,"body":"12345"}""", "5")]
    [InlineData("""{"statusCode":200,"headers":{"Content-Length":"1234"}}""", "1234")]
    [InlineData("""{"statusCode":200,"headers":{"Content-Length":"many"}}""", "0")]
    public async Task A_response_to_HEAD_says_how_long_it_would_be(string payload, string length)
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning(payload));

        var response = await api.SendRawAsync("HEAD", "/");

        Assert.Equal(200, response.Status);
        Assert.Empty(response.Body);
        Assert.Equal([length], response.Header("Content-Length"));
        Assert.Equal("HEAD", (string?)api.Functions.Event["requestContext"]!["http"]!["method"]);
    }

    [Theory]
    [InlineData("""{"statusCode":"200"}""")]
    [InlineData("""{"statusCode":200.5}""")]
    [InlineData("""{"statusCode":null}""")]
    [InlineData("""{"statusCode":0}""")]
    [InlineData("""{"statusCode":-1}""")]
    [InlineData("""{"statusCode":100}""")]
    [InlineData("""{"statusCode":101}""")]
    [InlineData("""{"statusCode":600}""")]
    [InlineData("""{"statusCode":99999999999}""")]
    [InlineData("""{"statusCode":[200]}""")]
    [InlineData("""{"statusCode":200,"body":{"a":1}}""")]
    [InlineData("""{"statusCode":200,"body":7}""")]
    [InlineData("""{"statusCode":200,"body":"\ud800"}""")]
    [InlineData("""{"statusCode":200,"body":"not base64!","isBase64Encoded":true}""")]
    [InlineData("""{"statusCode":200,"body":"abc","isBase64Encoded":true}""")]
    [InlineData("""{"statusCode":200,"isBase64Encoded":"yes"}""")]
    [InlineData("""{"statusCode":200,"headers":["a"]}""")]
    [InlineData("""{"statusCode":200,"headers":"a"}""")]
    [InlineData("""{"statusCode":200,"headers":{"X":["a"]}}""")]
    [InlineData("""{"statusCode":200,"headers":{"X":"a\r\nX-Injected: 1"}}""")]
    [InlineData("""{"statusCode":200,"headers":{"X":"a\u0000"}}""")]
    [InlineData("""{"statusCode":200,"headers":{"X Y":"a"}}""")]
    [InlineData("""{"statusCode":200,"headers":{"X:Y":"a"}}""")]
    [InlineData("""{"statusCode":200,"headers":{"":"a"}}""")]
    [InlineData("""{"statusCode":200,"headers":{"X-\u00e9":"a"}}""")]
    [InlineData("""{"statusCode":200,"headers":{"X":"\ud800"}}""")]
    [InlineData("""{"statusCode":200,"cookies":"a=b"}""")]
    [InlineData("""{"statusCode":200,"cookies":[1]}""")]
    [InlineData("""{"statusCode":200,"cookies":["a=b\r\nX-Injected: 1"]}""")]
    public async Task A_malformed_response_is_an_internal_server_error(string payload)
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning(payload));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(500, response.Status);
        Assert.Equal("""{"message":"Internal Server Error"}""", response.Text);
        Assert.Equal(["application/json"], response.Header("Content-Type"));
        Assert.Empty(response.Header("X"));
        Assert.Empty(response.Header("X-Injected"));
        Assert.Contains("its ", await api.LogUntilAsync("\" 500 "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_is_nested_without_end_is_a_body()
    {
        var payload = string.Concat(Enumerable.Repeat("[", 100_000));
        await using var api = await TestApi.StartAsync(TestFunctions.Returning(payload));

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(200, response.Status);
        Assert.Equal(payload, response.Text);
    }
}
