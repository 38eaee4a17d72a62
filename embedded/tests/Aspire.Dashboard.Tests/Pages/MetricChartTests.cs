using Aspire.Dashboard.Display;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Tests.Pages;

public class MetricChartTests
{
    private static readonly DateTime From = TelemetryData.Start;

    [Theory]
    [InlineData("s", (int)InstrumentKind.Histogram, 3, 0.25, "250 ms")]
    [InlineData("s", (int)InstrumentKind.Gauge, 30, 12.5, "12.5 s")]
    [InlineData("By", (int)InstrumentKind.UpDownCounter, 5_000_000, 1_048_576, "1 MiB")]
    [InlineData("By", (int)InstrumentKind.Counter, 2048, 1024, "1 KiB/s")]
    [InlineData("{request}", (int)InstrumentKind.Counter, 5, 2, "2 request/s")]
    [InlineData("1", (int)InstrumentKind.Gauge, 1, 0, "0")]
    [InlineData("%", (int)InstrumentKind.Gauge, 100, 99.5, "99.5%")]
    [InlineData("", (int)InstrumentKind.Counter, 5000, 1234, "1,234/s")]
    public void A_value_is_written_in_the_unit_that_people_read(string unit, int kind, double greatest, double value, string text) =>
        Assert.Equal(text, MetricUnit.For(unit, (InstrumentKind)kind, greatest).Text(value));

    [Theory]
    [InlineData(0, 97)]
    [InlineData(-3, 4)]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(double.NaN, double.PositiveInfinity)]
    [InlineData(-1e300, 1e300)]
    public void The_marks_of_an_axis_enclose_what_is_shown_in_equal_steps(double low, double high)
    {
        var ticks = AxisTicks.Values(low, high);

        Assert.InRange(ticks.Count, 2, 12);
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        if (double.IsFinite(low))
        {
            Assert.True(ticks[0] <= low && ticks[^1] >= high);
        }
    }

    [Fact]
    public void A_counter_is_one_line_from_the_first_to_the_last_value()
    {
        var layout = Create(InstrumentKind.Counter, 1, 0, 2);

        var line = Assert.Single(layout.Lines);
        Assert.Equal("rate", line.Name);
        Assert.Equal($"M{Y(layout.Xs[0])} 152h0L{Y(layout.Xs[1])} 288L{Y(layout.Xs[2])} 16", line.Path);
        Assert.Equal(MetricChartLayout.Right, layout.Xs[2], 6);
        Assert.Equal(2, layout.Newest());
    }

    [Fact]
    public void A_short_silence_is_bridged_and_a_long_one_is_a_gap()
    {
        // A step has 10 s; a resource may report once a minute.
        var layout = Create(InstrumentKind.Gauge, 1, null, null, 2, null, null, null, null, null, null, null, 3);

        Assert.Equal(2, layout.Lines[0].Path.Count(c => c == 'M'));
        Assert.Equal(1, layout.Lines[0].Path.Count(c => c == 'L'));
    }

    [Fact]
    public void A_histogram_has_three_lines_that_differ_in_class_and_exemplars_at_their_value()
    {
        var exemplar = new Exemplar(From.AddSeconds(10), 0.5, new TraceId(1, 2), new SpanId(3));
        var late = exemplar with { TimeUtc = From.AddHours(1) };
        var layout = CreateWith(InstrumentKind.Histogram, [exemplar, late], 1, 1);

        Assert.Equal(["p50", "p90", "p99"], layout.Lines.Select(line => line.Name));
        Assert.Equal(3, layout.Lines.Select(line => line.Class).Distinct().Count());
        var dot = Assert.Single(layout.Exemplars);
        Assert.Equal((MetricChartLayout.Left + MetricChartLayout.Right) / 2, dot.X, 6);
        Assert.InRange(dot.Y, MetricChartLayout.Top, MetricChartLayout.Bottom);
    }

    [Fact]
    public void Values_that_are_no_numbers_are_not_drawn()
    {
        var layout = Create(InstrumentKind.Gauge, double.NaN, double.PositiveInfinity);

        Assert.Equal("", layout.Lines[0].Path);
        Assert.True(Create(InstrumentKind.Gauge, null, null).IsEmpty);
        Assert.Equal(-1, Create(InstrumentKind.Gauge, null, null).Newest());
    }

    private static string Y(double value) => value.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);

    private static MetricChartLayout Create(InstrumentKind kind, params double?[] values) => CreateWith(kind, Array.Empty<Exemplar>(), values);

    private static MetricChartLayout CreateWith(InstrumentKind kind, Exemplar[] exemplars, params double?[] values)
    {
        var points = values.Select((value, i) => kind == InstrumentKind.Histogram
            ? new MetricPoint(From.AddSeconds(10 * (i + 1)), 1, value, value * 2, value * 3)
            : new MetricPoint(From.AddSeconds(10 * (i + 1)), value, null, null, null)).ToArray();
        return MetricChartLayout.Create(new MetricSeries(new Instrument("api", "meter", "name", "1", "", kind), points, [], exemplars), From, From.AddSeconds(10 * values.Length));
    }
}
