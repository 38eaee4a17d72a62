namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>Requests of browsers: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html.</summary>
public sealed class CorsTests
{
    private const string Origin = "https://www.example.com";

    private static readonly Dictionary<string, string?> Configured = new()
    {
        ["Cors:AllowOrigins:0"] = Origin,
        ["Cors:AllowOrigins:1"] = "http://localhost:5173",
        ["Cors:AllowMethods:0"] = "GET",
        ["Cors:AllowMethods:1"] = "POST",
        ["Cors:AllowHeaders:0"] = "authorization",
        ["Cors:AllowHeaders:1"] = "content-type",
        ["Cors:ExposeHeaders:0"] = "date",
        ["Cors:MaxAge"] = "300",
        ["Cors:AllowCredentials"] = "true",
    };

    [Fact]
    public async Task A_preflight_request_is_answered_by_the_gateway()
    {
        await using var api = await TestApi.StartAsync(settings: Configured, routes: (AWS.Lambda.Method.Get, "/pets", "fn"));

        var response = await api.SendRawAsync("OPTIONS", "/pets", "Origin: " + Origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type");

        Assert.Equal(204, response.Status);
        Assert.Empty(response.Body);
        Assert.Equal([Origin], response.Header("Access-Control-Allow-Origin"));
        Assert.Equal(["GET,POST"], response.Header("Access-Control-Allow-Methods"));
        Assert.Equal(["authorization,content-type"], response.Header("Access-Control-Allow-Headers"));
        Assert.Equal(["300"], response.Header("Access-Control-Max-Age"));
        Assert.Equal(["true"], response.Header("Access-Control-Allow-Credentials"));
        Assert.Single(response.Header("Apigw-Requestid"));
        Assert.Empty(api.Functions.Invocations);
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("http://www.example.com")]
    [InlineData("https://www.example.com.evil.com")]
    [InlineData("null")]
    public async Task An_origin_that_is_not_allowed_gets_no_headers(string origin)
    {
        await using var api = await TestApi.StartAsync(settings: Configured);

        var preflight = await api.SendRawAsync("OPTIONS", "/", "Origin: " + origin, "Access-Control-Request-Method: GET");
        var simple = await api.SendRawAsync("GET", "/", "Origin: " + origin);

        Assert.Equal(204, preflight.Status);
        Assert.Equal(200, simple.Status);
        Assert.DoesNotContain("access-control", preflight.Head + simple.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("*", "https://any.example.com", "*")]
    [InlineData("https://*", "https://any.example.com", "https://any.example.com")]
    [InlineData("https://*", "http://any.example.com", null)]
    [InlineData("http://*", "http://localhost:3000", "http://localhost:3000")]
    public async Task Origins_may_be_all_or_all_of_a_scheme(string allowed, string origin, string? answer)
    {
        await using var api = await TestApi.StartAsync(settings: new() { ["Cors:AllowOrigins:0"] = allowed, ["Cors:AllowMethods:0"] = "*" });

        var response = await api.SendRawAsync("GET", "/", "Origin: " + origin);

        Assert.Equal(answer is null ? [] : [answer], response.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_functions_headers_give_way_to_the_configured_ones()
    {
        await using var api = await TestApi.StartAsync(
            TestFunctions.Returning("""{"statusCode":200,"headers":{"Access-Control-Allow-Origin":"*","access-control-allow-methods":"DELETE","X-Mine":"1"}}"""), Configured);

        var browser = await api.SendRawAsync("GET", "/", "Origin: " + Origin);
        var other = await api.SendRawAsync("GET", "/");

        Assert.Equal([Origin], browser.Header("Access-Control-Allow-Origin"));
        Assert.Equal(["date"], browser.Header("Access-Control-Expose-Headers"));
        Assert.Equal(["true"], browser.Header("Access-Control-Allow-Credentials"));
        Assert.Empty(browser.Header("Access-Control-Allow-Methods"));
        Assert.Equal(["1"], browser.Header("X-Mine"));
        Assert.DoesNotContain("access-control", other.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task OPTIONS_that_is_no_preflight_request_goes_to_its_route()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning("\"function\""), Configured);

        var response = await api.SendRawAsync("OPTIONS", "/", "Origin: " + Origin);

        Assert.Equal("function", response.Text);
        Assert.Equal([Origin], response.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Without_a_configuration_browsers_talk_to_the_function()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning("""{"statusCode":204,"headers":{"Access-Control-Allow-Origin":"https://mine"}}"""));

        var response = await api.SendRawAsync("OPTIONS", "/", "Origin: " + Origin, "Access-Control-Request-Method: GET");

        Assert.Equal(204, response.Status);
        Assert.Equal(["https://mine"], response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("OPTIONS", (string?)api.Functions.Event["requestContext"]!["http"]!["method"]);
        Assert.Equal(Origin, (string?)api.Functions.Event["headers"]!["origin"]);
    }
}
