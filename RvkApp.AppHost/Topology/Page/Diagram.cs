using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>
/// Writes a diagram as SVG. Each arrow is a link to the element that explains it, so it can be focused, and it works without a script; the
/// colours come from the classes of <c>diagram.css</c>.
/// </summary>
internal static class Diagram
{
    /// <summary>A diagram as one <c>svg</c> element.</summary>
    /// <param name="model">What it shows.</param>
    /// <param name="metrics">Its measures.</param>
    /// <returns>The element.</returns>
    public static Markup Render(DiagramModel model, DiagramMetrics metrics)
    {
        var drawing = DiagramLayout.Place(model, metrics);
        var title = $"{metrics.Name}-title";
        return Markup.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" class="diagram {metrics.Name}" viewBox="0 0 {drawing.Width} {drawing.Height}" width="{drawing.Width}" height="{drawing.Height}" role="group" aria-labelledby="{title} {title}-more">
            <title id="{title}">{model.Title}</title>
            <desc id="{title}-more">{model.Description}</desc>
            <g aria-hidden="true">
            {Markup.Lines(drawing.Boxes.Select(Box))}
            {Markup.Lines(drawing.Routes.Select(Route))}
            </g>
            {Markup.Lines(drawing.Arrows.Select(arrow => Arrow(arrow, metrics)))}
            </svg>
            """);
    }

    private static Markup Box(DrawnBox box)
        => Markup.Of($"""
            <g class="{box.Style}"{(box.Part is { } part ? Markup.Of($" data-part=\"{part}\"") : Markup.Empty)}><rect x="{box.Area.X}" y="{box.Area.Y}" width="{box.Area.Width}" height="{box.Area.Height}" rx="{Rounding(box)}"/>{Markup.Join("", box.Texts.Select(Text))}</g>
            """);

    private static int Rounding(DrawnBox box) => box.Style.StartsWith("zone", StringComparison.Ordinal) || box.Style.StartsWith("subnet", StringComparison.Ordinal) ? 4 : 8;

    private static Markup Text(DrawnText text)
        => Markup.Of($"""<text class="{text.Style}" x="{text.At.X}" y="{text.At.Y}" font-size="{text.Size}">{text.Text}{(text.Full is { } full ? Markup.Of($"<title>{full}</title>") : Markup.Empty)}</text>""");

    private static Markup Route(DrawnRoute route)
        => Markup.Of($"""<g class="route"><path class="line" d="{Path(route.Points)}"/><path class="head" d="{Head(route.Points, 5)}"/></g>""");

    private static Markup Arrow(DrawnArrow drawn, DiagramMetrics metrics)
        => Markup.Of($"""
            <a class="flow {drawn.Arrow.State.ToString().ToLowerInvariant()}" data-flow="{drawn.Arrow.Id}" href="#{drawn.Arrow.Anchor}" aria-label="{drawn.Arrow.Name}"><path class="hit" d="{Path(drawn.Points)}"/><path class="line" d="{Path(drawn.Points)}"/><path class="head" d="{Head(drawn.Points, 6)}"/><rect class="port" x="{drawn.Label.X}" y="{drawn.Label.Y}" width="{drawn.Label.Width}" height="{drawn.Label.Height}" rx="{drawn.Label.Height / 2}"/><text class="port" x="{drawn.Label.X + drawn.Label.Width / 2}" y="{drawn.Label.Y + drawn.Label.Height / 2 + metrics.SmallText * 3 / 8}" font-size="{metrics.SmallText}" text-anchor="middle">{drawn.Text}</text></a>
            """);

    private static string Path(ImmutableArray<Spot> points)
        => "M" + string.Join(" L", points.Select(point => FormattableString.Invariant($"{point.X} {point.Y}")));

    // A triangle whose tip is the last point, in the direction of the last line.
    private static string Head(ImmutableArray<Spot> points, int size)
    {
        var (before, tip) = (points[^2], points[^1]);
        var (dx, dy) = (Math.Sign(tip.X - before.X), Math.Sign(tip.Y - before.Y));
        var back = new Spot(tip.X - dx * size * 3 / 2, tip.Y - dy * size * 3 / 2);
        return Path([tip, new(back.X + dy * size, back.Y + dx * size), new(back.X - dy * size, back.Y - dx * size)]) + "Z";
    }
}
