using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>What the emulator records about invocations.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task An_invocation_is_a_span_in_the_trace_of_its_caller_and_the_first_of_an_environment_is_a_cold_start()
    {
        var trace = ActivityTraceId.CreateRandom();
        var parent = ActivitySpanId.CreateRandom();
        using var spans = new Spans(trace);
        await using var host = await StartAsync();

        for (var i = 0; i < 2; i++)
        {
            using var response = await host.PostAsync("{}", FunctionHost.Name, ("traceparent", $"00-{trace}-{parent}-01"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var invocations = spans.Named(FunctionHost.Name);
        Assert.Equal(2, invocations.Length);
        Assert.All(invocations, span =>
        {
            Assert.Equal(parent, span.ParentSpanId);
            Assert.Equal(ActivityKind.Server, span.Kind);
            Assert.Equal(ActivityStatusCode.Unset, span.Status);
            Assert.Equal("other", span.GetTagItem("faas.trigger"));
            Assert.NotNull(span.GetTagItem("faas.invocation_id"));
        });
        Assert.Equal([true, false], invocations.Select(span => span.GetTagItem("faas.coldstart")));
        Assert.True(invocations[0].GetTagItem("aws.lambda.init_duration") is > 0.0);
    }

    [Fact]
    public async Task An_invocation_that_is_not_done_by_its_timeout_is_a_failed_span()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var spans = new Spans(trace);
        await using var host = await StartAsync(("Timeout", "00:00:01"));

        using var response = await host.PostAsync("""{"do":"sleep","value":60000}""", FunctionHost.Name, ("X-Amzn-Trace-Id", $"Root=1-{trace.ToHexString()[..8]}-{trace.ToHexString()[8..]}"));
        Assert.Equal("Unhandled", Assert.Single(response.Headers.GetValues("X-Amz-Function-Error")));

        var span = Assert.Single(spans.Named(FunctionHost.Name));
        Assert.Equal(default, span.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("Sandbox.Timedout", span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task An_event_that_waits_for_the_start_of_an_environment_has_that_start_in_its_span()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var spans = new Spans(trace);
        await using var host = await StartAsync();

        // The environment that was started with the function is gone with its first event.
        await PostAsync(host, trace, """{"do":"exit","value":1}""");
        await PostAsync(host, trace, "{}");

        var init = Assert.Single(spans.Named("init"));
        var waited = spans.Named(FunctionHost.Name)[1];
        Assert.Equal(waited.SpanId, init.ParentSpanId);
        Assert.Equal(true, waited.GetTagItem("faas.coldstart"));
        Assert.Equal(init.Duration.TotalSeconds, Assert.IsType<double>(waited.GetTagItem("aws.lambda.init_duration")), tolerance: 0.001);
    }

    [Fact]
    public async Task An_invocation_that_ends_its_environment_is_a_failed_span()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var spans = new Spans(trace);
        await using var host = await StartAsync();

        await PostAsync(host, trace, """{"do":"exit","value":3}""");

        var span = Assert.Single(spans.Named(FunctionHost.Name));
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("Runtime.ExitError", span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_health_check_s_invocation_is_not_recorded()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var spans = new Spans(trace);
        await using var host = await StartAsync();

        var probe = new InvokeRequest(Payload.Of("{}"u8)) { Parent = new ActivityContext(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded), IsProbe = true };
        using var result = await host.Service.InvokeAsync(FunctionHost.Name, probe, TestDeadline.Token());
        Assert.Equal(InvokeStatus.Succeeded, result.Status);
        await PostAsync(host, trace, "{}");

        Assert.Single(spans.Named(FunctionHost.Name));
    }

    [Fact]
    public async Task Each_environment_is_an_instance_of_its_own_of_the_same_service()
    {
        await using var host = await StartAsync();

        var first = await InstanceAsync(host);
        Assert.Equal(InvokeStatus.FunctionError, (await host.DoAsync("exit", 1)).Status);
        var second = await InstanceAsync(host);

        Assert.NotEqual(first, second);
        Assert.Equal($"\"{FunctionHost.Name}\"", (await host.DoAsync("env", "OTEL_SERVICE_NAME")).Payload);
    }

    [Fact]
    public async Task What_the_emulator_measures_and_writes_is_the_function_s()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var trace = ActivityTraceId.CreateRandom();
        await using (var host = await StartAsync(collector.Address))
        {
            await PostAsync(host, trace, "{}");
            await PostAsync(host, trace, """{"do":"error"}""");
            await host.Application.StopAsync(TestDeadline.Token());
        }

        var spans = await collector.WaitAsync(c => c.Spans.ToArray() is { Length: > 1 } all ? all : null);
        var errors = await collector.WaitAsync(c => c.Points.LastOrDefault(p => p.Metric == "faas.errors"));
        var invocations = await collector.WaitAsync(c => c.Points.LastOrDefault(p => p.Metric == "faas.invocations"));
        var report = await collector.WaitAsync(c => c.Logs.FirstOrDefault(l => l.Body.StartsWith("REPORT", StringComparison.Ordinal)));
        Assert.All(spans, span => Assert.Equal(FunctionHost.Name, span.Resource));
        Assert.Equal((1, "Broken", FunctionHost.Name), (errors.Value, errors.Attributes["error.type"], errors.Resource));
        Assert.Equal((1, "other", FunctionHost.Name), (invocations.Value, invocations.Attributes["faas.trigger"], invocations.Resource));
        Assert.Contains(report.SpanId, spans.Select(span => span.SpanId));
        Assert.Equal(trace.ToHexString(), report.TraceId);
    }

    [Fact]
    public async Task Nothing_is_recorded_where_the_app_host_knows_no_collector()
    {
        await using var host = await FunctionHost.StartAsync();
        Assert.Null(host.Service.Find(FunctionHost.Name)!.Telemetry);
    }

    // Nobody takes it there: what is sent is not what most of these tests are about.
    private static Task<FunctionHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync("http://127.0.0.1:9", settings);

    private static async Task<FunctionHost> StartAsync(string collector, params (string Key, string Value)[] settings)
    {
        var host = new FunctionHost(settings);
        host.Builder.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = collector;
        host.Function.WithOtlpExporter();
        await host.StartAsync();
        return host;
    }

    private static async Task PostAsync(FunctionHost host, ActivityTraceId trace, string payload)
        => (await host.PostAsync(payload, FunctionHost.Name, ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01"))).Dispose();

    private static async Task<string> InstanceAsync(FunctionHost host)
    {
        var attributes = (await host.DoAsync("env", FunctionTelemetry.AttributesVariable)).Payload.Trim('"').Split(',');
        var instance = Assert.Single(attributes, attribute => attribute.StartsWith("service.instance.id=", StringComparison.Ordinal));
        return instance["service.instance.id=".Length..];
    }

    /// <summary>The finished spans of one trace.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        public Spans(ActivityTraceId trace)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == FunctionTelemetry.Scope,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (span.TraceId == trace)
                    {
                        _ended.Enqueue(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity[] Named(string name) => [.. _ended.Where(span => span.DisplayName == name).OrderBy(span => span.StartTimeUtc)];

        public void Dispose() => _listener.Dispose();
    }
}
