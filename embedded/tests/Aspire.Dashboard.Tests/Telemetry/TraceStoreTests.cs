using Aspire.Dashboard.Telemetry;
using static Aspire.Dashboard.Tests.Telemetry.Records;

namespace Aspire.Dashboard.Tests.Telemetry;

public class TraceStoreTests
{
    [Fact]
    public void Late_spans_join_their_trace_and_a_parent_comes_before_its_children()
    {
        var store = new TelemetryStore();
        store.AddSpans([Span("mongo", 1, id: 3, parent: 2, start: 0.2)]);
        store.AddSpans([Span("other", 2, id: 9)]);
        store.AddSpans([Span("api", 1, id: 2, parent: 1, start: 0.3, failed: true), Span("gateway", 1, id: 1, start: 0.1, length: 5, name: "GET /")]);

        var trace = store.GetTrace(new TraceId(1, 1))!;
        var summary = store.GetTraces(new TraceQuery { Resource = "api" }, 0, 10).Items.Single();

        Assert.Equal([1UL, 2UL, 3UL], trace.Spans.Select(s => s.SpanId.Value));
        Assert.Equal(("GET /", "gateway", 3, true, TimeSpan.FromSeconds(5)), (summary.RootName, summary.RootResource, summary.SpanCount, summary.HasError, summary.Duration));
        Assert.Equal([new ResourceCount("mongo", 1, false), new ResourceCount("api", 1, true), new ResourceCount("gateway", 1, false)], summary.Resources);
    }

    [Fact]
    public void A_span_that_is_there_already_is_refused()
    {
        var store = new TelemetryStore();

        Assert.Equal(1, store.AddSpans([Span("a", 1, 1), Span("a", 1, 1)]));
        Assert.Equal(1, store.DroppedTraces.Refused);
    }

    [Fact]
    public void The_traces_that_began_first_make_place()
    {
        var store = new TelemetryStore(new TelemetryLimits { MaxTraceCount = 3, MaxSpansPerTrace = 2 });

        Assert.Equal(1, store.AddSpans([Span("a", 1, 1), Span("a", 1, 2), Span("a", 1, 3)]));
        store.AddSpans([Span("a", 2, 1), Span("a", 3, 1), Span("a", 4, 1), Span("a", 3, 2)]);

        Assert.Null(store.GetTrace(new TraceId(1, 1)));
        Assert.Equal([4UL, 3UL, 2UL], store.GetTraces(new TraceQuery(), 0, 10).Items.Select(t => t.TraceId.Low));
        Assert.Equal((2, 1), (store.DroppedTraces.Evicted, store.DroppedTraces.Refused));
    }

    [Fact]
    public void Hostile_values_stay_within_the_bytes()
    {
        var store = new TelemetryStore(new TelemetryLimits { MaxTraceBytes = 1024 * 1024 });
        for (ulong i = 1; i <= 200; i++)
        {
            store.AddSpans([Span("a", i, 1, attributes: new TelemetryAttribute("k", new string('x', 30_000)))]);
        }

        Assert.InRange(store.GetTraces(new TraceQuery(), 0, 1000).Total, 8, 18);
        Assert.True(store.DroppedTraces.Evicted > 150);
    }

    [Fact]
    public void Resources_beyond_the_limit_are_refused()
    {
        var store = new TelemetryStore(new TelemetryLimits { MaxResourceCount = 2 });

        Assert.Equal(1, store.AddSpans([Span("a", 1, 1), Span("b", 1, 2), Span("c", 1, 3), Span("a", 1, 4)]));
        Assert.Equal(["a", "b"], store.Resources.Select(r => r.Name));
    }
}
