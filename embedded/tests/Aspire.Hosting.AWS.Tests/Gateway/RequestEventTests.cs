using System.Text.Json.Nodes;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>What path, query, headers and cookies become in an event: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.</summary>
public sealed class RequestEventTests
{
    // The path as it is sent, rawPath, the greedy variable.
    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/a", "/a", "a")]
    [InlineData("/a/", "/a/", "a/")]
    [InlineData("/a/b/c", "/a/b/c", "a/b/c")]
    [InlineData("//a", "//a", "/a")]
    [InlineData("/a%2Fb/c", "/a/b/c", "a/b/c")]
    [InlineData("/a%2fb", "/a/b", "a/b")]
    [InlineData("/a%20b", "/a b", "a b")]
    [InlineData("/a+b", "/a+b", "a+b")]
    [InlineData("/a%2Bb", "/a+b", "a+b")]
    [InlineData("/100%25", "/100%", "100%")]
    [InlineData("/%2541", "/%41", "%41")]
    [InlineData("/a%3Fb%23c", "/a?b#c", "a?b#c")]
    [InlineData("/%E2%98%95%20Coffee", "/☕ Coffee", "☕ Coffee")]
    [InlineData("/%F0%9F%98%8A", "/😊", "😊")]
    [InlineData("/a%22b%5Cc", "/a\"b\\c", "a\"b\\c")]
    [InlineData("/a/../b/./c", "/a/../b/./c", "a/../b/./c")]
    [InlineData("/a;v=1,2", "/a;v=1,2", "a;v=1,2")]
    [InlineData("http://localhost/absolute%2Fform?x=1", "/absolute/form", "absolute/form")]
    [InlineData("http://localhost", "/", "")]
    public async Task A_path_is_decoded(string sent, string rawPath, string proxy)
    {
        await using var api = await TestApi.StartAsync();

        var response = await api.SendRawAsync($"GET {sent} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, response.Status);
        Assert.Equal(rawPath, (string?)api.Functions.Event["rawPath"]);
        Assert.Equal(rawPath, (string?)api.Functions.Event["requestContext"]!["http"]!["path"]);
        Assert.Equal(proxy, (string?)api.Functions.Event["pathParameters"]!["proxy"]);
    }

    [Theory]
    [InlineData("/%")]
    [InlineData("/a%2")]
    [InlineData("/%zz")]
    [InlineData("/%C3%28")]
    [InlineData("/%00")]
    [InlineData("*")]
    public async Task A_path_that_cannot_be_decoded_is_a_bad_request(string sent)
    {
        await using var api = await TestApi.StartAsync();

        var response = await api.SendRawAsync(sent == "*" ? "OPTIONS" : "GET", sent);

        Assert.Equal(400, response.Status);
        Assert.Empty(api.Functions.Invocations);
    }

    // The query as it is sent, and queryStringParameters.
    [Theory]
    [InlineData("a=1", """{"a":"1"}""")]
    [InlineData("a=1&a=2&b=3&a=4", """{"a":"1,2,4","b":"3"}""")]
    [InlineData("a=", """{"a":""}""")]
    [InlineData("a", """{"a":""}""")]
    [InlineData("a=&a=", """{"a":","}""")]
    [InlineData("=v", """{"":"v"}""")]
    [InlineData("a=1&&b=2&", """{"a":"1","b":"2"}""")]
    [InlineData("a=b=c", """{"a":"b=c"}""")]
    [InlineData("literalPlus=a+b&encodedPlus=a%2Bb", """{"literalPlus":"a b","encodedPlus":"a+b"}""")]
    [InlineData("redirect=https%3A%2F%2Fexample.com%2Fa%2Fb", """{"redirect":"https://example.com/a/b"}""")]
    [InlineData("%6Eame=a%26b", """{"name":"a&b"}""")]
    [InlineData("q=100%", """{"q":"100%"}""")]
    [InlineData("q=%zz%2", """{"q":"%zz%2"}""")]
    [InlineData("q=%E2%98%95", """{"q":"☕"}""")]
    [InlineData("q=%22%5C", """{"q":"\"\\"}""")]
    [InlineData("q=%FF", """{"q":"\uFFFD"}""")]
    [InlineData("tag=C%23%20Programming&tag=.NET%20Core", """{"tag":"C# Programming,.NET Core"}""")]
    [InlineData("A=1&a=2", """{"A":"1","a":"2"}""")]
    [InlineData("x=?/", """{"x":"?/"}""")]
    public async Task A_query_is_given_raw_and_decoded(string sent, string parameters)
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/q?" + sent);

        Assert.Equal("/q", (string?)api.Functions.Event["rawPath"]);
        Assert.Equal(sent, (string?)api.Functions.Event["rawQueryString"]);
        AssertJson(parameters, api.Functions.Event["queryStringParameters"]);
    }

    [Theory]
    [InlineData("/q")]
    [InlineData("/q?")]
    [InlineData("/q?&&")]
    public async Task Without_parameters_there_are_no_queryStringParameters(string target)
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", target);

        Assert.False(api.Functions.Event.AsObject().ContainsKey("queryStringParameters"));
        Assert.NotNull((string?)api.Functions.Event["rawQueryString"]);
    }

    [Fact]
    public async Task A_thousand_parameters_of_the_same_name_are_one()
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/q?" + string.Join('&', Enumerable.Range(0, 1000).Select(i => $"a={i}")));

        Assert.Equal(string.Join(',', Enumerable.Range(0, 1000)), (string?)api.Functions.Event["queryStringParameters"]!["a"]);
    }

    [Fact]
    public async Task Forty_cookies_in_two_headers_are_forty_cookies_and_no_header()
    {
        await using var api = await TestApi.StartAsync();
        var cookies = Enumerable.Range(0, 40).Select(i => $"c{i}=v{i}").ToArray();

        await api.SendRawAsync("GET", "/", "Cookie: " + string.Join("; ", cookies[..25]), "cookie: " + string.Join(";", cookies[25..]) + ";");

        Assert.Equal(cookies, api.Functions.Event["cookies"]!.AsArray().Select(c => (string?)c));
        Assert.False(api.Functions.Event["headers"]!.AsObject().ContainsKey("cookie"));
    }

    [Theory]
    [InlineData("X-Test: a", "a")]
    [InlineData("x-TEST:   a  ", "a")]
    [InlineData("X-Test: a,b", "a,b")]
    [InlineData("X-Test: a, b", "a, b")]
    [InlineData("X-Test: a\r\nX-Test: b", "a,b")]
    [InlineData("X-Test: a\r\nx-test: b,c\r\nX-TEST: d", "a,b,c,d")]
    [InlineData("X-Test: ", "")]
    [InlineData("X-Test: say \"hi\" \\o/", "say \"hi\" \\o/")]
    [InlineData("X-Test: \u00C3\u00A9", "é")]
    public async Task Header_names_are_in_lower_case_and_repeated_headers_are_joined(string lines, string value)
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/", lines);

        Assert.Equal(value, (string?)api.Functions.Event["headers"]!["x-test"]);
        Assert.All(api.Functions.Event["headers"]!.AsObject(), header => Assert.Equal(header.Key.ToLowerInvariant(), header.Key));
    }

    [Fact]
    public async Task A_date_header_keeps_its_comma()
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/", "If-Modified-Since: Tue, 24 Nov 2026 10:00:00 GMT", "Accept: text/html, application/json;q=0.9");

        Assert.Equal("Tue, 24 Nov 2026 10:00:00 GMT", (string?)api.Functions.Event["headers"]!["if-modified-since"]);
        Assert.Equal("text/html, application/json;q=0.9", (string?)api.Functions.Event["headers"]!["accept"]);
    }

    [Theory]
    [InlineData("TE: trailers", "te")]
    [InlineData("Keep-Alive: timeout=5", "keep-alive")]
    [InlineData("Proxy-Authorization: Basic eA==", "proxy-authorization")]
    [InlineData("Upgrade: websocket", "upgrade")]
    public async Task Headers_for_one_connection_only_are_not_handed_on(string lines, string name)
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/", lines, "X-Other: 1");

        var headers = api.Functions.Event["headers"]!.AsObject();
        Assert.False(headers.ContainsKey(name));
        Assert.False(headers.ContainsKey("connection"));
        Assert.True(headers.ContainsKey("x-other"));
    }

    [Fact]
    public async Task Headers_that_the_connection_names_are_not_handed_on()
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET / HTTP/1.0\r\nConnection: X-Mine, X-More\r\nX-Mine: 1\r\nx-more: 2\r\nX-Other: 1\r\n\r\n");

        var headers = api.Functions.Event["headers"]!.AsObject();
        Assert.False(headers.ContainsKey("x-mine"));
        Assert.False(headers.ContainsKey("x-more"));
        Assert.True(headers.ContainsKey("x-other"));
    }

    [Fact]
    public async Task Authorization_is_handed_on()
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/", "Authorization: Bearer a.b.c");

        Assert.Equal("Bearer a.b.c", (string?)api.Functions.Event["headers"]!["authorization"]);
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("X-Forwarded-For: 1.2.3.4", "1.2.3.4, 127.0.0.1")]
    [InlineData("X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8", "1.2.3.4, 5.6.7.8, 127.0.0.1")]
    public async Task The_client_is_added_to_those_a_request_was_forwarded_for(string? line, string forwardedFor)
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/", line is null ? [] : [line, "X-Forwarded-Proto: gopher", "X-Forwarded-Port: 70"]);

        var headers = api.Functions.Event["headers"]!;
        Assert.Equal(forwardedFor, (string?)headers["x-forwarded-for"]);
        Assert.Equal("http", (string?)headers["x-forwarded-proto"]);
        Assert.Equal(api.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), (string?)headers["x-forwarded-port"]);
        Assert.Equal("127.0.0.1", (string?)api.Functions.Event["requestContext"]!["http"]!["sourceIp"]);
    }

    private static void AssertJson(string expected, JsonNode? actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected {expected}, but it is {actual?.ToJsonString()}.");
}
