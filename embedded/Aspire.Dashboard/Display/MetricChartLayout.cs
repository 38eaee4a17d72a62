using System.Globalization;
using System.Text;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Display;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Class">Its class in telemetry.css: colour and pattern of dashes.</param>
/// <param name="Path">The data of an SVG path; empty when there is nothing to draw.</param>
/// <param name="Values">Its value at each point of the series.</param>
internal sealed record ChartLine(string Name, string Class, string Path, IReadOnlyList<double?> Values);

/// <summary>A mark of an axis.</summary>
internal readonly record struct ChartTick(double At, string Label);

/// <summary>An exemplar in the chart.</summary>
internal sealed record ChartDot(double X, double Y, Exemplar Exemplar);

/// <summary>Where everything of a metric's chart is, in the units of its view box. Public because parameters of components are; immutable.</summary>
public sealed class MetricChartLayout
{
    internal const double Width = 960;
    internal const double Height = 320;
    internal const double Left = 72;
    internal const double Right = Width - 32;
    internal const double Top = 16;
    internal const double Bottom = Height - 32;

    // A resource reports every few seconds (OTEL_METRIC_EXPORT_INTERVAL, at most a minute), so that short steps of time are empty in between: no gap in the line.
    private static readonly TimeSpan LongestBridge = TimeSpan.FromSeconds(60);

    private MetricChartLayout()
    {
    }

    internal MetricSeries Series { get; private init; } = default!;

    internal MetricUnit Unit { get; private init; }

    internal IReadOnlyList<ChartLine> Lines { get; private init; } = default!;

    internal IReadOnlyList<ChartTick> ValueTicks { get; private init; } = default!;

    internal IReadOnlyList<ChartTick> TimeTicks { get; private init; } = default!;

    internal IReadOnlyList<ChartDot> Exemplars { get; private init; } = default!;

    /// <summary>The place of each point of the series in the direction of time.</summary>
    internal IReadOnlyList<double> Xs { get; private init; } = default!;

    internal bool IsEmpty => Lines.All(line => line.Values.All(value => value is null));

    internal static MetricChartLayout Create(MetricSeries series, DateTime fromUtc, DateTime toUtc)
    {
        var kind = series.Instrument.Kind;
        var points = series.Points;
        (string Name, string Class, IReadOnlyList<double?> Values)[] lines = kind == InstrumentKind.Histogram
            ?
            [
                ("p50", "line-a", [.. points.Select(point => point.P50)]),
                ("p90", "line-b", [.. points.Select(point => point.P90)]),
                ("p99", "line-c", [.. points.Select(point => point.P99)]),
            ]
            : [(kind == InstrumentKind.Counter ? "rate" : "value", "line-a", [.. points.Select(point => point.Value)])];

        var values = lines.SelectMany(line => line.Values).OfType<double>().Where(double.IsFinite).ToArray();
        var exemplars = series.Exemplars.Where(exemplar => kind == InstrumentKind.Histogram && double.IsFinite(exemplar.Value) && exemplar.TimeUtc >= fromUtc && exemplar.TimeUtc <= toUtc).ToArray();
        var shown = values.Concat(exemplars.Select(exemplar => exemplar.Value)).ToArray();
        var (least, greatest) = shown.Length == 0 ? (0, 0) : (Math.Min(0, shown.Min()), Math.Max(0, shown.Max()));
        var unit = MetricUnit.For(series.Instrument.Unit, kind, Math.Max(Math.Abs(least), greatest));

        // Marks are round numbers in the unit that is shown, not in the instrument's.
        var ticks = AxisTicks.Values(least * unit.Scale, greatest * unit.Scale);
        var (low, high) = (ticks[0], ticks[^1]);
        double Y(double value) => Bottom - (((value * unit.Scale) - low) / (high - low) * (Bottom - Top));
        double X(DateTime time) => Left + ((time - fromUtc) / (toUtc - fromUtc) * (Right - Left));
        var xs = points.Select(point => X(point.EndUtc)).ToArray();
        var bridge = points.Count < 2 ? 1 : Math.Max(1, (int)(LongestBridge / (points[1].EndUtc - points[0].EndUtc)));

        return new MetricChartLayout
        {
            Series = series,
            Unit = unit,
            Lines = [.. lines.Select(line => new ChartLine(line.Name, line.Class, Path(xs, line.Values, Y, bridge), line.Values))],
            ValueTicks = [.. ticks.Select(tick => new ChartTick(Y(tick / unit.Scale), unit.Number(tick / unit.Scale)))],
            TimeTicks = [.. AxisTicks.Clock(fromUtc, toUtc).Select(tick => new ChartTick(X(tick), tick.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)))],
            Exemplars = [.. exemplars.Select(exemplar => new ChartDot(X(exemplar.TimeUtc), Y(exemplar.Value), exemplar))],
            Xs = xs,
        };
    }

    /// <summary>The values at a point, in words.</summary>
    internal string Describe(int point)
    {
        var text = new StringBuilder(Formats.Time(Series.Points[point].EndUtc)[..8]);
        foreach (var line in Lines)
        {
            text.Append(CultureInfo.InvariantCulture, $", {line.Name} {(line.Values[point] is { } value ? Unit.Text(value) : "none")}");
        }

        return text.ToString();
    }

    /// <summary>The newest point that has a value; -1 when none has.</summary>
    internal int Newest()
    {
        for (var i = Series.Points.Count - 1; i >= 0; i--)
        {
            if (Lines.Any(line => line.Values[i] is not null))
            {
                return i;
            }
        }

        return -1;
    }

    // A point that stands alone becomes a line of no length, which a round cap makes a dot.
    private static string Path(double[] xs, IReadOnlyList<double?> values, Func<double, double> y, int bridge)
    {
        var path = new StringBuilder();
        var previous = int.MinValue / 2;
        for (var i = 0; i < xs.Length; i++)
        {
            if (values[i] is not { } value || !double.IsFinite(value))
            {
                continue;
            }

            var joined = i - previous <= bridge;
            path.Append(CultureInfo.InvariantCulture, $"{(joined ? 'L' : 'M')}{xs[i]:0.##} {y(value):0.##}");
            if (!joined)
            {
                path.Append("h0");
            }

            previous = i;
        }

        return path.ToString();
    }
}
