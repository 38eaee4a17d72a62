using Aspire.Dashboard.Components.Topology;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Tests.Topology;

public class LiveFlowTests
{
    private static readonly StateView Running = new(StateKind.Success, "Running", []);

    [Fact]
    public void A_flow_without_telemetry_is_not_measured()
        => Assert.Equal(FlowActivity.Unmeasured, Match(null, [new TrafficEdge("api", "mongo", 5, 1)]).Activity);

    [Fact]
    public void A_flow_has_the_calls_of_its_source_and_target_and_of_no_other()
    {
        TrafficEdge[] traffic = [new("mongo", "api", 1, 1), new(null, "mongo", 2, 2), new("api", "other", 3, 3), new("api", "MONGO", 12.4, 0), new("gateway", "api", 9, 9)];

        var live = Match(new FlowTelemetry("api", "mongo"), traffic);

        Assert.Equal(FlowActivity.Active, live.Activity);
        Assert.Equal(12.4, live.PerSecond);
        Assert.Equal("12/s", live.Label);
    }

    [Fact]
    public void Somebody_outside_of_the_model_is_no_resource()
    {
        var live = Match(new FlowTelemetry(null, "mongo"), [new TrafficEdge("api", "mongo", 3, 3), new TrafficEdge(null, "mongo", 0.4, 0)]);

        Assert.Equal("0.4/s", live.Label);
        Assert.Equal(FlowActivity.Active, live.Activity);
    }

    [Fact]
    public void Without_calls_it_is_quiet()
    {
        var live = Match(new FlowTelemetry("api", "mongo"), []);

        Assert.Equal(FlowActivity.Quiet, live.Activity);
        Assert.Empty(live.Label);
    }

    [Fact]
    public void A_failed_call_makes_it_fail()
    {
        var live = Match(new FlowTelemetry("api", "mongo"), [new TrafficEdge("api", "mongo", 4, 0.1)]);

        Assert.Equal(FlowActivity.Failing, live.Activity);
        Assert.Equal("✗ 4.0/s", live.Label);
        Assert.Equal("0.1/s of 4.0/s fail", live.Problem);
    }

    [Theory]
    [InlineData(StateKind.Error, FlowActivity.Failing)]
    [InlineData(StateKind.Warning, FlowActivity.Failing)]
    [InlineData(StateKind.Neutral, FlowActivity.Failing)]
    [InlineData(StateKind.Progress, FlowActivity.Quiet)]
    [InlineData(StateKind.Success, FlowActivity.Quiet)]
    public void A_target_that_cannot_answer_makes_it_fail(StateKind kind, FlowActivity expected)
        => Assert.Equal(expected, Match(new FlowTelemetry("api", "mongo"), [], new StateView(kind, "Exited", [])).Activity);

    [Fact]
    public void A_target_that_the_model_does_not_have_makes_it_fail()
    {
        var live = LiveFlow.Match([Flow(new FlowTelemetry("api", "mongo"))], [], _ => null)[0];

        Assert.Equal("✗ down", live.Label);
        Assert.Equal("there is no resource mongo", live.Problem);
    }

    [Fact]
    public void The_traffic_of_spans_that_arrive_is_the_traffic_of_the_flow()
    {
        var store = new TelemetryStore();
        var (gateway, api, trace) = (new TelemetryResource("gateway", ""), new TelemetryResource("api", ""), new TraceId(1, 2));
        Span Of(TelemetryResource resource, ulong id, ulong parent, SpanKind kind, SpanStatus status) => new()
        {
            Resource = resource,
            Scope = new("tests", ""),
            TraceId = trace,
            SpanId = new(id),
            ParentSpanId = new(parent),
            Name = "GET",
            Kind = kind,
            StartUtc = store.Time.GetUtcNow().UtcDateTime,
            Duration = TimeSpan.FromMilliseconds(1),
            Status = status,
        };
        store.AddSpans([Of(gateway, 1, 0, SpanKind.Server, SpanStatus.Unset), Of(gateway, 2, 1, SpanKind.Client, SpanStatus.Unset), Of(api, 3, 2, SpanKind.Server, SpanStatus.Error)]);

        FlowEntry[] flows = [Flow(new FlowTelemetry(null, "gateway")), Flow(new FlowTelemetry("gateway", "api"))];
        var live = LiveFlow.Match(flows, store.GetTraffic(TimeSpan.FromSeconds(60)), _ => Running);

        Assert.Equal([FlowActivity.Active, FlowActivity.Failing], live.Select(l => l.Activity));
    }

    private static FlowEntry Flow(FlowTelemetry? telemetry) => new("lambda-mongo-tcp-27017", "tcp", 27017, "TCP 27017", "Queries", "lambda", "mongo", telemetry);

    private static LiveFlow Match(FlowTelemetry? telemetry, IReadOnlyList<TrafficEdge> traffic, StateView? state = null) => LiveFlow.Match([Flow(telemetry)], traffic, _ => state ?? Running)[0];
}
