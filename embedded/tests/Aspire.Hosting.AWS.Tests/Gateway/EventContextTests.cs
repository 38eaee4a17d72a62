using System.Text.RegularExpressions;
using Aspire.Hosting.AWS.Lambda;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>The members of an event that say where a request came from, and its trace.</summary>
public sealed partial class EventContextTests
{
    [Fact]
    public async Task An_event_has_the_members_of_format_2_and_no_others()
    {
        await using var api = await TestApi.StartAsync(settings: new() { ["StageVariables:color"] = "blue" });
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        await api.SendRawAsync($"POST /orders/7?x=1 HTTP/1.1\r\nHost: id.execute-api.eu-west-1.amazonaws.com:8443\r\nConnection: close\r\nCookie: a=b\r\nUser-Agent: tests/1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");

        var e = api.Functions.Event.AsObject();
        Assert.Equal(
            ["body", "cookies", "headers", "isBase64Encoded", "pathParameters", "queryStringParameters", "rawPath", "rawQueryString", "requestContext", "routeKey", "stageVariables", "version"],
            e.Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal("2.0", (string?)e["version"]);
        Assert.Equal("ANY /{proxy+}", (string?)e["routeKey"]);
        Assert.Equal("blue", (string?)e["stageVariables"]!["color"]);
        Assert.Equal("hi", (string?)e["body"]);

        var context = e["requestContext"]!.AsObject();
        Assert.Equal(["accountId", "apiId", "domainName", "domainPrefix", "http", "requestId", "routeKey", "stage", "time", "timeEpoch"], context.Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal("123456789012", (string?)context["accountId"]);
        Assert.Equal("gateway", (string?)context["apiId"]);
        Assert.Equal("id.execute-api.eu-west-1.amazonaws.com", (string?)context["domainName"]);
        Assert.Equal("id", (string?)context["domainPrefix"]);
        Assert.Equal("ANY /{proxy+}", (string?)context["routeKey"]);
        Assert.Equal("$default", (string?)context["stage"]);
        Assert.Matches(RequestId(), (string?)context["requestId"]);
        Assert.Matches(ClfTime(), (string?)context["time"]);
        Assert.InRange((long)context["timeEpoch"]!, before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

        var http = context["http"]!.AsObject();
        Assert.Equal(["method", "path", "protocol", "sourceIp", "userAgent"], http.Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal("POST", (string?)http["method"]);
        Assert.Equal("HTTP/1.1", (string?)http["protocol"]);
        Assert.Equal("tests/1", (string?)http["userAgent"]);
    }

    [Fact]
    public async Task What_a_request_does_not_have_is_absent()
    {
        await using var api = await TestApi.StartAsync(routes: (Method.Get, "/plain", "fn"));

        await api.SendRawAsync("GET", "/plain");

        var e = api.Functions.Event.AsObject();
        Assert.Equal(["headers", "isBase64Encoded", "rawPath", "rawQueryString", "requestContext", "routeKey", "version"], e.Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal("", (string?)e["rawQueryString"]);
        Assert.False((bool)e["isBase64Encoded"]!);
        Assert.Equal("", (string?)e["requestContext"]!["http"]!["userAgent"]);
        Assert.Equal("0", (string?)e["headers"]!["content-length"]);
    }

    [Fact]
    public async Task The_time_of_an_event_is_in_both_forms_the_same()
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/");

        var context = api.Functions.Event["requestContext"]!;
        var epoch = DateTimeOffset.FromUnixTimeMilliseconds((long)context["timeEpoch"]!);
        Assert.Equal(epoch.ToString("dd/MMM/yyyy:HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " +0000", (string?)context["time"]);
    }

    [Fact]
    public async Task Every_request_has_an_id_of_its_own_which_the_response_names()
    {
        await using var api = await TestApi.StartAsync();

        var first = await api.SendRawAsync("GET", "/");
        var second = await api.SendRawAsync("GET", "/");

        var ids = api.Functions.Invocations.Select(i => (string?)i.Event["requestContext"]!["requestId"]).ToArray();
        Assert.Equal<IEnumerable<string?>>(ids, [first.Header("Apigw-Requestid").Single(), second.Header("Apigw-Requestid").Single()]);
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Fact]
    public async Task A_request_of_HTTP_1_0_is_served()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning("\"hello\""));

        var response = await api.SendRawAsync("GET /old HTTP/1.0\r\n\r\n");

        Assert.Equal(200, response.Status);
        Assert.Equal("hello", response.Text);
        Assert.Equal("HTTP/1.0", (string?)api.Functions.Event["requestContext"]!["http"]!["protocol"]);
        Assert.Equal("", (string?)api.Functions.Event["requestContext"]!["domainName"]);
    }

    [Fact]
    public async Task A_request_without_a_trace_gets_one()
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/");

        var trace = (string?)api.Functions.Event["headers"]!["x-amzn-trace-id"];
        Assert.Matches(NewRoot(), trace);
        Assert.Equal(trace, Assert.Single(api.Functions.Invocations).TraceId);
    }

    [Theory]
    [InlineData("Root=1-67fd894d-3c512d985fc0f8aa38cbeaac")]
    [InlineData("Root=1-67fd894d-3c512d985fc0f8aa38cbeaac;Parent=48a841fdc26e5fb0;Sampled=1")]
    [InlineData("Self=1-5e6b67ad-2d4a5560cf6fb7a02780c3a0;Root=1-67fd894d-3c512d985fc0f8aa38cbeaac")]
    public async Task A_trace_that_came_with_the_request_is_kept(string trace)
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/", "X-Amzn-Trace-Id: " + trace, "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        Assert.Equal(trace, (string?)api.Functions.Event["headers"]!["x-amzn-trace-id"]);
        Assert.Equal(trace, Assert.Single(api.Functions.Invocations).TraceId);
    }

    [Theory]
    [InlineData("01", "1")]
    [InlineData("00", "0")]
    public async Task A_W3C_trace_goes_on_as_a_trace_of_X_Ray_and_as_it_is(string flags, string sampled)
    {
        await using var api = await TestApi.StartAsync();
        var traceParent = $"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}";

        await api.SendRawAsync("GET", "/", "traceparent: " + traceParent, "tracestate: a=b");

        var headers = api.Functions.Event["headers"]!;
        Assert.Equal($"Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled={sampled}", (string?)headers["x-amzn-trace-id"]);
        Assert.Equal(traceParent, (string?)headers["traceparent"]);
        Assert.Equal("a=b", (string?)headers["tracestate"]);
    }

    [Fact]
    public async Task A_malformed_traceparent_is_no_trace()
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/", "traceparent: 00-zz-zz-01", "X-Amzn-Trace-Id: nothing");

        Assert.Matches(NewRoot(), (string?)api.Functions.Event["headers"]!["x-amzn-trace-id"]);
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{15}=$")]
    private static partial Regex RequestId();

    [GeneratedRegex(@"^\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d \+0000$")]
    private static partial Regex ClfTime();

    [GeneratedRegex("^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$")]
    private static partial Regex NewRoot();
}
