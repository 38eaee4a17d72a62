using Aspire.Dashboard.Telemetry;
using static Aspire.Dashboard.Tests.Telemetry.Records;

namespace Aspire.Dashboard.Tests.Telemetry;

public class MetricStoreTests
{
    private readonly SetTime _time = new(Start);

    [Fact]
    public void A_counter_that_starts_again_goes_on_from_nothing()
    {
        var store = new TelemetryStore(new TelemetryLimits(), time: _time);
        foreach (var (second, value) in new[] { (10, 100.0), (20, 150.0), (30, 30.0), (40, 40.0) })
        {
            Add(store, second, value);
        }

        // 50 from 10 s to 20 s, 30 after the new start, 10 more.
        Assert.Equal([5, 3, 1], Points(store, 10, 40, 3).Select(p => p.Value!.Value));
    }

    [Fact]
    public void What_was_cleared_does_not_come_back_as_an_increase()
    {
        var store = new TelemetryStore(new TelemetryLimits(), time: _time);
        Add(store, 10, 1000);
        _time.Now = Start.AddSeconds(15);
        store.Clear(TelemetryKind.Metrics, "API");
        Add(store, 20, 1010);
        Add(store, 30, 1030);

        Assert.Equal([null, 2], Points(store, 10, 30, 2).Select(p => p.Value));
    }

    [Fact]
    public void Percentiles_are_near_those_of_the_measurements()
    {
        var store = new TelemetryStore(new TelemetryLimits(), time: _time);
        var random = new Random(5);
        var values = Enumerable.Range(0, 10_000).Select(_ => Math.Exp(random.NextDouble() * 6)).Order().ToArray();
        double[] bounds = [.. Enumerable.Range(1, 400).Select(i => (double)i)];
        var buckets = values.GroupBy(v => (long)bounds.Count(b => b < v)).Select(g => new Bucket(g.Key, g.Count())).ToArray();
        store.AddMetrics([Metric(InstrumentKind.Histogram, new MetricDataPoint
        {
            Attributes = [], StartUtc = Start, TimeUtc = Start.AddSeconds(10), Histogram = new HistogramData(new ExplicitBuckets(bounds), values.Length, buckets),
        })]);

        var point = Points(store, 0, 10, 1)[0];

        Assert.Equal(values[4999], point.P50!.Value, tolerance: 1);
        Assert.Equal(values[8999], point.P90!.Value, tolerance: 1);
        Assert.Equal(values[9899], point.P99!.Value, tolerance: 1);
    }

    [Fact]
    public void Dimension_sets_and_their_bytes_are_bounded()
    {
        var store = new TelemetryStore(new TelemetryLimits { MaxDimensionSetCount = 50, MaxMetricsBytes = 1024 * 1024 }, time: _time);
        for (var i = 0; i < 200; i++)
        {
            Add(store, 10, 1, new TelemetryAttribute("k", $"small {i}"));
        }

        Assert.Equal(150, store.DroppedMetrics.Evicted);
        for (var i = 0; i < 200; i++)
        {
            Add(store, 20, 1, new TelemetryAttribute("k", $"{i} " + new string('x', 30_000)));
        }

        var values = Get(store, 0, 30, 1)!.Dimensions.Single().Values;
        Assert.InRange(values.Sum(v => 2L * v.Length), 500_000, 1024 * 1024);
    }

    [Fact]
    public void Exemplars_of_a_dimension_set_go_with_it()
    {
        var store = new TelemetryStore(new TelemetryLimits { MaxDimensionSetCount = 1 }, time: _time);
        var exemplar = new Exemplar(Start.AddSeconds(10), 1, new TraceId(1, 1), new SpanId(1));
        Add(store, 10, 1, [exemplar], new TelemetryAttribute("k", "1"));
        Assert.Equal([exemplar], Get(store, 0, 30, 1)!.Exemplars);

        Add(store, 10, 1, [], new TelemetryAttribute("k", "2"));

        Assert.Empty(Get(store, 0, 30, 1)!.Exemplars);
    }

    private void Add(TelemetryStore store, int second, double value, params TelemetryAttribute[] attributes) => Add(store, second, value, [], attributes);

    private void Add(TelemetryStore store, int second, double value, Exemplar[] exemplars, params TelemetryAttribute[] attributes)
    {
        _time.Now = Start.AddSeconds(second);
        store.AddMetrics([Metric(InstrumentKind.Counter, new MetricDataPoint { Attributes = attributes, StartUtc = Start.AddSeconds(1), TimeUtc = _time.Now, Value = value, Exemplars = exemplars })]);
    }

    private static MetricData Metric(InstrumentKind kind, MetricDataPoint point) => new() { Resource = Resource("api"), Meter = "meter", Name = "name", Kind = kind, Points = [point] };

    private static MetricSeries? Get(TelemetryStore store, int from, int to, int steps)
        => store.GetMetric(new MetricQuery { Resource = "api", Meter = "meter", Name = "name", FromUtc = Start.AddSeconds(from), ToUtc = Start.AddSeconds(to), Steps = steps });

    private static IReadOnlyList<MetricPoint> Points(TelemetryStore store, int from, int to, int steps) => Get(store, from, to, steps)!.Points;
}
