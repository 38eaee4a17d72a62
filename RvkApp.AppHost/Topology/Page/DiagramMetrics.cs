namespace RvkApp.AppHost.Topology.Page;

/// <summary>The measures of a diagram, in its own units; one unit is a CSS pixel where the picture is shown at its natural width.</summary>
/// <param name="Name">Its name, which its ids and classes carry.</param>
/// <param name="Width">The width of everything except the lanes for arrows that should not be.</param>
/// <param name="Margin">Between the network's border and what is in it.</param>
/// <param name="Lane">Between two parallel lines.</param>
/// <param name="Text">The size of titles.</param>
/// <param name="SmallText">The size of everything else.</param>
/// <param name="Padding">Inside subnets and groups.</param>
/// <param name="Node">The height of a node.</param>
/// <param name="Gap">Between two nodes where an arrow with a label runs.</param>
internal sealed record DiagramMetrics(string Name, int Width, int Margin, int Lane, int Text, int SmallText, int Padding, int Node, int Gap)
{
    /// <summary>For screens that are wide and for paper.</summary>
    public static DiagramMetrics Wide { get; } = new("wide", 760, 14, 13, 15, 13, 12, 48, 46);

    /// <summary>For screens of 360 pixels.</summary>
    public static DiagramMetrics Narrow { get; } = new("narrow", 340, 5, 9, 12, 11, 5, 40, 40);

    /// <summary>The widest a text can be, with any of the fonts a system may have for <c>system-ui</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The font size.</param>
    /// <param name="bold">Whether it is bold.</param>
    /// <returns>The width.</returns>
    public static int WidthOf(string text, int size, bool bold = false) => (int)Math.Ceiling(text.Length * size * (bold ? 0.68 : 0.62));

    /// <summary>The text, shortened to a width.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The font size.</param>
    /// <param name="width">The width.</param>
    /// <returns>The text, or its beginning and an ellipsis.</returns>
    public static string Fit(string text, int size, int width)
    {
        var fits = Math.Max(1, (int)(width / (size * 0.62)));
        return text.Length <= fits ? text : string.Concat(text.AsSpan(0, fits - 1), "…");
    }
}
