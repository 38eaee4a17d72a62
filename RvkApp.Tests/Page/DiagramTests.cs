using System.Collections.Immutable;
using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Page;

/// <summary>The layout: nothing stands on anything else, whatever the report says.</summary>
public sealed class DiagramTests
{
    public static TheoryData<string, string> Pictures
    {
        get
        {
            var pictures = new TheoryData<string, string>();
            foreach (var report in Reports.Keys)
            {
                pictures.Add(report, "wide");
                pictures.Add(report, "narrow");
            }

            return pictures;
        }
    }

    private static Dictionary<string, VerificationReport> Reports { get; } = new()
    {
        ["passing"] = Sample.Passing,
        ["failing"] = Sample.Failing,
        ["without plain HTTP"] = Sample.Passing with { Flows = [.. Sample.Passing.Flows.Where(flow => flow.Ports != "80")] },
        ["everything extra"] = Sample.Passing with
        {
            Flows =
            [
                .. Sample.Passing.Flows,
                .. from source in (string[])["internet", "lambda", "mongo", "efs", "Unknown"]
                   from target in (string[])["lambda", "mongo", "efs", "internet"]
                   select new FlowResult(source, target, "udp", "0-65535", FlowState.Extra, [], []),
            ],
        },
        ["no flow"] = Sample.Passing with { Flows = [] },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void No_label_covers_another_or_a_text(string report, string width)
    {
        var drawing = Draw(report, width);
        var labels = drawing.Arrows.Select(arrow => arrow.Label).ToArray();
        var texts = drawing.Boxes.SelectMany(box => box.Texts).Select(AreaOf).ToArray();
        for (var index = 0; index < labels.Length; index++)
        {
            Assert.All(labels[(index + 1)..], other => Assert.False(labels[index].Overlaps(other), $"{labels[index]} and {other}"));
            Assert.All(texts, text => Assert.False(labels[index].Overlaps(text.Area), $"{drawing.Arrows[index].Text} {labels[index]} and '{text.Text}' {text.Area}"));
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void No_text_covers_another(string report, string width)
    {
        var texts = Draw(report, width).Boxes.SelectMany(box => box.Texts).Select(AreaOf).ToArray();
        for (var index = 0; index < texts.Length; index++)
        {
            Assert.All(texts[(index + 1)..], other => Assert.False(texts[index].Area.Overlaps(other.Area), $"'{texts[index].Text}' and '{other.Text}'"));
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Everything_is_within_the_picture(string report, string width)
    {
        var drawing = Draw(report, width);
        var canvas = new Area(0, 0, drawing.Width, drawing.Height);
        Assert.All(drawing.Boxes.Select(box => box.Area).Concat(drawing.Arrows.Select(arrow => arrow.Label)), area
            => Assert.True(area.X >= 0 && area.Y >= 0 && area.Right <= canvas.Right && area.Bottom <= canvas.Bottom, $"{area} in {canvas}"));
        Assert.All(drawing.Arrows.SelectMany(arrow => arrow.Points), point
            => Assert.True(point.X >= 0 && point.Y >= 0 && point.X <= canvas.Right && point.Y <= canvas.Bottom, $"{point} in {canvas}"));
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Every_arrow_ends_at_the_edge_of_a_box_and_no_two_on_one_line(string report, string width)
    {
        var drawing = Draw(report, width);
        Assert.Equal(Reports[report].Flows.Length, drawing.Arrows.Length);
        Assert.All(drawing.Arrows, arrow => Assert.Contains(drawing.Boxes, box => OnEdge(box.Area, arrow.Points[0])));
        Assert.All(drawing.Arrows, arrow => Assert.Contains(drawing.Boxes, box => OnEdge(box.Area, arrow.Points[^1])));
        Assert.Equal(drawing.Arrows.Length, drawing.Arrows.Select(arrow => string.Join(' ', arrow.Points)).Distinct().Count());
    }

    [Fact]
    public void What_leaves_for_the_internet_does_not_cross()
    {
        var lanes = Draw("passing", "wide").Arrows.Where(arrow => arrow.Arrow.To == "internet").ToArray();
        Assert.Equal(5, lanes.Length);
        foreach (var one in lanes)
        {
            Assert.All(lanes.Where(other => other != one), other => Assert.False(Cross(one.Points, other.Points), $"{one.Text} of {one.Arrow.From} and {other.Text} of {other.Arrow.From}"));
        }
    }

    [Fact]
    public void A_long_name_is_shortened_and_kept_whole_for_those_who_ask()
    {
        var name = new string('n', 200);
        var model = Model("passing") with { Network = new DiagramNetwork(name, "10.0.0.0/16", null, []) };
        var text = DiagramLayout.Place(model, DiagramMetrics.Narrow).Boxes.SelectMany(box => box.Texts).Single(text => text.Full == name);
        Assert.EndsWith("…", text.Text, StringComparison.Ordinal);
        Assert.Contains($"<title>{name}</title>", Diagram.Render(model, DiagramMetrics.Narrow).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_without_a_network_can_be_drawn()
    {
        var model = new DiagramModel("Local", "", null,
            [new("client", DiagramPlace.Client, "Client", ""), new("api", DiagramPlace.Application, "api", "localhost"), new("mongo", DiagramPlace.Data, "mongo", "localhost")],
            [new("one", "api", "mongo", "TCP 27017", "api to mongo", ArrowState.Allowed), new("two", "client", "api", "HTTP 5080", "client to api", ArrowState.Allowed)]);
        var drawing = DiagramLayout.Place(model, DiagramMetrics.Narrow);
        Assert.Equal(["one", "two"], drawing.Arrows.Select(arrow => arrow.Arrow.Anchor));
        Assert.DoesNotContain(drawing.Boxes, box => box.Style == "network");
    }

    private static DiagramModel Model(string report) => new TopologyDiagram(LandscapeReader.Read(Sample.Template), Sample.Template, Reports[report]).Make();

    private static DiagramDrawing Draw(string report, string width) => DiagramLayout.Place(Model(report), width == "wide" ? DiagramMetrics.Wide : DiagramMetrics.Narrow);

    private static (string Text, Area Area) AreaOf(DrawnText text)
        => (text.Text, new Area(text.At.X, text.At.Y - text.Size * 3 / 4, DiagramMetrics.WidthOf(text.Text, text.Size), text.Size));

    private static bool OnEdge(Area area, Spot point)
        => ((point.X == area.X || point.X == area.Right) && point.Y >= area.Y && point.Y <= area.Bottom)
            || ((point.Y == area.Y || point.Y == area.Bottom) && point.X >= area.X && point.X <= area.Right);

    private static bool Cross(ImmutableArray<Spot> one, ImmutableArray<Spot> other)
        => one.Zip(one.Skip(1)).Any(first => other.Zip(other.Skip(1)).Any(second => Box(first).Overlaps(Box(second))));

    // Lines are horizontal or vertical, so two of them cross where their boxes, one unit thick, overlap.
    private static Area Box((Spot From, Spot To) line)
        => new(Math.Min(line.From.X, line.To.X), Math.Min(line.From.Y, line.To.Y), Math.Abs(line.From.X - line.To.X) + 1, Math.Abs(line.From.Y - line.To.Y) + 1);
}
