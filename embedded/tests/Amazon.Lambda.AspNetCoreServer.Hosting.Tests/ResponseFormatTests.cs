using System.IO.Compression;
using System.Text.Json.Nodes;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>
/// Responses of every event source:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response (v2),
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format (v1),
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer.
/// </summary>
public sealed class ResponseFormatTests
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Theory]
    [InlineData("HttpApi", """{"statusCode":200,"headers":{"Content-Type":"text/plain","X-Many":"a,b"},"cookies":["c=1; path=/","d=2; path=/"],"body":"ok","isBase64Encoded":false}""")]
    [InlineData("RestApi", """{"statusCode":200,"multiValueHeaders":{"Content-Type":["text/plain"],"X-Many":["a","b"],"Set-Cookie":["c=1; path=/","d=2; path=/"]},"body":"ok","isBase64Encoded":false}""")]
    [InlineData("LoadBalancer", """{"statusCode":200,"statusDescription":"200 OK","headers":{"Content-Type":"text/plain","X-Many":"a,b","Set-Cookie":"c=1; path=/"},"body":"ok","isBase64Encoded":false}""")]
    [InlineData("MultiValueLoadBalancer", """{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Content-Type":["text/plain"],"X-Many":["a","b"],"Set-Cookie":["c=1; path=/","d=2; path=/"]},"body":"ok","isBase64Encoded":false}""")]
    public async Task A_response_has_the_form_of_its_event(string kind, string expected)
    {
        var (function, result) = await AnswerAsync(kind, context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.Headers.Append("X-Many", new Microsoft.Extensions.Primitives.StringValues(["a", "b"]));
            context.Response.Cookies.Append("c", "1");
            context.Response.Cookies.Append("d", "2");
            return context.Response.Body.WriteAsync("ok"u8.ToArray()).AsTask();
        });
        Assert.Equal(expected, result.Text);
        // Which it cannot pass on, it says.
        Assert.Equal(kind == "LoadBalancer", function.Log.Lines.Any(line => line.Contains("lambda.multi_value_headers.enabled", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("HttpApi")]
    [InlineData("RestApi")]
    [InlineData("LoadBalancer")]
    [InlineData("MultiValueLoadBalancer")]
    public async Task An_image_is_returned_in_base64(string kind)
    {
        var (_, result) = await AnswerAsync(kind, context =>
        {
            context.Response.ContentType = "image/png";
            return context.Response.Body.WriteAsync(Png).AsTask();
        });
        Assert.True(result.Json["isBase64Encoded"]!.GetValue<bool>());
        Assert.Equal(Png, Convert.FromBase64String(result.Json["body"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("HttpApi")]
    [InlineData("RestApi")]
    [InlineData("LoadBalancer")]
    public async Task A_compressed_body_is_returned_in_base64(string kind)
    {
        var (_, result) = await AnswerAsync(kind, async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync("{\"a\":1}"u8.ToArray());
        });
        Assert.True(result.Json["isBase64Encoded"]!.GetValue<bool>());
        using var text = new StreamReader(new GZipStream(new MemoryStream(Convert.FromBase64String(result.Json["body"]!.GetValue<string>())), CompressionMode.Decompress));
        Assert.Equal("{\"a\":1}", await text.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("HttpApi", 204)]
    [InlineData("HttpApi", 304)]
    [InlineData("RestApi", 204)]
    [InlineData("RestApi", 304)]
    [InlineData("LoadBalancer", 204)]
    [InlineData("LoadBalancer", 304)]
    public async Task A_status_without_body_has_none(string kind, int status)
    {
        var (_, result) = await AnswerAsync(kind, context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.ETag = "\"1\"";
            return context.Response.WriteAsync("a mistake");
        });
        Assert.Equal(status, result.Status);
        Assert.Null(result.Json["body"]);
        Assert.Contains("ETag", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HttpApi")]
    [InlineData("RestApi")]
    [InlineData("LoadBalancer")]
    public async Task A_head_has_the_length_and_no_body(string kind)
    {
        var (_, result) = await AnswerAsync(
            kind,
            context =>
            {
                context.Response.ContentLength = 4;
                return context.Response.WriteAsync("text");
            },
            "HEAD");
        Assert.Null(result.Json["body"]);
        Assert.Contains("\"Content-Length\":", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HttpApi", "cookies", "")]
    [InlineData("RestApi", "multiValueHeaders", "Set-Cookie")]
    [InlineData("MultiValueLoadBalancer", "multiValueHeaders", "Set-Cookie")]
    public async Task Forty_cookies_are_returned(string kind, string member, string header)
    {
        var (_, result) = await AnswerAsync(kind, context =>
        {
            for (var i = 0; i < 40; i++)
            {
                context.Response.Cookies.Append($"cookie{i}", $"value{i}");
            }

            return Task.CompletedTask;
        });
        var cookies = header.Length > 0 ? result.Json[member]![header]! : result.Json[member]!;
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"cookie{i}=value{i}; path=/"), cookies.AsArray().Select(cookie => cookie!.GetValue<string>()));
    }

    [Theory]
    [InlineData(404, null, "404 Not Found")]
    [InlineData(418, "Short And Stout", "418 Short And Stout")]
    [InlineData(599, null, "599")]
    public async Task A_load_balancer_gets_status_and_reason(int status, string? reason, string description)
    {
        var (_, result) = await AnswerAsync("LoadBalancer", context =>
        {
            context.Response.StatusCode = status;
            context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseFeature>()!.ReasonPhrase = reason;
            return Task.CompletedTask;
        });
        Assert.Equal(description, result.Json["statusDescription"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("RestApi")]
    [InlineData("LoadBalancer")]
    [InlineData("MultiValueLoadBalancer")]
    public async Task An_exception_is_500_everywhere(string kind)
    {
        var (function, result) = await AnswerAsync(kind, _ => throw new InvalidOperationException("the secret reason"));
        Assert.Equal(500, result.Status);
        Assert.DoesNotContain("InvalidOperation", result.Text, StringComparison.Ordinal);
        Assert.Contains(function.Log.Lines, line => line.StartsWith("Error: Invocation", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RestApi")]
    [InlineData("LoadBalancer")]
    public async Task A_response_over_6_MB_fails_the_invocation_everywhere(string kind)
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context => context.Response.WriteAsync(new string('x', 6_291_556))), source: Source(kind));
        var result = await function.InvokeAsync(Event(kind, "GET"));
        Assert.Equal((true, "Function.ResponseSizeTooLarge"), (result.IsError, result.ErrorType));
    }

    [Fact]
    public async Task A_load_balancer_is_answered_in_the_mode_of_each_event()
    {
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(context =>
            {
                context.Response.Headers["X-One"] = "1";
                return Task.CompletedTask;
            }),
            source: LambdaEventSource.ApplicationLoadBalancer);
        foreach (var kind in new[] { "LoadBalancer", "MultiValueLoadBalancer", "LoadBalancer" })
        {
            var answer = (await function.InvokeAsync(Event(kind, "GET"))).Json.AsObject();
            Assert.Equal(kind == "LoadBalancer", answer.ContainsKey("headers"));
            Assert.Equal(kind != "LoadBalancer", answer.ContainsKey("multiValueHeaders"));
        }
    }

    private static async Task<(HostedFunction Function, InvocationResult Result)> AnswerAsync(string kind, RequestDelegate handler, string method = "GET")
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(handler), source: Source(kind));
        var result = await function.InvokeAsync(Event(kind, method));
        Assert.False(result.IsError, result.Text);
        return (function, result);
    }

    private static LambdaEventSource Source(string kind) => kind switch
    {
        "HttpApi" => LambdaEventSource.HttpApi,
        "RestApi" => LambdaEventSource.RestApi,
        _ => LambdaEventSource.ApplicationLoadBalancer,
    };

    private static string Event(string kind, string method)
    {
        if (kind == "HttpApi")
        {
            return new HttpApiEvent(method, "/").ToString();
        }

        var json = Sample.Parse(kind == "RestApi" ? "RestApi.json" : "LoadBalancer.json");
        json["httpMethod"] = method;
        if (kind == "MultiValueLoadBalancer")
        {
            json["multiValueHeaders"] = new JsonObject { ["host"] = new JsonArray("lambda.example"), ["x-forwarded-proto"] = new JsonArray("https") };
            json.Remove("headers");
        }

        return json.ToJsonString();
    }
}
