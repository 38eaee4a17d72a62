using System.Globalization;
using System.Text;

namespace Aspire.Dashboard.Resources;

/// <summary>How the graph is drawn.</summary>
internal static class GraphPath
{
    /// <summary>The path of an arrow: it leaves and enters level, with one curve between any two of its points.</summary>
    public static string Of(GraphEdge edge)
    {
        var path = new StringBuilder();
        path.Append(CultureInfo.InvariantCulture, $"M{edge.Points[0].X:0.#} {edge.Points[0].Y:0.#}");
        foreach (var (from, to) in edge.Points.Zip(edge.Points.Skip(1)))
        {
            var middle = (from.X + to.X) / 2;
            path.Append(CultureInfo.InvariantCulture, $" C{middle:0.#} {from.Y:0.#} {middle:0.#} {to.Y:0.#} {to.X:0.#} {to.Y:0.#}");
        }

        return path.ToString();
    }

    /// <summary>A text that fits into a node: its end is left out, and marked as such.</summary>
    public static string Short(string text, int length) => text.Length <= length ? text : $"{text[..(length - 1)]}…";
}
