using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Health;
using Aspire.Hosting.Tests.Support;
using Method = Aspire.Hosting.AWS.Lambda.Method;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>What the gateway records about requests, as a collector gets it.</summary>
public sealed class TelemetryTests
{
    private const int Server = 2;
    private const int Error = 2;
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string ParentId = "b7ad6b7169203331";

    [Fact]
    public async Task A_request_is_a_span_of_the_gateway_in_the_trace_of_its_client()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var api = await StartAsync(collector);

        await api.SendRawAsync("GET", "/students/7?secret=yes", $"traceparent: 00-{TraceId}-{ParentId}-01");
        await api.Application.StopAsync(TestDeadline.Token());

        var span = await collector.WaitAsync(c => c.Spans.FirstOrDefault());
        Assert.Equal(("gateway", "GET /students/{id}", TraceId, ParentId, Server, 0), (span.Resource, span.Name, span.TraceId, span.ParentId, span.Kind, span.Status));
        Assert.Equal(
            ("GET", "/students/{id}", "/students/7", "http", "200", "fn", "invocation"),
            (span.Attributes["http.request.method"], span.Attributes["http.route"], span.Attributes["url.path"], span.Attributes["url.scheme"], span.Attributes["http.response.status_code"],
                span.Attributes["faas.invoked_name"], span.Attributes["faas.invocation_id"]));
        Assert.DoesNotContain(span.Attributes.Values, value => value.Contains("secret", StringComparison.Ordinal));
        // The function's work is below the gateway's span.
        Assert.Equal(span.SpanId, Assert.Single(api.Functions.Parents).SpanId.ToHexString());
    }

    [Fact]
    public async Task A_request_is_measured_with_its_span_as_the_example()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var api = await StartAsync(collector);

        await api.SendRawAsync("GET", "/students/7", $"traceparent: 00-{TraceId}-{ParentId}-01");
        await api.SendRawAsync("GET", "/nowhere");
        await api.Application.StopAsync(TestDeadline.Token());

        var points = await collector.WaitAsync(c => c.Points.Where(p => p.Metric == "http.server.request.duration").ToArray() is { Length: > 1 } all ? all : null);
        var measured = points.Last(p => p.Attributes.ContainsKey("http.route"));
        Assert.Equal(("s", 1, "/students/{id}", "GET", "200"), (measured.Unit, measured.Value, measured.Attributes["http.route"], measured.Attributes["http.request.method"], measured.Attributes["http.response.status_code"]));
        Assert.Equal([TraceId], measured.ExemplarTraceIds);
        Assert.Equal("404", points.Last(p => !p.Attributes.ContainsKey("http.route")).Attributes["http.response.status_code"]);
    }

    [Fact]
    public async Task A_request_whose_function_fails_is_a_failed_span()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var api = await StartAsync(collector, new TestFunctions { Answer = (_, _) => new(TestFunctions.Fails(InvokeStatus.FunctionError)) });

        await api.SendRawAsync("GET", "/students/7");
        await api.Application.StopAsync(TestDeadline.Token());

        var span = await collector.WaitAsync(c => c.Spans.FirstOrDefault());
        Assert.Equal((Error, "500", "500", ""), (span.Status, span.Attributes["error.type"], span.Attributes["http.response.status_code"], span.ParentId));
    }

    [Fact]
    public async Task The_access_log_has_the_request_s_span()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var api = await StartAsync(collector);

        var response = await api.SendRawAsync("GET", "/students/7", $"traceparent: 00-{TraceId}-{ParentId}-01");
        await api.Application.StopAsync(TestDeadline.Token());

        var span = await collector.WaitAsync(c => c.Spans.FirstOrDefault());
        var line = await collector.WaitAsync(c => c.Logs.FirstOrDefault());
        Assert.Equal(("gateway", TraceId, span.SpanId, Assert.Single(response.Header("Apigw-Requestid"))), (line.Resource, line.TraceId, line.SpanId, line.Attributes["aws.request_id"]));
        Assert.Contains("GET /students/7 HTTP/1.1", line.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_traceparent_a_request_is_in_the_trace_of_X_Ray_s_header()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var api = await StartAsync(collector);

        await api.SendRawAsync("GET", "/students/7", $"X-Amzn-Trace-Id: Root=1-{TraceId[..8]}-{TraceId[8..]};Parent={ParentId};Sampled=1");
        await api.Application.StopAsync(TestDeadline.Token());

        var span = await collector.WaitAsync(c => c.Spans.FirstOrDefault());
        Assert.Equal((TraceId, ParentId), (span.TraceId, span.ParentId));
    }

    [Fact]
    public async Task Health_checks_of_the_app_host_are_not_recorded()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var api = await StartAsync(collector);

        await api.SendRawAsync("GET", "/students/1", $"User-Agent: {HttpHealthCheck.UserAgent}");
        await api.SendRawAsync("GET", "/students/2");
        await api.Application.StopAsync(TestDeadline.Token());

        var point = await collector.WaitAsync(c => c.Points.LastOrDefault(p => p.Metric == "http.server.request.duration"));
        await collector.WaitAsync(c => c.Spans.FirstOrDefault());
        Assert.Equal(1, point.Value);
        Assert.Equal("/students/2", Assert.Single(collector.Spans).Attributes["url.path"]);
        Assert.Equal(2, api.Functions.Invocations.Count);
    }

    private static Task<TestApi> StartAsync(OtlpReceiver collector, TestFunctions? functions = null)
        => TestApi.StartAsync(functions, new() { ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = collector.Address }, routes: (Method.Get, "/students/{id}", "fn"));
}
