using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>The documented example events, and what is said about headers, cookies, bodies and clients beside them.</summary>
public sealed class DocumentedEventTests
{
    // A PNG of one pixel.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task The_example_of_an_http_api()
    {
        var seen = await Mirror.SeeAsync(Sample.Read("HttpApi.json"));
        Assert.Equal(("GET", "https", "/my/path", "value1|value2", "value"), (seen["method"], seen["scheme"], seen["path"], seen["query parameter1"], seen["query parameter2"]));
        Assert.Equal(("a", "b", "203.0.113.7:443", "no"), (seen["cookie cookie1"], seen["cookie cookie2"], seen["remote"], seen["authenticated"]));
        Assert.Equal("abc123.execute-api.us-east-2.amazonaws.com", seen["header host"]);
    }

    [Fact]
    public async Task The_example_of_a_rest_api()
    {
        var seen = await Mirror.SeeAsync(Sample.Read("RestApi.json"), LambdaEventSource.RestApi);
        Assert.Equal(("GET", "https", "/dev", "/my/path"), (seen["method"], seen["scheme"], seen["base"], seen["path"]));
        Assert.Equal(("value1|value2", "value"), (seen["query parameter1"], seen["query parameter2"]));
        Assert.Equal("value1|value2", seen["header header1"]);
        Assert.Equal(("203.0.113.7:443", "no", "HTTP/1.1"), (seen["remote"], seen["authenticated"], seen["protocol"]));
        Assert.Equal("/my/path?parameter1=value1&parameter1=value2&parameter2=value", seen["target"]);
    }

    [Fact]
    public async Task The_example_of_a_load_balancer()
    {
        var seen = await Mirror.SeeAsync(Sample.Read("LoadBalancer.json"), LambdaEventSource.ApplicationLoadBalancer);
        Assert.Equal(("GET", "https", "", "/my/path"), (seen["method"], seen["scheme"], seen["base"], seen["path"]));
        Assert.Equal(("value 1", ""), (seen["query parameter1"], seen["query parameter2"]));
        Assert.Equal(("a", "b"), (seen["cookie cookie1"], seen["cookie cookie2"]));
        Assert.Equal("203.0.113.7:443", seen["remote"]);
        Assert.Equal("/my/path?parameter1=value%201&parameter2=", seen["target"]);
    }

    [Theory]
    [InlineData("https", "https")]
    [InlineData("http", "http")]
    [InlineData(null, "http")]
    public async Task The_scheme_is_what_the_load_balancer_was_asked_with(string? forwarded, string scheme)
        => Assert.Equal(scheme, (await Mirror.SeeAsync(LoadBalancer(("x-forwarded-proto", forwarded)), LambdaEventSource.ApplicationLoadBalancer))["scheme"]);

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7:443")]
    [InlineData("10.0.0.1, 203.0.113.7", "203.0.113.7:443")]
    [InlineData("203.0.113.7:51034", "203.0.113.7:51034")]
    [InlineData("[2001:db8::1]:51034", "2001:db8::1:51034")]
    [InlineData("2001:db8::1", "2001:db8::1:443")]
    [InlineData("unknown", ":443")]
    public async Task The_client_of_a_load_balancer_is_whom_it_saw_itself(string forwarded, string remote)
        => Assert.Equal(remote, (await Mirror.SeeAsync(LoadBalancer(("x-forwarded-for", forwarded)), LambdaEventSource.ApplicationLoadBalancer))["remote"]);

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#enable-health-checks-lambda
    [Fact]
    public async Task A_health_check_of_a_load_balancer_is_a_request_from_this_machine()
    {
        var json = LoadBalancer(("user-agent", "ELB-HealthChecker/2.0"), ("x-forwarded-for", null), ("x-forwarded-port", null), ("x-forwarded-proto", null), ("host", null));
        var seen = await Mirror.SeeAsync(json, LambdaEventSource.ApplicationLoadBalancer);
        Assert.Equal(("https", "localhost", "127.0.0.1:443"), (seen["scheme"], seen["header host"], seen["remote"]));
    }

    [Theory]
    [InlineData(LambdaEventSource.HttpApi)]
    [InlineData(LambdaEventSource.RestApi)]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer)]
    public async Task Forty_cookies_arrive(LambdaEventSource source)
    {
        var cookies = Enumerable.Range(0, 40).Select(i => $"cookie{i}=value{i}").ToArray();
        var json = Event(source);
        if (source == LambdaEventSource.HttpApi)
        {
            json["cookies"] = new JsonArray([.. cookies.Select(cookie => (JsonNode)cookie)]);
        }
        else if (source == LambdaEventSource.RestApi)
        {
            // Two headers, as a client over HTTP/2 may send them.
            json["multiValueHeaders"]!["Cookie"] = new JsonArray(string.Join("; ", cookies[..20]), string.Join("; ", cookies[20..]));
        }
        else
        {
            json["headers"]!["cookie"] = string.Join("; ", cookies);
        }

        var seen = await Mirror.SeeAsync(json.ToJsonString(), source);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"value{i}"), Enumerable.Range(0, 40).Select(i => seen[$"cookie cookie{i}"]));
    }

    [Theory]
    [InlineData(LambdaEventSource.HttpApi)]
    [InlineData(LambdaEventSource.RestApi)]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer)]
    public async Task A_value_with_commas_is_one_value(LambdaEventSource source)
    {
        const string date = "Tue, 24 Nov 2026 08:00:00 GMT";
        var json = Event(source);
        json[source == LambdaEventSource.RestApi ? "multiValueHeaders" : "headers"]!["if-modified-since"] = source == LambdaEventSource.RestApi ? new JsonArray(date) : date;
        Assert.Equal(date, (await Mirror.SeeAsync(json.ToJsonString(), source))["header if-modified-since"]);
    }

    [Theory]
    [InlineData(LambdaEventSource.HttpApi)]
    [InlineData(LambdaEventSource.RestApi)]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer)]
    public async Task A_binary_body_arrives_as_its_bytes(LambdaEventSource source)
    {
        var json = Event(source);
        json[source == LambdaEventSource.HttpApi ? "version" : "httpMethod"] = source == LambdaEventSource.HttpApi ? "2.0" : "POST";
        json["body"] = Png;
        json["isBase64Encoded"] = true;
        var seen = await Mirror.SeeAsync(json.ToJsonString(), source);
        Assert.Equal(Convert.ToHexStringLower(Convert.FromBase64String(Png)), seen["hex"]);
        Assert.Equal(Convert.FromBase64String(Png).Length.ToString(System.Globalization.CultureInfo.InvariantCulture), seen["header content-length"]);
    }

    [Theory]
    [InlineData(LambdaEventSource.HttpApi)]
    [InlineData(LambdaEventSource.RestApi)]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer)]
    public async Task A_text_of_two_megabytes_arrives_whole(LambdaEventSource source)
    {
        var text = string.Concat(Enumerable.Repeat("ÄÖ\"\\\n 😀", 200_000));
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(async context => await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body)))), source: source);
        var json = Event(source);
        json["body"] = text;
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))), (await function.InvokeAsync(json.ToJsonString())).Body);
    }

    [Fact]
    public async Task A_rest_api_without_multi_value_fields_is_read_by_its_single_values()
    {
        var json = Event(LambdaEventSource.RestApi);
        json.Remove("multiValueHeaders");
        json.Remove("multiValueQueryStringParameters");
        var seen = await Mirror.SeeAsync(json.ToJsonString(), LambdaEventSource.RestApi);
        Assert.Equal(("value2", "value2"), (seen["header header1"], seen["query parameter1"]));
    }

    [Theory]
    [InlineData("abc123.execute-api.us-east-2.amazonaws.com", "abc123.execute-api.us-east-2.amazonaws.com")]
    [InlineData(null, "apigateway-abc123-dev")]
    public async Task A_rest_api_without_host_has_its_own(string? domain, string host)
    {
        var json = Event(LambdaEventSource.RestApi);
        json["requestContext"]!["domainName"] = domain;
        json["multiValueHeaders"]!.AsObject().Remove("Host");
        Assert.Equal(host, (await Mirror.SeeAsync(json.ToJsonString(), LambdaEventSource.RestApi))["header host"]);
    }

    [Theory]
    [InlineData(LambdaEventSource.RestApi, """{"version":"2.0","rawPath":"/"}""", "LambdaEventSource.HttpApi for payload format 2.0")]
    [InlineData(LambdaEventSource.RestApi, """{"Records":[]}""", "no httpMethod")]
    [InlineData(LambdaEventSource.RestApi, """{"httpMethod":"GET"}""", "no path")]
    [InlineData(LambdaEventSource.RestApi, """{"httpMethod":"GET","path":7}""", "no request of an API Gateway REST API")]
    [InlineData(LambdaEventSource.RestApi, """{"httpMethod":"GET","path":"/","body":"###","isBase64Encoded":true}""", "not base64")]
    [InlineData(LambdaEventSource.RestApi, """{"httpMethod":"GET","path":"/","multiValueHeaders":{"a":[5]}}""", "no request of an API Gateway REST API")]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer, """{"httpMethod":"GET","path":"/"}""", "neither headers nor multiValueHeaders")]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer, """{"headers":{},"path":"/"}""", "no httpMethod")]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer, """{"headers":{},"httpMethod":"GET"}""", "no path")]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer, """[]""", "not an object")]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer, """{"headers":{"a":""", "")]
    public async Task An_event_of_another_kind_fails_its_invocation_and_no_other(LambdaEventSource source, string json, string reason)
    {
        await using var function = await HostedFunction.StartAsync(Mirror.Map, source: source);
        var refused = await function.InvokeAsync(json);
        Assert.True(refused.IsError);
        Assert.Contains(reason, refused.Json["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(200, (await function.InvokeAsync(Event(source).ToJsonString())).Status);
    }

    private static JsonObject Event(LambdaEventSource source) => Sample.Parse(source switch
    {
        LambdaEventSource.RestApi => "RestApi.json",
        LambdaEventSource.ApplicationLoadBalancer => "LoadBalancer.json",
        _ => "HttpApi.json",
    });

    private static string LoadBalancer(params (string Name, string? Value)[] headers)
    {
        var json = Event(LambdaEventSource.ApplicationLoadBalancer);
        foreach (var (name, value) in headers)
        {
            json["headers"]!.AsObject().Remove(name);
            if (value is not null)
            {
                json["headers"]![name] = value;
            }
        }

        return json.ToJsonString();
    }
}
