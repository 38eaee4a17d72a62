using Aspire.Dashboard.Telemetry;
using static Aspire.Dashboard.Tests.Telemetry.Records;

namespace Aspire.Dashboard.Tests.Telemetry;

public class TrafficTests
{
    private static readonly TelemetryAttribute Mongo = new("server.address", "mongo.example");
    private readonly SetTime _time = new(Start);
    private readonly TelemetryStore _store;

    public TrafficTests() => _store = new TelemetryStore(new TelemetryLimits(), new ByAddress(), _time);

    [Fact]
    public void A_call_to_mongodb_counts_once_though_the_driver_makes_two_spans()
    {
        _store.AddSpans([Span("api", 1, 1, kind: SpanKind.Server), Span("api", 1, 2, 1, SpanKind.Client, "find school.students"), Span("api", 1, 3, 2, SpanKind.Client, "find", failed: true, attributes: Mongo)]);

        Assert.Equal([new TrafficEdge(null, "api", 0.1, 0), new TrafficEdge("api", "mongo", 0.1, 0.1)], Get());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_call_that_both_sides_report_counts_once_in_whatever_order(bool callerLast)
    {
        Span[] spans = [Span("gateway", 1, 1, kind: SpanKind.Client, attributes: new TelemetryAttribute("server.address", "api.example")), Span("api", 1, 2, parent: 1, kind: SpanKind.Server)];
        foreach (var span in callerLast ? spans.Reverse() : spans)
        {
            _store.AddSpans([span]);
            _time.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal([new TrafficEdge("gateway", "api", 0.1, 0)], Get());
    }

    [Fact]
    public void Whoever_has_not_been_heard_of_after_a_while_is_outside()
    {
        _store.AddSpans([Span("api", 1, 2, parent: 1, kind: SpanKind.Server)]);
        Assert.Empty(Get());
        _time.Now += TimeSpan.FromSeconds(5);

        Assert.Equal([new TrafficEdge(null, "api", 0.1, 0)], Get());
        _time.Now += TimeSpan.FromSeconds(20);
        Assert.Empty(Get());
    }

    private IReadOnlyList<TrafficEdge> Get() => _store.GetTraffic(TimeSpan.FromSeconds(10));

    private sealed class ByAddress : IPeerResolver
    {
        public string? Resolve(Span span) => span.Attribute("server.address")?.Split('.')[0];
    }
}
