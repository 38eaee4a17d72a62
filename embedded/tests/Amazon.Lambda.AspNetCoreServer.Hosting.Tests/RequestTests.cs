using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>What the application sees of an event.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task Method_path_query_and_headers_arrive()
    {
        var seen = await SeeAsync(new HttpApiEvent("PATCH", "/a/b") { Query = "x=1&x=2&y=%20z" }.With("accept", "text/html, application/json").With("user-agent", "Mozilla/5.0 (X11, Linux)"));

        Assert.Equal("PATCH", seen["method"]);
        Assert.Equal("/a/b", seen["path"]);
        Assert.Equal("https://abc123.execute-api.us-east-2.amazonaws.com/a/b?x=1&x=2&y=%20z", seen["url"]);
        Assert.Equal("1|2", seen["query x"]);
        Assert.Equal("text/html, application/json", seen["header accept"]);
        Assert.Equal("Mozilla/5.0 (X11, Linux)", seen["header user-agent"]);
        Assert.Equal("203.0.113.7:443", seen["remote"]);
    }

    [Theory]
    [InlineData("/caf%C3%A9/a%20b", "/café/a b")]
    [InlineData("/a%2Fb", "/a%2Fb")]
    [InlineData("/a+b", "/a+b")]
    [InlineData("/100%", "/100%")]
    public async Task The_path_is_decoded_but_for_encoded_slashes(string raw, string path)
        => Assert.Equal(path, (await SeeAsync(new HttpApiEvent("GET", raw)))["path"]);

    [Theory]
    [InlineData("dev", "/dev/students", "/dev", "/students")]
    [InlineData("dev", "/dev", "/dev", "/")]
    [InlineData("dev", "/devices", "", "/devices")]
    [InlineData("$default", "/$default/x", "", "/$default/x")]
    public async Task A_stage_is_the_base_of_the_path(string stage, string raw, string pathBase, string path)
    {
        var seen = await SeeAsync(new HttpApiEvent("GET", raw) { Stage = stage });

        Assert.Equal(pathBase, seen["base"]);
        Assert.Equal(path, seen["path"]);
    }

    [Fact]
    public async Task Cookies_become_one_header()
        => Assert.Equal("a=1; b=2", (await SeeAsync(new HttpApiEvent("GET", "/") { Cookies = ["a=1", "b=2"] }))["header cookie"]);

    [Theory]
    [InlineData("{\"name\":\"Zoë \\\"Z\\\" 😀\"}", false)]
    [InlineData("eyJuYW1lIjoiWm/DqyBcIlpcIiDwn5iAIn0=", true)]
    public async Task A_body_arrives_as_its_bytes(string body, bool base64)
    {
        var seen = await SeeAsync(new HttpApiEvent("POST", "/") { Body = body, IsBase64Encoded = base64 }.With("content-length", "999"));

        Assert.Equal("{\"name\":\"Zoë \\\"Z\\\" 😀\"}", seen["body"]);
        Assert.Equal(Encoding.UTF8.GetByteCount("{\"name\":\"Zoë \\\"Z\\\" 😀\"}").ToString(System.Globalization.CultureInfo.InvariantCulture), seen["header content-length"]);
    }

    [Fact]
    public async Task Claims_of_a_jwt_authorizer_are_the_user()
    {
        var claims = new JsonObject { ["jwt"] = new JsonObject { ["claims"] = new JsonObject { ["sub"] = "ada", ["exp"] = "1" }, ["scopes"] = null } };
        Assert.Equal("ada", (await SeeAsync(new HttpApiEvent("GET", "/") { Authorizer = claims }))["user"]);
    }

    [Fact]
    public async Task Nothing_of_an_invocation_is_left_for_the_next()
    {
        await using var function = await HostedFunction.StartAsync(Mirror.Map);
        await function.InvokeAsync(new HttpApiEvent("POST", "/first") { Query = "x=1", Body = "first", Cookies = ["a=1"], SourceIp = "192.0.2.1" }.With("x-first", "yes"));
        var second = JsonNode.Parse((await function.InvokeAsync(new HttpApiEvent("GET", "/second"))).Body)!;

        Assert.Equal("", second["body"]!.GetValue<string>());
        Assert.Null(second["header x-first"]);
        Assert.Null(second["header cookie"]);
        Assert.Null(second["query x"]);
        Assert.Equal("203.0.113.7:443", second["remote"]!.GetValue<string>());
        Assert.Equal("2", second["items"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"version":"1.0","httpMethod":"GET","path":"/"}""", "payload format to 2.0")]
    [InlineData("""{"Records":[]}""", "no rawPath")]
    [InlineData("""[1]""", "not an object")]
    [InlineData("""{"rawPath":"/","requestContext":{"http":{"method":5}}}""", "no request of an API Gateway HTTP API")]
    [InlineData("""{"rawPath":"/","requestContext":{"http":{"method":"POST"}},"body":"###","isBase64Encoded":true}""", "not base64")]
    [InlineData("""{"rawPath":""", "")]
    public async Task An_event_that_is_no_such_request_fails_its_invocation_and_no_other(string json, string reason)
    {
        await using var function = await HostedFunction.StartAsync(Mirror.Map);

        var refused = await function.Runtime.InvokeAsync(json);
        Assert.True(refused.IsError);
        Assert.Contains(reason, refused.Json["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(refused.ErrorType!);

        Assert.Equal(200, (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Status);
    }

    private static Task<Dictionary<string, string>> SeeAsync(HttpApiEvent request) => Mirror.SeeAsync(request.ToString());
}
