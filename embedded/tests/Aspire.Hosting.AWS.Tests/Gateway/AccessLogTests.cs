using Aspire.Hosting.AWS.Lambda.Gateway;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>The line that each request has in the log: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html.</summary>
public sealed class AccessLogTests
{
    [Fact]
    public async Task Each_request_has_a_line()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning("""{"statusCode":201,"body":"12345"}"""));

        var response = await api.SendRawAsync("POST", "/orders?x=1");

        var log = await api.LogUntilAsync("/orders");
        Assert.Matches(
            $"""127\.0\.0\.1 - - \[\d\d/\w+/\d+:\d\d:\d\d:\d\d \+0000\] "POST /orders HTTP/1\.1" 201 5 {Assert.Single(response.Header("Apigw-Requestid"))} "ANY /\{"{"}proxy\+\{"}"}" \d+ ms, integration \d+ ms -""", log);
    }

    [Fact]
    public async Task The_format_may_be_any_that_API_Gateway_knows()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning("""{"statusCode":404,"body":"12345"}"""), new()
        {
            ["AccessLog:Format"] = "{ \"requestId\":\"$context.requestId\", \"ip\":\"$context.identity.sourceIp\", \"m\":\"$context.httpMethod\", \"k\":\"$context.routeKey\", \"s\":$context.status, \"is\":$context.integration.status, \"l\":$context.integrationStatus, "
                + "\"u\":\"$context.identity.userAgent\", \"d\":\"$context.domainName/$context.domainPrefix\", \"a\":\"$context.accountId $context.apiId $context.stage\", \"e\":$context.error.messageString, \"c\":\"$context.authorizer.claims.sub\", \"r\":\"$context.awsEndpointRequestId\" }",
        });

        var response = await api.SendRawAsync("GET", "/x", "User-Agent: say \"hi\"");

        var log = await api.LogUntilAsync("\"requestId\"");
        Assert.Contains(
            $$"""{ "requestId":"{{Assert.Single(response.Header("Apigw-Requestid"))}}", "ip":"127.0.0.1", "m":"GET", "k":"ANY /{proxy+}", "s":404, "is":404, "l":200, "u":"say \"hi\"", "d":"localhost/localhost", "a":"123456789012 gateway $default", "e":"-", "c":"-", "r":"invocation" }""",
            log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_the_gateway_has_its_line_too()
    {
        await using var api = await TestApi.StartAsync(settings: new() { ["AccessLog:Format"] = "$context.status $context.error.message $context.error.responseType $context.integrationLatency" }, routes: (AWS.Lambda.Method.Get, "/a", "fn"));

        await api.SendRawAsync("GET", "/b");

        Assert.Contains("404 Not Found MISSING_ROUTE -", await api.LogUntilAsync("MISSING"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_cannot_write_lines_of_its_own()
    {
        await using var api = await TestApi.StartAsync();

        await api.SendRawAsync("GET", "/a%0D%0Aforged%22%1B[31m");

        Assert.Contains("/a\\u000d\\u000aforged\\\"\\u001b[31m HTTP", await api.LogUntilAsync("forged"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_may_be_off()
    {
        await using var api = await TestApi.StartAsync(settings: new() { ["AccessLog:Enabled"] = "false" });
        await api.SendRawAsync("GET", "/silent");
        await api.Application.StopAsync(TestDeadline.Token());

        Assert.DoesNotContain("/silent", await api.LogUntilAsync("listens on"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_lines_than_the_bound_are_counted_and_not_written()
    {
        await using var api = await TestApi.StartAsync(settings: new() { ["AccessLog:MaxLinesPerSecond"] = "1", ["AccessLog:Format"] = "line $context.path" });
        var request = string.Concat(Enumerable.Range(0, 200).Select(i => $"GET /{i} HTTP/1.1\r\nHost: x\r\n\r\n")) + "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        await api.SendRawAsync(request);
        await api.Application.StopAsync(TestDeadline.Token());

        var log = await api.LogUntilAsync("have no line here");
        Assert.Contains("line /0", log, StringComparison.Ordinal);
        Assert.True(log.Split("line /").Length - 1 < 201, log);
    }

    [Fact]
    public void A_variable_that_HTTP_APIs_do_not_have_is_an_error_that_names_it()
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => new AccessLogFormat("$context.requestId $context.xrayTraceId"));

        Assert.Contains("$context.xrayTraceId is none", exception.Message, StringComparison.Ordinal);
    }
}
