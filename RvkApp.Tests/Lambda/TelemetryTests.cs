using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Aspire.Hosting.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>The function's telemetry: Lambda freezes the process with the response, so it has to be out before.</summary>
public sealed class TelemetryTests
{
    private const string TraceId = "5759e988bd862e3fe1be46a994272793";

    [Fact]
    public async Task A_request_s_span_and_metrics_are_at_the_collector_before_its_response_is_at_lambda()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var runtime = await RuntimeApiServer.StartAsync();
        runtime.TraceId = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        var spans = new List<bool>();
        var metrics = new List<bool>();
        runtime.Answering = () =>
        {
            spans.Add(collector.Has("/v1/traces", $"span-of-{spans.Count}"));
            metrics.Add(collector.Has("/v1/metrics", "http.server.request.duration"));
        };
        await using var function = Start(runtime, collector);
        await function.StartedAsync(runtime);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(404, (await runtime.InvokeAsync(new HttpApiEvent("GET", $"/span-of-{i}").ToString())).Status);
        }

        Assert.Equal([true, true, true], spans);
        Assert.Equal([true, true, true], metrics);
    }

    [Fact]
    public async Task A_span_belongs_to_lambda_s_trace_unless_the_client_has_one()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var runtime = await RuntimeApiServer.StartAsync();
        runtime.TraceId = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        await using var function = Start(runtime, collector);
        await function.StartedAsync(runtime);

        await runtime.InvokeAsync(new HttpApiEvent("GET", "/").ToString());
        Assert.True(collector.HasBytes("/v1/traces", Convert.FromHexString(TraceId)), function.Output);

        await runtime.InvokeAsync(new HttpApiEvent("GET", "/").With("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").ToString());
        Assert.True(collector.HasBytes("/v1/traces", Convert.FromHexString("0af7651916cd43dd8448eb211c80319c")), function.Output);
    }

    [Fact]
    public async Task What_the_application_logs_has_the_span_of_the_request()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var runtime = await RuntimeApiServer.StartAsync();
        runtime.TraceId = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        await using var function = Start(runtime, collector);
        await function.StartedAsync(runtime);

        // There is no database.
        Assert.Equal(503, (await runtime.InvokeAsync(new HttpApiEvent("POST", "/auth/login") { Body = """{"email":"a@b.example","password":"abcdefgh1234"}""" }.With("content-type", "application/json").ToString())).Status);

        var span = await collector.WaitAsync(c => c.Spans.FirstOrDefault(s => s.TraceId == TraceId && s.Attributes.ContainsKey("http.request.method")));
        var record = await collector.WaitAsync(c => c.Logs.FirstOrDefault(l => l.Body.StartsWith("POST /auth/login: 503", StringComparison.Ordinal)));
        Assert.Equal((TraceId, span.SpanId), (record.TraceId, record.SpanId));
        Assert.Equal("53995c3f42cd8ad8", span.ParentId);
    }

    [Fact]
    public async Task What_sending_telemetry_costs_is_no_telemetry_of_the_application()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var runtime = await RuntimeApiServer.StartAsync();
        await using var function = Start(runtime, collector);
        await function.StartedAsync(runtime);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await runtime.InvokeAsync(new HttpApiEvent("GET", "/").ToString())).Status);
        }

        Assert.NotEmpty(collector.Points);
        Assert.DoesNotContain(collector.Points, point => point.Metric.StartsWith("http.client.", StringComparison.Ordinal));
        Assert.All(collector.Spans, span => Assert.DoesNotContain("/v1/", string.Join(' ', span.Attributes.Values), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_health_check_does_is_not_recorded()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var runtime = await RuntimeApiServer.StartAsync();
        runtime.TraceId = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        // As in development: also what is below a span that is left out.
        await using var function = Start(runtime, collector, ("OTEL_TRACES_SAMPLER", "always_on"));
        await function.StartedAsync(runtime);

        Assert.Equal(503, (await runtime.InvokeAsync(new HttpApiEvent("GET", "/health").ToString())).Status);
        Assert.Equal(200, (await runtime.InvokeAsync(new HttpApiEvent("GET", "/alive").ToString())).Status);
        Assert.Equal(404, (await runtime.InvokeAsync(new HttpApiEvent("GET", "/nowhere").With("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").ToString())).Status);

        await collector.WaitAsync(c => c.Spans.FirstOrDefault(s => s.Attributes.GetValueOrDefault("url.path") == "/nowhere"));
        // The preparation of the database may have spans, in traces of its own.
        Assert.DoesNotContain(collector.Spans, span => span.TraceId == TraceId);
        Assert.DoesNotContain(collector.Spans, span => span.Attributes.GetValueOrDefault("url.path") is "/health" or "/alive");
        Assert.All(
            collector.Points.Where(p => p.Metric == "http.server.request.duration"),
            point => Assert.Equal("404", point.Attributes["http.response.status_code"]));
    }

    [Fact]
    public async Task A_collector_that_hangs_does_not_keep_the_response()
    {
        await using var collector = await OtlpReceiver.StartAsync(hangs: true);
        await using var runtime = await RuntimeApiServer.StartAsync();
        var held = 0;
        runtime.Answering = () => held = collector.Held;
        await using var function = Start(runtime, collector);
        await function.StartedAsync(runtime);

        Assert.Equal(200, (await runtime.InvokeAsync(new HttpApiEvent("GET", "/").ToString())).Status);
        // The exporter waits ten times as long as the response does.
        Assert.NotEqual(0, held);
    }

    private static FunctionProcess Start(RuntimeApiServer runtime, OtlpReceiver collector, params (string Name, string Value)[] variables)
    {
        var environment = collector.Environment();
        environment["Jwt__SigningKey"] = new string('k', 40);
        environment["ConnectionStrings__school"] = "mongodb://127.0.0.1:1/school";
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return FunctionProcess.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "RvkApp.Api.dll")], runtime, environment);
    }
}
