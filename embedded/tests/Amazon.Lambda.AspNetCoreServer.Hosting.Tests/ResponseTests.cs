using System.Globalization;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>What is answered for what the application does.</summary>
public sealed class ResponseTests
{
    private static readonly byte[] Binary = [0xFF, 0x00, 0x80];

    [Fact]
    public async Task Status_headers_cookies_and_text_are_returned()
    {
        var result = await AnswerAsync(async context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers.Append("X-Many", "a");
            context.Response.Headers.Append("X-Many", "b");
            context.Response.Cookies.Append("a", "1");
            context.Response.Cookies.Append("b", "2");
            await context.Response.WriteAsync("größe \"<&>\" 😀");
        });

        Assert.Equal(201, result.Status);
        Assert.Equal("a,b", result.Header("X-Many"));
        Assert.Equal(["a=1; path=/", "b=2; path=/"], result.Json["cookies"]!.AsArray().Select(cookie => cookie!.GetValue<string>()));
        Assert.Null(result.Header("Set-Cookie"));
        Assert.False(result.Json["isBase64Encoded"]!.GetValue<bool>());
        Assert.Equal("größe \"<&>\" 😀", result.Body);
    }

    [Theory]
    [InlineData("image/png", null, true)]
    [InlineData("application/octet-stream", null, true)]
    [InlineData("application/json; charset=utf-8", null, false)]
    [InlineData("application/json", "gzip", true)]
    [InlineData("application/json", "identity", false)]
    [InlineData("application/x-registered; v=1", null, true)]
    [InlineData("text/unknown", null, false)]
    public async Task What_is_binary_is_returned_in_base64(string contentType, string? contentEncoding, bool base64)
    {
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(context =>
            {
                context.Response.ContentType = contentType;
                context.Response.Headers.ContentEncoding = contentEncoding;
                return context.Response.Body.WriteAsync("text"u8.ToArray()).AsTask();
            }),
            options => options.RegisterResponseContentEncodingForContentType("application/x-registered", ResponseContentEncoding.Base64));

        var result = await function.InvokeAsync(new HttpApiEvent("GET", "/"));
        Assert.Equal(base64, result.Json["isBase64Encoded"]!.GetValue<bool>());
        Assert.Equal(base64 ? Convert.ToBase64String("text"u8) : "text", result.Json["body"]!.GetValue<string>());
    }

    [Fact]
    public async Task Text_that_is_no_utf8_arrives_unchanged_all_the_same()
    {
        var result = await AnswerAsync(context =>
        {
            context.Response.ContentType = "text/plain; charset=iso-8859-1";
            return context.Response.Body.WriteAsync(Binary).AsTask();
        });

        Assert.True(result.Json["isBase64Encoded"]!.GetValue<bool>());
        Assert.Equal(Convert.ToBase64String(Binary), result.Body);
    }

    [Fact]
    public async Task Head_has_the_headers_and_no_body()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            context.Request.Method = "GET";
            context.Response.ContentLength = 4;
            return context.Response.WriteAsync("text");
        }));

        var result = await function.InvokeAsync(new HttpApiEvent("HEAD", "/"));
        Assert.Equal("4", result.Header("Content-Length"));
        Assert.Equal("", result.Body);
    }

    [Fact]
    public async Task Who_waits_for_the_start_can_still_set_headers_and_who_waits_for_the_end_is_called_after()
    {
        var order = new List<string>();
        var ended = new TaskCompletionSource();
        var result = await AnswerAsync(async context =>
        {
            context.Response.OnStarting(() =>
            {
                order.Add("starting 1");
                context.Response.Headers["X-Late"] = "yes";
                return Task.CompletedTask;
            });
            context.Response.OnStarting(() =>
            {
                order.Add("starting 2");
                return Task.CompletedTask;
            });
            context.Response.OnCompleted(() =>
            {
                order.Add("completed");
                ended.SetResult();
                return Task.CompletedTask;
            });
            Assert.False(context.Response.HasStarted);
            await context.Response.WriteAsync("a");
            Assert.True(context.Response.HasStarted);
            Assert.Throws<InvalidOperationException>(() => context.Response.StatusCode = 500);
        });

        Assert.Equal(200, result.Status);
        Assert.Equal("yes", result.Header("X-Late"));
        await ended.Task.WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["starting 2", "starting 1", "completed"], order);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_is_500_and_says_more_only_on_request(bool detail)
    {
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(async context =>
            {
                await context.Response.WriteAsync("half");
                throw new InvalidOperationException("the secret reason");
            }),
            options => options.IncludeUnhandledExceptionDetailInResponse = detail);

        var result = await function.InvokeAsync(new HttpApiEvent("GET", "/"));
        Assert.Equal(500, result.Status);
        Assert.Equal(detail ? "InvalidOperationException" : null, result.Header("ErrorType"));
        Assert.Equal(detail, result.Body.Contains("the secret reason", StringComparison.Ordinal));
        Assert.DoesNotContain("half", result.Body, StringComparison.Ordinal);
        Assert.Contains(function.Log.Lines, line => line.StartsWith("Error: Invocation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_is_aborted_in_time_to_answer_504()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(async context =>
        {
            if (context.Request.Path == "/slow")
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
        }));

        Assert.Equal(504, (await function.InvokeAsync(new HttpApiEvent("GET", "/slow"), TimeSpan.FromMilliseconds(700))).Status);
        Assert.Contains(function.Log.Lines, line => line.Contains("answered with 504", StringComparison.Ordinal));
        Assert.Equal(200, (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Status);
    }

    [Fact]
    public async Task A_response_over_6_MB_fails_the_invocation_as_lambda_words_it_and_the_next_goes_on()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
            context.Response.WriteAsync(new string('x', int.Parse(context.Request.Query["n"].ToString(), CultureInfo.InvariantCulture)))));

        var result = await function.InvokeAsync(new HttpApiEvent("GET", "/") { Query = "n=6291556" });
        Assert.True(result.IsError);
        Assert.Equal("Function.ResponseSizeTooLarge", result.ErrorType);
        Assert.Matches(@"^Response payload size \(\d+ bytes\) exceeded maximum allowed payload size \(6291556 bytes\)\.$", result.Json["errorMessage"]!.GetValue<string>());
        Assert.Contains(function.Log.Lines, line => line.Contains("answer with less", StringComparison.Ordinal));

        Assert.Equal(6_000_000, (await function.InvokeAsync(new HttpApiEvent("GET", "/") { Query = "n=6000000" })).Body.Length);
    }

    [Fact]
    public async Task Scoped_services_and_features_of_the_application_end_with_the_invocation()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            var leftover = context.Features.Get<ISomething>();
            context.Features.Set<ISomething>(new Something());
            return context.Response.WriteAsync(leftover is null ? "none" : "left over");
        }));

        Assert.Equal("none", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
        Assert.Equal("none", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    [Fact]
    public async Task A_file_and_the_body_writer_both_write_to_the_body()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "0123456789", TestContext.Current.CancellationToken);
            var result = await AnswerAsync(async context =>
            {
                await context.Response.SendFileAsync(path, 2, 3);
                context.Response.BodyWriter.GetSpan(1)[0] = (byte)'!';
                context.Response.BodyWriter.Advance(1);
                await context.Response.BodyWriter.FlushAsync();
                await context.Features.Get<IHttpResponseBodyFeature>()!.CompleteAsync();
            });
            Assert.Equal("234!", result.Body);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<InvocationResult> AnswerAsync(RequestDelegate handler)
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(handler));
        var result = await function.InvokeAsync(new HttpApiEvent("GET", "/"));
        Assert.False(result.IsError, result.Text);
        return result;
    }

    private interface ISomething;

    private sealed class Something : ISomething;
}
