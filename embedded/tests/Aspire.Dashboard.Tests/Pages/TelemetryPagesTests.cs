using System.Net;
using Aspire.Dashboard.Components.Pages;
using Aspire.Dashboard.Telemetry;
using Aspire.Dashboard.Tests.Resources;
using static Aspire.Dashboard.Tests.Pages.TelemetryData;

namespace Aspire.Dashboard.Tests.Pages;

public class TelemetryPagesTests
{
    private const string Hostile = "<script>alert('x')</script>\u202Egnp\u0000";

    [Fact]
    public async Task Log_records_are_listed_by_level_and_text_and_have_details_and_a_link_to_their_trace()
    {
        await using var host = await StartAsync();
        host.Store.AddLogs([Log("all is well"), Log("it failed", LogSeverity.Error, attributes: new TelemetryAttribute("exception.stacktrace", "at Some.Method()"))]);

        var all = await host.RenderAsync<StructuredLogs>("/structuredlogs");
        var errors = await host.RenderAsync<StructuredLogs>("/structuredlogs?level=error&log=2");
        var none = await host.RenderAsync<StructuredLogs>("/structuredlogs?text=nowhere");

        Assert.Contains("all is well", all);
        Assert.Contains("it failed", all);
        Assert.Contains($"/traces/detail/{Id}?span=0000000000000001", all);
        Assert.DoesNotContain("all is well", errors);
        Assert.Contains("at Some.Method()", errors);
        Assert.Contains("No log record fits.", none);
    }

    [Fact]
    public async Task A_trace_is_listed_and_its_spans_are_a_waterfall_with_details()
    {
        await using var host = await StartAsync();
        host.Store.AddSpans([Span(1, 0, 0, 100, "POST /students", "gateway", SpanKind.Server), Span(2, 1, 10, 50, "handler", "api", SpanKind.Server, new TelemetryAttribute("faas.coldstart", "true"), new TelemetryAttribute("aws.lambda.init_duration", "0.5"))]);

        var list = WebUtility.HtmlDecode(await host.RenderAsync<Traces>("/traces?resource=api"));
        var trace = WebUtility.HtmlDecode(await host.RenderAsync<TraceDetail>($"/traces/detail/{Id}?span=0000000000000002", (nameof(TraceDetail.TraceId), Id.ToString())));
        var missing = await host.RenderAsync<TraceDetail>("/traces/detail/abc", (nameof(TraceDetail.TraceId), "abc"));

        Assert.Contains("POST /students", list);
        Assert.Contains($"/traces/detail/{Id}", list);
        Assert.Contains("cold start 500 ms", trace);
        Assert.Contains("left: 10%; width: 50%", trace);
        Assert.Contains("aws.lambda.init_duration", trace);
        Assert.Contains("This is no trace id", missing);
    }

    [Fact]
    public async Task A_metric_is_a_chart_or_a_table_of_the_chosen_dimensions()
    {
        await using var host = await StartAsync();
        var now = DateTime.UtcNow;
        host.Store.AddMetrics([.. Enumerable.Range(0, 30).Select(i => Metric("requests", InstrumentKind.Gauge, now.AddSeconds(i - 60), ("GET", 5), ("PUT", 7)))]);

        var list = await host.RenderAsync<Metrics>("/metrics");
        var chart = WebUtility.HtmlDecode(await host.RenderAsync<Metrics>("/metrics?resource=api&instrument=requests&dim=method%3DGET"));
        var table = WebUtility.HtmlDecode(await host.RenderAsync<Metrics>("/metrics?resource=api&instrument=requests&view=table&dim=method%3DPUT"));
        var missing = await host.RenderAsync<Metrics>("/metrics?resource=api&instrument=other");

        Assert.Contains("requests", list);
        Assert.Contains("No instrument chosen", list);
        Assert.Contains("method</bdi>: 1 of 2", chart);
        Assert.Contains("value 5", chart);
        Assert.Matches("<path class=\"line line-a\" d=\"M[0-9]", chart);
        Assert.Contains("<td class=\"number\">7</td>", table);
        Assert.Contains("There is no such instrument", missing);
    }

    [Fact]
    public async Task An_exemplar_leads_to_its_trace()
    {
        await using var host = await StartAsync();
        var now = DateTime.UtcNow;
        var layout = new ExplicitBuckets([0.1, 1]);
        host.Store.AddMetrics([.. Enumerable.Range(1, 20).Select(i => new MetricData
        {
            Resource = new TelemetryResource("api", ""), Meter = "meter", Name = "duration", Unit = "s", Kind = InstrumentKind.Histogram,
            Points = [new MetricDataPoint { Attributes = [], StartUtc = now.AddMinutes(-1), TimeUtc = now.AddSeconds(i - 40), Histogram = new HistogramData(layout, i, [new Bucket(1, i)]), Exemplars = [new Exemplar(now.AddSeconds(i - 40), 0.4, Id, new SpanId(7))] }],
        })]);

        var html = await host.RenderAsync<Metrics>("/metrics?resource=api&instrument=duration");

        Assert.Contains($"href=\"/traces/detail/{Id}?span=0000000000000007\"", html);
        Assert.Contains("p99", html);
    }

    [Fact]
    public async Task Text_of_any_origin_is_text_on_every_page()
    {
        await using var host = await StartAsync();
        host.Store.AddLogs([Log(Hostile, LogSeverity.Error, Hostile, new TelemetryAttribute(Hostile, Hostile), new TelemetryAttribute("exception.message", Hostile))]);
        host.Store.AddSpans([Span(1, 0, 0, 100, Hostile, Hostile, SpanKind.Client, new TelemetryAttribute(Hostile, Hostile), new TelemetryAttribute("server.address", Hostile))]);
        host.Store.AddMetrics([new MetricData
        {
            Resource = new TelemetryResource(Hostile, ""), Meter = Hostile, Name = Hostile, Unit = Hostile, Description = Hostile, Kind = InstrumentKind.Gauge,
            Points = [new MetricDataPoint { Attributes = [new TelemetryAttribute(Hostile, Hostile)], TimeUtc = DateTime.UtcNow.AddSeconds(-20), Value = double.NaN }],
        }]);
        var encoded = Uri.EscapeDataString(Hostile);

        string[] pages =
        [
            await host.RenderAsync<StructuredLogs>($"/structuredlogs?log=1&resource={encoded}&text={encoded}&filter=name:contains:{encoded}"),
            await host.RenderAsync<StructuredLogs>("/structuredlogs?log=1"),
            await host.RenderAsync<Traces>($"/traces?resource={encoded}"),
            await host.RenderAsync<TraceDetail>($"/traces/detail/{Id}?span=0000000000000001", (nameof(TraceDetail.TraceId), Id.ToString())),
            await host.RenderAsync<TraceDetail>("/traces/detail/x", (nameof(TraceDetail.TraceId), Hostile)),
            await host.RenderAsync<Metrics>($"/metrics?resource={encoded}&instrument={encoded}"),
            await host.RenderAsync<Metrics>($"/metrics?resource={encoded}&instrument={encoded}&view=table&dim={encoded}"),
        ];

        Assert.All(pages, html =>
        {
            Assert.Contains("&lt;script&gt;", html);
            Assert.DoesNotContain("<script", html);
        });
    }

    private static async Task<PageHost> StartAsync()
    {
        var host = new PageHost();
        await host.StartAsync();
        return host;
    }

    private static MetricData Metric(string name, InstrumentKind kind, DateTime time, params (string Method, double Value)[] values) => new()
    {
        Resource = new TelemetryResource("api", ""),
        Meter = "meter",
        Name = name,
        Kind = kind,
        Points = [.. values.Select(value => new MetricDataPoint { Attributes = [new TelemetryAttribute("method", value.Method)], TimeUtc = time, Value = value.Value })],
    };
}
