using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>Where the arrows of a diagram run, once its boxes stand.</summary>
/// <param name="metrics">The measures.</param>
/// <param name="outlines">The nodes' outlines, which include the groups around them.</param>
/// <param name="left">The left edge of what stands in the network; the lanes of what leaves are left of it.</param>
/// <param name="axis">Where the request path runs down.</param>
/// <param name="exit">Where what leaves goes; <see langword="null"/> where nothing leaves.</param>
internal sealed class DiagramLanes(DiagramMetrics metrics, IReadOnlyDictionary<string, Area> outlines, int left, int axis, Area? exit)
{
    /// <summary>An arrow's label: its port, marked where colour alone would tell that something is wrong.</summary>
    /// <param name="arrow">The arrow.</param>
    /// <returns>The label.</returns>
    public static string Label(DiagramArrow arrow) => arrow.State switch
    {
        ArrowState.Missing => $"× {arrow.Label}",
        ArrowState.Extra => $"! {arrow.Label}",
        _ => arrow.Label,
    };

    /// <summary>How wide the label of an arrow is.</summary>
    /// <param name="arrow">The arrow.</param>
    /// <param name="metrics">The measures.</param>
    /// <returns>The width, padding included.</returns>
    public static int LabelWidth(DiagramArrow arrow, DiagramMetrics metrics) => DiagramMetrics.WidthOf(Label(arrow), metrics.SmallText, bold: true) + 12;

    /// <summary>An arrow from one place of the request path to the next.</summary>
    /// <param name="arrow">The arrow.</param>
    /// <returns>The arrow, its label near its start, which is where nothing else is written.</returns>
    public DrawnArrow Straight(DiagramArrow arrow)
    {
        var (from, to) = (outlines[arrow.From], outlines[arrow.To]);
        var label = LabelWidth(arrow, metrics);
        return Drawn(arrow, [new(axis, from.Bottom), new(axis, to.Y)], Math.Min(axis - label / 2, metrics.Width - metrics.Margin - label), from.Bottom + metrics.Gap / 2 - 2);
    }

    /// <summary>What leaves: out on the left, up (the upper the source, the nearer the lane), and in at the exit.</summary>
    /// <param name="arrows">The arrows.</param>
    /// <returns>The arrows, drawn.</returns>
    public IEnumerable<DrawnArrow> Leaving(IReadOnlyList<DiagramArrow> arrows)
    {
        if (arrows.Count == 0 || exit is not { } door)
        {
            yield break;
        }

        var nearest = left - 8 - arrows.Max(arrow => LabelWidth(arrow, metrics));
        var sources = arrows.GroupBy(arrow => arrow.From).OrderBy(source => outlines[source.Key].Y);
        var index = 0;
        foreach (var source in sources)
        {
            var outline = outlines[source.Key];
            var step = outline.Height / (source.Count() + 1);
            var y = outline.Y;
            foreach (var arrow in source)
            {
                y += step;
                var lane = nearest - index * metrics.Lane - metrics.Lane / 2;
                index++;
                var end = door.Bottom - index * door.Height / (arrows.Count + 1);
                yield return Drawn(arrow, [new(outline.X, y), new(lane, y), new(lane, end), new(door.X, end)], left - 4 - LabelWidth(arrow, metrics), y);
            }
        }
    }

    /// <summary>What has no ordinary way: out on the right, along (the shorter, the nearer the lane), and in on the right.</summary>
    /// <param name="arrows">The arrows.</param>
    /// <param name="edge">The right edge of everything else.</param>
    /// <returns>The arrows, drawn.</returns>
    public IEnumerable<DrawnArrow> Astray(IReadOnlyList<DiagramArrow> arrows, int edge)
    {
        if (arrows.Count == 0)
        {
            yield break;
        }

        var nearest = edge + 8 + arrows.Max(arrow => LabelWidth(arrow, metrics));
        DiagramArrow[] ordered = [.. arrows.OrderBy(arrow => Math.Abs(outlines[arrow.To].Y - outlines[arrow.From].Y))];
        for (var index = 0; index < ordered.Length; index++)
        {
            var arrow = ordered[index];
            var (from, to) = (outlines[arrow.From], outlines[arrow.To]);
            var lane = nearest + index * metrics.Lane + metrics.Lane / 2;
            var (start, end) = (Port(ordered, arrow, arrow.From, start: true), Port(ordered, arrow, arrow.To, start: false));
            yield return Drawn(arrow, [new(from.Right, start), new(lane, start), new(lane, end), new(to.Right, end)], edge + 4, end);
        }
    }

    // Each line has its own place on the right edge of a node.
    private int Port(DiagramArrow[] arrows, DiagramArrow arrow, string node, bool start)
    {
        List<(DiagramArrow Arrow, bool Start)> ports =
            [.. arrows.Where(other => other.From == node).Select(other => (other, true)), .. arrows.Where(other => other.To == node).Select(other => (other, false))];
        return outlines[node].Y + (ports.IndexOf((arrow, start)) + 1) * outlines[node].Height / (ports.Count + 1);
    }

    private DrawnArrow Drawn(DiagramArrow arrow, ImmutableArray<Spot> points, int labelX, int middle)
    {
        var height = metrics.SmallText + 5;
        return new DrawnArrow(arrow, points, new Area(labelX, middle - height / 2, LabelWidth(arrow, metrics), height), Label(arrow));
    }
}
