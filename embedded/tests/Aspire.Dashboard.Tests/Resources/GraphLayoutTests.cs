using Aspire.Dashboard.Resources;

namespace Aspire.Dashboard.Tests.Resources;

public class GraphLayoutTests
{
    [Fact]
    public void What_uses_something_stands_left_of_it()
    {
        var layout = GraphLayout.Of(["db", "api", "web"], [("web", "api"), ("api", "db"), ("web", "db")]);

        Assert.Equal(["web", "api", "db"], layout.Nodes.OrderBy(n => n.X).Select(n => n.Name));
        Check(layout);
    }

    [Fact]
    public void A_long_arrow_goes_round_the_nodes_between()
    {
        var layout = GraphLayout.Of(["web", "api", "db"], [("web", "api"), ("api", "db"), ("web", "db")]);
        var api = layout.Nodes.Single(n => n.Name == "api");

        var passage = layout.Edges.Single(e => e is { Source: "web", Target: "db" }).Points.Single(p => p.X == api.X);

        Assert.NotInRange(passage.Y, api.Y, api.Y + GraphLayout.NodeHeight);
    }

    [Fact]
    public void Circles_and_arrows_to_oneself_or_to_nobody_are_no_obstacle()
    {
        var layout = GraphLayout.Of(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a"), ("a", "nobody"), ("A", "B")]);

        Assert.Equal(3, layout.Edges.Count);
        var back = Assert.Single(layout.Edges, e => e.IsBackward);
        Assert.Equal(("c", "a"), (back.Source, back.Target));
        Check(layout);
    }

    [Fact]
    public void Nothing_has_no_size() => Assert.Equal((0, 0), (GraphLayout.Of([], []).Width, GraphLayout.Of([], []).Height));

    [Fact]
    public void Crossings_that_can_be_avoided_are()
    {
        // In the order of the names, each of the three arrows crosses the other two.
        var layout = GraphLayout.Of(["a", "b", "c", "x", "y", "z"], [("a", "z"), ("b", "y"), ("c", "x")]);

        var right = layout.Edges.OrderBy(e => e.Points[0].Y).Select(e => e.Points[^1].Y).ToArray();

        Assert.Equal(right.Order(), right);
    }

    [Theory]
    [InlineData(1, 50, 80)]
    [InlineData(2, 50, 150)]
    [InlineData(3, 50, 0)]
    [InlineData(4, 12, 60)]
    [InlineData(5, 1, 3)]
    public void Any_graph_has_no_overlaps_and_arrows_in_one_direction(int seed, int nodes, int arrows)
    {
        var random = new Random(seed);
        string[] names = [.. Enumerable.Range(0, nodes).Select(i => $"n{i}")];

        var layout = GraphLayout.Of(names, [.. Enumerable.Range(0, arrows).Select(_ => (names[random.Next(nodes)], names[random.Next(nodes)]))]);

        Assert.Equal(names, layout.Nodes.Select(n => n.Name));
        Check(layout);
    }

    private static void Check(GraphLayout layout)
    {
        var nodes = layout.Nodes.ToDictionary(n => n.Name);
        foreach (var node in layout.Nodes)
        {
            Assert.InRange(node.X, 0, layout.Width - GraphLayout.NodeWidth);
            Assert.InRange(node.Y, 0, layout.Height - GraphLayout.NodeHeight);
            Assert.DoesNotContain(layout.Nodes, other => other != node
                && other.X < node.X + GraphLayout.NodeWidth && node.X < other.X + GraphLayout.NodeWidth
                && other.Y < node.Y + GraphLayout.NodeHeight - 0.001 && node.Y < other.Y + GraphLayout.NodeHeight - 0.001);
        }

        foreach (var edge in layout.Edges)
        {
            var (left, right) = edge.IsBackward ? (nodes[edge.Target], nodes[edge.Source]) : (nodes[edge.Source], nodes[edge.Target]);
            Assert.True(left.X + GraphLayout.NodeWidth < right.X, $"{edge.Source} -> {edge.Target}");
            IEnumerable<GraphPoint> points = edge.IsBackward ? edge.Points.Reverse() : edge.Points;
            Assert.Equal(points.OrderBy(p => p.X), points);
            Assert.All(points, p => Assert.InRange(p.Y, 0, layout.Height));
        }
    }
}
