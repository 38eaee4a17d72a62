using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, by a process that is started by hand.</summary>
public class RuntimeApiTests(AttachedFunction function) : IClassFixture<AttachedFunction>
{
    [Fact]
    public async Task Next_waits_for_an_event_and_describes_it_in_headers()
    {
        var before = DateTimeOffset.UtcNow;
        var invoke = function.Host.Service.InvokeAsync(
            FunctionHost.Name, new InvokeRequest(Payload.Of("""{"a":1}"""u8)) { TraceId = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1", ClientContext = """{"client":{}}""" }, TestDeadline.Token());
        using var next = await function.NextAsync(TestDeadline.Token());
        var id = Header(next, "Lambda-Runtime-Aws-Request-Id");
        using var accepted = await function.PostAsync($"invocation/{id}/response", "\"done\"");
        using var result = await invoke.AsTask().InTimeAsync();

        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal("application/json", next.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"a":1}""", await next.Content.ReadAsStringAsync(TestDeadline.Token()));
        Assert.True(Guid.TryParse(id, out _));
        Assert.InRange(long.Parse(Header(next, "Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture), before.AddSeconds(10).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.AddSeconds(10).ToUnixTimeMilliseconds());
        Assert.Equal("arn:aws:lambda:us-east-1:000000000000:function:function", Header(next, "Lambda-Runtime-Invoked-Function-Arn"));
        Assert.Equal("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1", Header(next, "Lambda-Runtime-Trace-Id"));
        Assert.Equal("""{"client":{}}""", Header(next, "Lambda-Runtime-Client-Context"));
        Assert.Equal((HttpStatusCode.Accepted, """{"status":"OK"}"""), (accepted.StatusCode, await accepted.Content.ReadAsStringAsync(TestDeadline.Token())));
        Assert.Equal((InvokeStatus.Succeeded, "\"done\"", id), (result.Status, Encoding.UTF8.GetString(result.Payload!.Span), result.RequestId));
    }

    [Fact]
    public async Task An_invocation_without_a_trace_gets_one()
    {
        var (id, invoke, next) = await TakeAsync();
        using (next)
        {
            Assert.Matches("^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$", Header(next, "Lambda-Runtime-Trace-Id"));
            Assert.False(next.Headers.Contains("Lambda-Runtime-Client-Context"));
            Assert.False(next.Headers.Contains("Lambda-Runtime-Cognito-Identity"));
        }

        await FinishAsync(id, invoke);
    }

    [Fact]
    public async Task A_posted_error_is_the_callers_result()
    {
        var (id, invoke, next) = await TakeAsync();
        next.Dispose();
        const string Error = """{"errorMessage":"no","errorType":"Refused","stackTrace":[]}""";

        using var accepted = await function.PostAsync($"invocation/{id}/error", Error, ("Lambda-Runtime-Function-Error-Type", "Refused"));

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal((InvokeStatus.FunctionError, Error), ((await invoke).Status, (await invoke).Payload));
        Assert.Contains("Error Type: Refused", await function.Host.WaitForLineAsync($"REPORT RequestId: {id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_may_come_in_chunks()
    {
        var (id, invoke, next) = await TakeAsync();
        next.Dispose();
        using var request = new HttpRequestMessage(HttpMethod.Post, AttachedFunction.Path($"invocation/{id}/response")) { Content = new StringContent("\"chunks\"") };
        request.Headers.TransferEncodingChunked = true;

        using var accepted = await function.Host.Client.SendAsync(request, TestDeadline.Token());

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal("\"chunks\"", (await invoke).Payload);
    }

    [Fact]
    public async Task A_second_response_is_refused()
    {
        var (id, invoke, next) = await TakeAsync();
        next.Dispose();
        await FinishAsync(id, invoke);

        using var again = await function.PostAsync($"invocation/{id}/response", "2");

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidRequestID"), (again.StatusCode, await ErrorTypeAsync(again)));
    }

    [Theory]
    [InlineData("response")]
    [InlineData("error")]
    public async Task An_answer_to_an_unknown_request_is_refused(string operation)
    {
        using var refused = await function.PostAsync($"invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/{operation}", "{}");

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidRequestID"), (refused.StatusCode, await ErrorTypeAsync(refused)));
    }

    [Theory]
    [InlineData("response")]
    [InlineData("error")]
    public async Task A_response_over_the_limit_fails_the_invocation(string operation)
    {
        var (id, invoke, next) = await TakeAsync();
        next.Dispose();

        using var refused = await function.PostAsync($"invocation/{id}/{operation}", $"\"{new string('x', 999)}\"");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge"), (refused.StatusCode, await ErrorTypeAsync(refused)));
        Assert.Equal(
            (InvokeStatus.FunctionError, """{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size (1001 bytes) exceeded maximum allowed payload size (1000 bytes)."}"""),
            ((await invoke).Status, (await invoke).Payload));
    }

    [Fact]
    public async Task A_response_of_the_limit_is_taken()
    {
        var (id, invoke, next) = await TakeAsync();
        next.Dispose();
        var body = $"\"{new string('x', 998)}\"";

        using var accepted = await function.PostAsync($"invocation/{id}/response", body);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal(body, (await invoke).Payload);
    }

    [Fact]
    public async Task An_event_goes_to_one_of_several_that_ask()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestDeadline.Token());
        var first = function.NextAsync(giveUp.Token);
        var second = function.NextAsync(giveUp.Token);
        var invoke = function.Host.InvokeAsync("1");

        var got = await Task.WhenAny(first, second);
        using var next = await got;
        await FinishAsync(Header(next, "Lambda-Runtime-Aws-Request-Id"), invoke);

        var other = got == first ? second : first;
        Assert.False(other.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        // As below: the next test's event must not go where nobody is.
        await function.Host.WaitUntilAsync(() => function.Host.Service.Find(FunctionHost.Name)!.AttachedCount == 0);
    }

    [Fact]
    public async Task Who_has_left_gets_no_event()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestDeadline.Token());
        var left = function.NextAsync(leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        // The server sees the connection end a moment later; until then an event would still go there.
        await function.Host.WaitUntilAsync(() => function.Host.Service.Find(FunctionHost.Name)!.AttachedCount == 0);

        var (id, invoke, next) = await TakeAsync();
        next.Dispose();
        await FinishAsync(id, invoke);
    }

    [Fact]
    public async Task More_processes_than_environments_are_refused()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestDeadline.Token());
        var waiting = Enumerable.Range(0, 3).Select(_ => function.NextAsync(giveUp.Token)).ToArray();
        await function.Host.WaitUntilAsync(() => function.Host.Service.Find(FunctionHost.Name)!.AttachedCount == 3);

        using var refused = await function.NextAsync(TestDeadline.Token());

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await giveUp.CancelAsync();
        await Task.WhenAll(waiting).ContinueWith(_ => { }, TestDeadline.Token());
        await function.Host.WaitUntilAsync(() => function.Host.Service.Find(FunctionHost.Name)!.AttachedCount == 0);
    }

    [Theory]
    [InlineData("GET", "/function/2018-06-01/runtime/nothing", 404)]
    [InlineData("GET", "/function/2018-06-01/runtime/invocation/nothing", 404)]
    [InlineData("POST", "/function/2018-06-01/runtime/invocation/next", 405)]
    [InlineData("GET", "/function/2018-06-01/runtime/invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response", 405)]
    [InlineData("GET", "/function/2018-06-01/runtime/init/error", 405)]
    [InlineData("GET", "/other/2018-06-01/runtime/invocation/next", 404)]
    [InlineData("GET", "/function/deadbeef/2018-06-01/runtime/invocation/next", 403)]
    [InlineData("GET", "/function/2019-01-01/runtime/invocation/next", 404)]
    [InlineData("POST", "/function/2020-01-01/extension/register", 404)]
    [InlineData("POST", "/function/2018-06-01/extension/register", 404)]
    [InlineData("POST", "/function/2018-06-01/runtime/init/error", 403)]
    [InlineData("GET", "/", 404)]
    public async Task What_is_not_there_is_an_error_that_says_so(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await function.Host.Client.SendAsync(request, TestDeadline.Token());

        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEmpty(await ErrorTypeAsync(response));
    }

    [Theory]
    [InlineData("Origin", "https://example.org")]
    [InlineData("Host", "attacker.example.org")]
    public async Task A_web_page_may_not_act(string name, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/2015-03-31/functions/function/invocations") { Content = new StringContent("{}") };
        request.Headers.TryAddWithoutValidation(name, value);
        using var response = await function.Host.Client.SendAsync(request, TestDeadline.Token());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();

    private static async Task<string> ErrorTypeAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestDeadline.Token()));
        Assert.NotEmpty(json.RootElement.GetProperty("errorMessage").GetString()!);
        return json.RootElement.GetProperty("errorType").GetString()!;
    }

    private async Task<(string Id, Task<Outcome> Invoke, HttpResponseMessage Next)> TakeAsync()
    {
        var invoke = function.Host.InvokeAsync("1");
        var next = await function.NextAsync(TestDeadline.Token());
        return (Header(next, "Lambda-Runtime-Aws-Request-Id"), invoke, next);
    }

    private async Task FinishAsync(string id, Task<Outcome> invoke)
    {
        using var accepted = await function.PostAsync($"invocation/{id}/response", "1");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal(InvokeStatus.Succeeded, (await invoke).Status);
    }
}
