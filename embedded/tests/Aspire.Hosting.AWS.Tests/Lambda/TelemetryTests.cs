using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Aspire.Hosting.AWS.Lambda.Service;

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
    public async Task Nothing_is_recorded_where_the_app_host_knows_no_collector()
    {
        await using var host = await FunctionHost.StartAsync();
        Assert.Null(host.Service.Find(FunctionHost.Name)!.Telemetry);
    }

    private static async Task<FunctionHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new FunctionHost(settings);
        // Nobody takes it there: what is sent is not what these tests are about.
        host.Builder.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = "http://127.0.0.1:9";
        await host.StartAsync();
        return host;
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
