using System.Net;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html</summary>
public class InvokeApiTests(InvokeApiTests.SharedFunction shared) : IClassFixture<InvokeApiTests.SharedFunction>
{
    public sealed class SharedFunction : IAsyncLifetime
    {
        internal FunctionHost Host { get; } = new(("EventRetryDelay", "00:00:00.01"), ("Concurrency", "2"), ("MaxEnvironments", "2"));

        public async ValueTask InitializeAsync() => await Host.StartAsync();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    [Theory]
    [InlineData("function")]
    [InlineData("function:$LATEST")]
    [InlineData("000000000000:function:function")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:function")]
    [InlineData("arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Afunction%3A%24LATEST")]
    [InlineData("function/invocations?Qualifier=$LATEST", true)]
    public async Task A_function_is_named_in_many_ways(string name, bool isWhole = false)
    {
        using var content = new StringContent("""{"x":1}""");
        using var response = await shared.Host.Client.PostAsync(new Uri($"/2015-03-31/functions/{name}{(isWhole ? "" : "/invocations")}", UriKind.Relative), content, TestDeadline.Token());

        Assert.Equal((HttpStatusCode.OK, """{"x":1}"""), (response.StatusCode, await response.Content.ReadAsStringAsync(TestDeadline.Token())));
        Assert.Equal("$LATEST", response.Headers.GetValues("X-Amz-Executed-Version").Single());
        Assert.True(Guid.TryParse(response.Headers.GetValues("x-amzn-RequestId").Single(), out _));
        Assert.False(response.Headers.Contains("X-Amz-Function-Error"));
    }

    [Theory]
    [InlineData("other", "{}", "", "", 404, "ResourceNotFoundException")]
    [InlineData("function:alias", "{}", "", "", 404, "ResourceNotFoundException")]
    [InlineData("function", "{not json", "", "", 400, "InvalidRequestContentException")]
    [InlineData("function", "{}", "X-Amz-Invocation-Type", "Sometimes", 400, "InvalidParameterValueException")]
    [InlineData("function", "{}", "X-Amz-Client-Context", "not base64!", 400, "InvalidRequestContentException")]
    public async Task What_cannot_be_invoked_is_an_error(string name, string payload, string header, string value, int status, string type)
    {
        using var response = await shared.Host.PostAsync(payload, name, header.Length == 0 ? [] : [(header, value)]);

        Assert.Equal((status, type), ((int)response.StatusCode, response.Headers.GetValues("x-amzn-ErrorType").Single()));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestDeadline.Token()));
        Assert.Equal("User", json.RootElement.GetProperty("Type").GetString());
    }

    [Theory]
    [InlineData("RequestResponse", 6_291_456, 200)]
    [InlineData("RequestResponse", 6_291_457, 413)]
    [InlineData("Event", 1_048_576, 202)]
    [InlineData("Event", 1_048_577, 413)]
    public async Task An_event_has_a_largest_size(string type, int bytes, int status)
    {
        using var response = await shared.Host.PostAsync($$"""{"do":"pid","x":"{{new string('x', bytes - 19)}}"}""", FunctionHost.Name, ("X-Amz-Invocation-Type", type));

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 413)
        {
            Assert.Equal("RequestTooLargeException", response.Headers.GetValues("x-amzn-ErrorType").Single());
            Assert.Contains($"{bytes} byte payload is too large for the {type} invocation type", await response.Content.ReadAsStringAsync(TestDeadline.Token()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_event_is_an_empty_object()
    {
        using var response = await shared.Host.PostAsync("");

        Assert.Equal("{}", await response.Content.ReadAsStringAsync(TestDeadline.Token()));
    }

    [Fact]
    public async Task A_dry_run_calls_nothing()
    {
        using var response = await shared.Host.PostAsync("""{"do":"print","value":"dry"}""", FunctionHost.Name, ("X-Amz-Invocation-Type", "DryRun"));
        await shared.Host.DoAsync("print", "wet");
        await shared.Host.WaitForLineAsync("wet");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.DoesNotContain(await shared.Host.LogAsync(), line => line.EndsWith("dry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_function_error_is_a_header_and_its_payload()
    {
        using var response = await shared.Host.PostAsync("""{"do":"error"}""");

        Assert.Equal((HttpStatusCode.OK, "Unhandled"), (response.StatusCode, response.Headers.GetValues("X-Amz-Function-Error").Single()));
        Assert.Equal("""{"errorType":"Broken","errorMessage":"as it was told"}""", await response.Content.ReadAsStringAsync(TestDeadline.Token()));
    }

    [Fact]
    public async Task The_tail_of_the_log_comes_along_where_it_is_asked_for()
    {
        using var response = await shared.Host.PostAsync("""{"do":"print","value":"for the tail"}""", FunctionHost.Name, ("X-Amz-Log-Type", "Tail"));
        var id = response.Headers.GetValues("x-amzn-RequestId").Single();
        var log = Encoding.UTF8.GetString(Convert.FromBase64String(response.Headers.GetValues("X-Amz-Log-Result").Single()));

        Assert.StartsWith($"START RequestId: {id} Version: $LATEST\n", log, StringComparison.Ordinal);
        Assert.Contains("for the tail\n", log, StringComparison.Ordinal);
        Assert.Contains($"END RequestId: {id}\n", log, StringComparison.Ordinal);
        Assert.Contains($"REPORT RequestId: {id}\tDuration: ", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tail_has_4_KB_at_most()
    {
        var text = new string('t', 10_000);
        using var response = await shared.Host.PostAsync($$"""{"do":"print","value":"{{text}}"}""", FunctionHost.Name, ("X-Amz-Log-Type", "Tail"));

        Assert.Equal(4096, Convert.FromBase64String(response.Headers.GetValues("X-Amz-Log-Result").Single()).Length);
    }

    [Fact]
    public async Task A_client_context_reaches_the_function()
    {
        using var response = await shared.Host.PostAsync("""{"do":"headers"}""", FunctionHost.Name, ("X-Amz-Client-Context", Convert.ToBase64String("""{"custom":{"a":"b"}}"""u8)));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestDeadline.Token()));

        Assert.Equal("""{"custom":{"a":"b"}}""", json.RootElement.GetProperty("Lambda-Runtime-Client-Context").GetString());
    }

    [Fact]
    public async Task More_than_the_concurrency_is_throttled()
    {
        var running = Enumerable.Range(0, 2).Select(_ => shared.Host.DoAsync("sleep", 2000)).ToArray();
        using var response = await shared.Host.PostAsync("{}");

        Assert.Equal((HttpStatusCode.TooManyRequests, "TooManyRequestsException"), (response.StatusCode, response.Headers.GetValues("x-amzn-ErrorType").Single()));
        await Task.WhenAll(running).InTimeAsync();
    }

    [Fact]
    public async Task An_asynchronous_invocation_is_accepted_and_tried_three_times()
    {
        using var response = await shared.Host.PostAsync("""{"do":"error","value":"async"}""", FunctionHost.Name, ("X-Amz-Invocation-Type", "Event"));

        Assert.Equal((HttpStatusCode.Accepted, ""), (response.StatusCode, await response.Content.ReadAsStringAsync(TestDeadline.Token())));
        await shared.Host.WaitForLineAsync("An asynchronous invocation is dropped");
        Assert.True((await shared.Host.LogAsync()).Count(line => line.Contains("Error Type: Broken", StringComparison.Ordinal)) >= 3);
    }

    [Theory]
    [InlineData("GET", "/2015-03-31/functions/function/invocations", 405)]
    [InlineData("GET", "/2015-03-31/functions/function", 404)]
    [InlineData("POST", "/2015-03-31/functions/function/configuration", 404)]
    public async Task The_rest_of_the_API_is_refused(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await shared.Host.Client.SendAsync(request, TestDeadline.Token());

        Assert.Equal((status, "UnknownOperationException"), ((int)response.StatusCode, response.Headers.GetValues("x-amzn-ErrorType").Single()));
    }
}
