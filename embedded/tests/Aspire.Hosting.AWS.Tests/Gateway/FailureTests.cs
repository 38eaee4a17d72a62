using System.Diagnostics;
using System.Net;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>What clients get when the function does not answer, and what becomes of clients that leave.</summary>
public sealed class FailureTests
{
    private const string Slow = "00:00:00.050";

    public static TheoryData<string, int, string> Failures => new()
    {
        { nameof(InvokeStatus.FunctionError), 500, "Internal Server Error" },
        { nameof(InvokeStatus.Throttled), 503, "Service Unavailable" },
        { nameof(InvokeStatus.RequestTooLarge), 413, "Request Entity Too Large" },
        { nameof(InvokeStatus.FunctionNotFound), 500, "Internal Server Error" },
        { nameof(InvokeStatus.ServiceFailed), 500, "Internal Server Error" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_function_that_fails_is_answered_for(string status, int code, string message)
    {
        await using var api = await TestApi.StartAsync(new TestFunctions { Answer = (_, _) => new(TestFunctions.Fails(Enum.Parse<InvokeStatus>(status))) });

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(code, response.Status);
        Assert.Equal($$"""{"message":"{{message}}"}""", response.Text);
        Assert.Equal(["application/json"], response.Header("Content-Type"));
        Assert.Single(response.Header("Apigw-Requestid"));
        Assert.Contains($"The test says {status}.", await api.LogUntilAsync("The test says"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_function_says_about_its_error_is_in_the_log_and_not_in_the_response()
    {
        await using var api = await TestApi.StartAsync(new TestFunctions
        {
            Answer = (_, _) => new(new InvokeResult { Status = InvokeStatus.FunctionError, RequestId = "r", Payload = Payload.Of("""{"errorType":"Boom","errorMessage":"secret detail"}"""u8) }),
        });

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal("""{"message":"Internal Server Error"}""", response.Text);
        Assert.Contains("secret detail", await api.LogUntilAsync("Boom"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_takes_too_long_is_given_up()
    {
        var functions = new TestFunctions { Answer = async (_, end) => { await Task.Delay(Timeout.Infinite, end); throw new UnreachableException(); } };
        await using var api = await TestApi.StartAsync(functions, new() { ["IntegrationTimeout"] = Slow });

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(503, response.Status);
        Assert.Equal("""{"message":"Service Unavailable"}""", response.Text);
        Assert.Contains("the function did not answer in time", await api.LogUntilAsync("in time"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_goes_on_after_a_function_was_given_up()
    {
        var functions = new TestFunctions
        {
            Answer = async (invocation, end) =>
            {
                if ((string?)invocation.Event["rawPath"] == "/slow")
                {
                    await Task.Delay(Timeout.Infinite, end);
                }

                return TestFunctions.Returns("\"quick\"");
            },
        };
        await using var api = await TestApi.StartAsync(functions, new() { ["IntegrationTimeout"] = Slow });

        // One after another on one connection, so that one wait follows the other.
        var request = string.Concat(Enumerable.Repeat("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /quick HTTP/1.1\r\nHost: x\r\n\r\n", 3)) + "GET /quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        var received = await api.SendRawAsync(request);

        var all = received.Head + received.Text;
        Assert.Equal(3, all.Split("HTTP/1.1 503").Length - 1);
        Assert.Equal(4, all.Split("HTTP/1.1 200").Length - 1);
    }

    [Fact]
    public async Task A_client_that_leaves_is_not_waited_for()
    {
        var called = new TaskCompletionSource();
        var givenUp = new TaskCompletionSource();
        var functions = new TestFunctions
        {
            Answer = async (_, end) =>
            {
                called.TrySetResult();
                await using var registration = end.Register(() => givenUp.TrySetResult());
                await Task.Delay(Timeout.Infinite, end);
                throw new UnreachableException();
            },
        };
        await using var api = await TestApi.StartAsync(functions);

        using (var client = await api.ConnectAsync())
        {
            await client.GetStream().WriteAsync("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestDeadline.Token());
            await called.Task.InTimeAsync();
        }

        await givenUp.Task.InTimeAsync();
        Assert.Contains("/wait HTTP/1.1\" - 0", await api.LogUntilAsync("/wait"), StringComparison.Ordinal);

        // And the gateway serves others.
        functions.Answer = (_, _) => new(TestFunctions.Returns("1"));
        Assert.Equal(200, (await api.SendRawAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task A_client_that_leaves_within_its_body_calls_no_function()
    {
        await using var api = await TestApi.StartAsync();

        using (var client = await api.ConnectAsync())
        {
            await client.GetStream().WriteAsync("POST /half HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nhalf"u8.ToArray(), TestDeadline.Token());
            await client.GetStream().FlushAsync(TestDeadline.Token());
        }

        await api.LogUntilAsync("/half");
        Assert.Empty(api.Functions.Invocations);
        Assert.Equal(200, (await api.SendRawAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task A_client_that_leaves_within_its_response_harms_nobody()
    {
        await using var api = await TestApi.StartAsync(TestFunctions.Returning($$"""{"statusCode":200,"body":"{{new string('x', 5_000_000)}}"}"""));

        using (var client = await api.ConnectAsync())
        {
            await client.GetStream().WriteAsync("GET /large HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestDeadline.Token());
            await client.GetStream().ReadExactlyAsync(new byte[100], TestDeadline.Token());
            client.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        }

        await api.LogUntilAsync("/large");
        Assert.Equal(200, (await api.SendRawAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task A_fault_in_the_emulator_itself_ends_one_request_only()
    {
        var functions = new TestFunctions { Answer = (_, _) => throw new InvalidDataException("The test's invoker is broken.") };
        await using var api = await TestApi.StartAsync(functions);

        var response = await api.SendRawAsync("GET", "/");

        Assert.Equal(500, response.Status);
        Assert.Contains("The test's invoker is broken.", await api.LogUntilAsync("invoker is broken"), StringComparison.Ordinal);
        functions.Answer = (_, _) => new(TestFunctions.Returns("1"));
        Assert.Equal(200, (await api.SendRawAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task A_hundred_requests_in_one_write_are_answered_in_order()
    {
        await using var api = await TestApi.StartAsync(new TestFunctions { Answer = (i, _) => new(TestFunctions.Returns($"\"<{(string?)i.Event["rawPath"]}>\"")) });
        var request = string.Concat(Enumerable.Range(0, 99).Select(i => $"GET /{i} HTTP/1.1\r\nHost: x\r\n\r\n")) + "GET /99 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        var received = await api.SendRawAsync(request);

        var all = received.Head + received.Text;
        Assert.Equal(100, all.Split("HTTP/1.1 200 OK").Length - 1);
        var positions = Enumerable.Range(0, 100).Select(i => all.IndexOf($"</{i}>", StringComparison.Ordinal)).ToArray();
        Assert.Equal(positions.Order(), positions);
        Assert.DoesNotContain(-1, positions);
    }

    [Fact]
    public async Task Requests_at_the_same_time_are_served_at_the_same_time()
    {
        var waiting = 0;
        var all = new TaskCompletionSource();
        var functions = new TestFunctions
        {
            Answer = async (_, end) =>
            {
                if (Interlocked.Increment(ref waiting) == 20)
                {
                    all.SetResult();
                }

                await all.Task.WaitAsync(end);
                return TestFunctions.Returns("1");
            },
        };
        await using var api = await TestApi.StartAsync(functions);

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.Client.GetAsync("/", TestDeadline.Token())));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }
}
