using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aspire.Dashboard.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Instrument = Aspire.Dashboard.Telemetry.Instrument;
using SpanKind = Aspire.Dashboard.Telemetry.SpanKind;

namespace Aspire.Dashboard.Tests.Otlp;

/// <summary>What OpenTelemetry's own exporters send, over both protocols.</summary>
public class ExporterTests
{
    private const int Timeout = 20_000;

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Spans_arrive_with_all_they_have(OtlpExportProtocol protocol)
    {
        await using var otlp = await RunningOtlp.StartAsync();
        using var source = new ActivitySource(Unique());
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).ConfigureResource(r => r.AddService("shop", serviceInstanceId: "7"))
            .AddOtlpExporter(o => Configure(o, otlp, protocol, "traces")).Build();
        var other = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        ActivityTraceId traceId;
        using (var root = source.StartActivity("GET /orders", ActivityKind.Server, default(ActivityContext), [new("http.response.status_code", 500), new("array", new[] { "a", "b" })], [new ActivityLink(other, new() { ["why"] = "batch" })])!)
        {
            traceId = root.TraceId;
            root.AddEvent(new ActivityEvent("retry", tags: new() { ["attempt"] = 2 }));
            root.SetStatus(ActivityStatusCode.Error, "no stock");
            using var child = source.StartActivity("find orders", ActivityKind.Client);
        }

        Assert.True(provider.ForceFlush(Timeout));
        Assert.True(Aspire.Dashboard.Telemetry.TraceId.TryParse(traceId.ToHexString(), out var id));
        var trace = await RunningOtlp.EventuallyAsync(() => otlp.Store.GetTrace(id));

        Assert.Equal(["GET /orders", "find orders"], trace.Spans.Select(s => s.Name));
        var span = trace.Root;
        Assert.Equal(("shop", "7"), (span.Resource.Name, span.Resource.InstanceId));
        Assert.Equal((source.Name, SpanKind.Server, SpanStatus.Error, "no stock"), (span.Scope.Name, span.Kind, span.Status, span.StatusMessage));
        Assert.Equal("500", span.Attribute("http.response.status_code"));
        Assert.Equal("""["a","b"]""", span.Attribute("array"));
        var happened = Assert.Single(span.Events);
        Assert.Equal(("retry", new TelemetryAttribute("attempt", "2")), (happened.Name, Assert.Single(happened.Attributes)));
        var link = Assert.Single(span.Links);
        Assert.Equal((other.TraceId.ToHexString(), other.SpanId.ToHexString(), "batch"), (link.TraceId.ToString(), link.SpanId.ToString(), link.Attributes.Single().Value));
        Assert.Equal(span.SpanId, trace.Spans[1].ParentSpanId);
        Assert.InRange(span.StartUtc, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow);
        Assert.Equal(default, otlp.Store.DroppedTraces);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Log_records_arrive_with_level_attributes_and_trace(OtlpExportProtocol protocol)
    {
        await using var otlp = await RunningOtlp.StartAsync();
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        using (var factory = LoggerFactory.Create(b => b.AddOpenTelemetry(o => o.SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("shop"))
            .AddOtlpExporter(e => Configure(e, otlp, protocol, "logs")))))
        {
            var logger = factory.CreateLogger("Shop.Orders");
            logger.LogWarning("Order {Order} waits", 12);
        }

        var entry = await RunningOtlp.EventuallyAsync(() => otlp.Store.GetLogs(new LogQuery(), 0, 10).Items.SingleOrDefault());

        Assert.Equal(("shop", "Shop.Orders", LogSeverity.Warning), (entry.Resource.Name, entry.Scope.Name, entry.Severity));
        Assert.Contains("Order", entry.Message, StringComparison.Ordinal);
        Assert.Contains(new TelemetryAttribute("Order", "12"), entry.Attributes);
        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (entry.TraceId.ToString(), entry.SpanId.ToString()));
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Counters_and_histograms_arrive_with_exemplars(OtlpExportProtocol protocol)
    {
        await using var otlp = await RunningOtlp.StartAsync();
        using var meter = new Meter(Unique());
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).SetExemplarFilter(ExemplarFilterType.TraceBased)
            .ConfigureResource(r => r.AddService("shop")).AddView("exponential", new Base2ExponentialBucketHistogramConfiguration())
            .AddOtlpExporter(o => Configure(o, otlp, protocol, "metrics")).Build();
        var counter = meter.CreateCounter<long>("orders", "{order}", "Orders taken");
        var upDown = meter.CreateUpDownCounter<int>("waiting");
        meter.CreateObservableGauge("temperature", () => 21.5);
        var durations = meter.CreateHistogram("duration", "s", "How long", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 4] });
        var exponential = meter.CreateHistogram<double>("exponential", "s");
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        counter.Add(30, new KeyValuePair<string, object?>("kind", "book"));
        counter.Add(12, new KeyValuePair<string, object?>("kind", "pen"));
        upDown.Add(5);
        upDown.Add(-2);
        foreach (var value in new[] { 0.5, 1.5, 1.5, 3 })
        {
            durations.Record(value);
            exponential.Record(value);
        }

        Assert.True(provider.ForceFlush(Timeout));
        await RunningOtlp.EventuallyAsync(() => otlp.Store.GetInstruments("shop") is { Count: > 4 } found ? found : null);

        MetricSeries Get(string name) => otlp.Store.GetMetric(new MetricQuery
        {
            Resource = "shop",
            Meter = meter.Name,
            Name = name,
            FromUtc = DateTime.UtcNow.AddMinutes(-5),
            ToUtc = DateTime.UtcNow.AddMinutes(5),
            Steps = 1,
        })!;
        var orders = Get("orders");
        Assert.Equal(new Instrument("shop", meter.Name, "orders", "{order}", "Orders taken", InstrumentKind.Counter), orders.Instrument);
        Assert.Equal(["book", "pen"], Assert.Single(orders.Dimensions).Values);
        Assert.True(Assert.Single(orders.Points).Value > 0);
        Assert.Contains(orders.Exemplars, e => e.TraceId.ToString() == activity.TraceId.ToHexString() && e.SpanId.ToString() == activity.SpanId.ToHexString());
        Assert.Equal((InstrumentKind.UpDownCounter, 3.0), (Get("waiting").Instrument.Kind, Get("waiting").Points[0].Value));
        Assert.Equal((InstrumentKind.Gauge, 21.5), (Get("temperature").Instrument.Kind, Get("temperature").Points[0].Value));
        var histogram = Get("duration");
        Assert.InRange(histogram.Points[0].P50!.Value, 1, 2);
        Assert.InRange(histogram.Points[0].P99!.Value, 2, 4);
        Assert.NotEmpty(histogram.Exemplars);
        Assert.InRange(Get("exponential").Points[0].P50!.Value, 1.4, 1.6);
        Assert.Equal(default, otlp.Store.DroppedMetrics);
    }

    private static string Unique() => "test-" + Guid.NewGuid().ToString("N");

    private static void Configure(OtlpExporterOptions options, RunningOtlp otlp, OtlpExportProtocol protocol, string signal)
    {
        options.Protocol = protocol;
        options.Endpoint = protocol == OtlpExportProtocol.Grpc ? otlp.Options.OtlpGrpcUrl : new Uri(otlp.Options.OtlpHttpUrl, "/v1/" + signal);
        options.Headers = "x-otlp-api-key=" + RunningOtlp.Key;
    }
}
