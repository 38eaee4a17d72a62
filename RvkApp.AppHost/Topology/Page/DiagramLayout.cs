using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>
/// Places a diagram: the request path runs down on the right, each zone is a column and each tier a row, what leaves for the internet runs up
/// in lanes on the left, and what has no ordinary way (it should not be there) in lanes on the right. The lanes are nested so that they do not cross.
/// </summary>
internal sealed class DiagramLayout
{
    private static readonly DiagramPlace[] RequestPath =
        [DiagramPlace.Client, DiagramPlace.Entry, DiagramPlace.Application, DiagramPlace.Data, DiagramPlace.Storage];

    private readonly DiagramModel _model;
    private readonly DiagramMetrics _metrics;
    private readonly List<DrawnBox> _boxes = [];
    private readonly List<DrawnRoute> _routes = [];
    private readonly Dictionary<string, Area> _outlines = [];
    private readonly List<DiagramArrow> _leaving;
    private readonly List<DiagramArrow> _astray;
    private readonly int _labelHeight;
    private readonly int _line;
    private readonly int _zones;
    private readonly int _left;
    private readonly int _right;
    private readonly int _columnWidth;
    private readonly int _columnGap;
    private readonly int _axis;
    private Area? _exit;

    private DiagramLayout(DiagramModel model, DiagramMetrics metrics)
    {
        _model = model;
        _metrics = metrics;
        _labelHeight = metrics.SmallText + 5;
        _line = metrics.SmallText + 5;
        _leaving = [.. model.Arrows.Where(arrow => PlaceOf(arrow.To) == DiagramPlace.Internet && PlaceOf(arrow.From) is not DiagramPlace.Client)];
        _astray = [.. model.Arrows.Except(_leaving).Where(arrow => !IsStraight(arrow))];

        _zones = Math.Max(2, model.Network is { Subnets.IsEmpty: false } network ? network.Subnets.Max(subnet => subnet.Zone) + 1 : 1);
        _left = metrics.Margin + (_leaving.Count == 0 ? 0 : LabelWidth(_leaving) + 10 + _leaving.Count * metrics.Lane);
        _right = metrics.Width - metrics.Margin;
        _columnGap = 2 * metrics.Padding - 4;
        _columnWidth = (_right - _left - (_zones - 1) * _columnGap) / _zones;

        // Right of the subnets' labels, which stand at the left of their column.
        var labels = model.Network?.Subnets.Select(subnet => DiagramMetrics.WidthOf(subnet.Detail, metrics.SmallText)).DefaultIfEmpty(0).Max() ?? 0;
        _axis = Column(_zones - 1).X + Math.Min(Math.Max(_columnWidth * 7 / 10, labels + metrics.Padding + 10), _columnWidth - metrics.Padding - 10);
    }

    /// <summary>Places a diagram.</summary>
    /// <param name="model">What it shows.</param>
    /// <param name="metrics">Its measures.</param>
    /// <returns>The picture.</returns>
    public static DiagramDrawing Place(DiagramModel model, DiagramMetrics metrics) => new DiagramLayout(model, metrics).Place();

    private DiagramDrawing Place()
    {
        var y = PlaceTop();
        y = PlaceNetwork(y);
        y = PlaceElsewhere(y);
        var right = _astray.Count == 0 ? _metrics.Width : _metrics.Width + LabelWidth(_astray) + 14 + _astray.Count * _metrics.Lane;
        return new DiagramDrawing(right, y, [.. _boxes], [.. _routes], PlaceArrows());
    }

    private ImmutableArray<DrawnArrow> PlaceArrows()
    {
        var exit = _exit ?? At(DiagramPlace.Internet).Select(node => (Area?)_outlines[node.Id]).FirstOrDefault();
        var lanes = new DiagramLanes(_metrics, _outlines, _left, _axis, exit);
        var arrows = lanes.Leaving(_leaving).Concat(lanes.Astray(_astray, _metrics.Width)).Concat(
            _model.Arrows.Where(IsStraight).Select(lanes.Straight));
        return [.. arrows.OrderBy(arrow => _model.Arrows.IndexOf(arrow.Arrow))];
    }

    // The internet on the left, who asks and what answers from outside of the network on the right.
    private int PlaceTop()
    {
        const int Top = 4;
        var bottom = Top;
        foreach (var node in At(DiagramPlace.Internet))
        {
            AddNode(node, Column(0) with { Y = Top, Height = _metrics.Node });
            bottom = Top + _metrics.Node;
        }

        var y = Top;
        foreach (var node in At(DiagramPlace.Client).Concat(At(DiagramPlace.Entry)))
        {
            AddNode(node, Column(_zones - 1) with { Y = y, Height = _metrics.Node });
            bottom = y + _metrics.Node;
            y = bottom + _metrics.Gap;
        }

        return bottom + _metrics.Gap;
    }

    private int PlaceNetwork(int top)
    {
        if (_model.Network is not { } network)
        {
            var rows = PlaceTier(DiagramPlace.Application, top, 0);
            rows = PlaceTier(DiagramPlace.Data, rows, rows == top ? 0 : _metrics.Gap);
            return PlaceTier(DiagramPlace.Storage, rows, rows == top ? 0 : _metrics.Gap);
        }

        var border = _boxes.Count;
        var y = top + _labelHeight / 2 + _metrics.Padding + (network.InternetGateway is null ? 0 : 6) + 2 * _line;
        var zonesTop = y;
        var zonesAt = _boxes.Count;
        y += _line + 4;
        foreach (var row in Enum.GetValues<SubnetRow>())
        {
            y = PlaceRow(network, row, y);
        }

        var zones = Enumerable.Range(0, _zones).Where(zone => network.Subnets.Any(subnet => subnet.Zone == zone)).Select(zone =>
        {
            var column = Column(zone);
            var area = new Area(column.X - _metrics.Padding / 2 + 1, zonesTop, column.Width + _metrics.Padding - 2, y - zonesTop);
            var text = $"Availability Zone {zone + 1}";
            text = DiagramMetrics.WidthOf(text, _metrics.SmallText) > column.Width - 8 ? $"AZ {zone + 1}" : text;
            return new DrawnBox("zone", area, [Text("zone-name", column.X + 4, zonesTop + _line - 2, _metrics.SmallText, column.Width - 8, text)]);
        });
        _boxes.InsertRange(zonesAt, zones);

        var bottom = y + _metrics.Margin;
        var vpc = new Area(1, top, _metrics.Width - 2, bottom - top);
        var titleWidth = WayOut - _metrics.Margin - 10;
        _boxes.Insert(border, new DrawnBox("network", vpc,
        [
            Text("network-name", _metrics.Margin, top + _labelHeight / 2 + _metrics.Padding + _line, _metrics.Text, titleWidth, network.Title),
            Text("detail", _metrics.Margin, top + _labelHeight / 2 + _metrics.Padding + 2 * _line, _metrics.SmallText, titleWidth, network.Detail),
        ]));
        PlaceInternetGateway(network, top);
        return bottom + 4;
    }

    private void PlaceInternetGateway(DiagramNetwork network, int border)
    {
        if (network.InternetGateway is not { } gateway)
        {
            return;
        }

        var column = Column(0);
        var height = _labelHeight + 12;
        var width = Math.Min(DiagramMetrics.WidthOf(gateway, _metrics.SmallText) + 16, _axis - column.X - 20);
        var x = WayOut;
        var area = new Area(Math.Max(column.X, Math.Min(x - width / 2, _axis - 20 - width)), border - height / 2, width, height);
        _boxes.Add(new DrawnBox("gateway", area, [Text("detail", area.X + 8, area.Y + height / 2 + _metrics.SmallText / 3, _metrics.SmallText, width - 12, gateway)]));
        foreach (var internet in At(DiagramPlace.Internet))
        {
            _routes.Add(new DrawnRoute([new(x, area.Y), new(x, _outlines[internet.Id].Bottom)]));
        }

        foreach (var nat in _boxes.Where(box => box.Style == "gateway nat").ToArray())
        {
            var from = nat.Area.X - column.X - _metrics.Padding + x;
            var turn = area.Bottom + 8;
            _routes.Add(new DrawnRoute(from == x ? [new(from, nat.Area.Y), new(x, area.Bottom)] : [new(from, nat.Area.Y), new(from, turn), new(x, turn), new(x, area.Bottom)]));
        }

        _exit ??= area;
    }

    private int PlaceRow(DiagramNetwork network, SubnetRow row, int top)
    {
        DiagramSubnet[] subnets = [.. network.Subnets.Where(subnet => subnet.Row == row)];
        DiagramPlace[] places = row switch
        {
            SubnetRow.Application => [DiagramPlace.Application],
            SubnetRow.Data => [DiagramPlace.Data, DiagramPlace.Storage],
            _ => [],
        };
        if (subnets.Length == 0 && !places.Any(place => At(place).Any()))
        {
            return top;
        }

        var cells = _boxes.Count;
        var lines = subnets.Select(subnet => SubnetTexts(subnet, top).Length).DefaultIfEmpty(0).Max();
        var y = top + _metrics.Padding / 2 + lines * _line + 6;
        var bottom = y;
        foreach (var column in subnets.GroupBy(subnet => subnet.Zone))
        {
            var natTop = y;
            foreach (var gateway in column.SelectMany(subnet => subnet.NatGateways))
            {
                var area = Column(column.Key);
                area = new Area(area.X + _metrics.Padding, natTop, area.Width - 2 * _metrics.Padding, Math.Max(_metrics.Node - 10, (_leaving.Count + 1) * (_metrics.Lane - 1)));
                _boxes.Add(new DrawnBox("gateway nat", area,
                    [Text("detail", area.X + _metrics.Padding, area.Y + area.Height / 2 + _metrics.SmallText / 3, _metrics.SmallText, area.Width - _metrics.Padding - 4, gateway)]));
                _exit ??= area;
                natTop = area.Bottom + _metrics.Padding;
                bottom = Math.Max(bottom, area.Bottom);
            }
        }

        foreach (var place in places)
        {
            bottom = PlaceTier(place, bottom, bottom == y ? 0 : _metrics.Gap);
        }

        bottom += _metrics.Padding;
        // Several subnets of one zone in one row share its column, side by side.
        foreach (var column in subnets.GroupBy(subnet => subnet.Zone))
        {
            var area = Column(column.Key);
            var width = area.Width / column.Count();
            _boxes.InsertRange(cells, column.Select((subnet, index) =>
            {
                var cell = new Area(area.X + index * width, top, width, bottom - top);
                return new DrawnBox(subnet.Alarm is null ? $"subnet {Style(row)}" : $"subnet {Style(row)} alarm", cell, SubnetTexts(subnet, top, cell));
            }));
        }

        return bottom + (row == SubnetRow.Data || row == SubnetRow.Other ? _metrics.Padding / 2 : Math.Max(_metrics.Padding, _metrics.Gap / 2));
    }

    private ImmutableArray<DrawnText> SubnetTexts(DiagramSubnet subnet, int top, Area? cell = null)
    {
        var area = cell ?? Column(subnet.Zone);
        var room = area.Width - _metrics.Padding - 4;
        var together = $"{subnet.Title}  {subnet.Detail}";
        List<(string Style, string Text)> lines = DiagramMetrics.WidthOf(together, _metrics.SmallText) <= Math.Min(room, _columnWidth * 7 / 10)
            ? [("subnet-name", together)]
            : [("subnet-name", subnet.Title), ("detail", subnet.Detail)];
        if (subnet.Alarm is { } alarm)
        {
            lines.Add(("alarm-text", alarm));
        }

        return [.. lines.Select((line, index) =>
            Text(line.Style, area.X + _metrics.Padding / 2 + 4, top + _metrics.Padding / 2 + (index + 1) * _line - 2, _metrics.SmallText, room, line.Text))];
    }

    private int PlaceTier(DiagramPlace place, int top, int gap)
    {
        var y = top;
        foreach (var node in At(place))
        {
            y += gap;
            gap = _metrics.Padding;
            // Room for every line that leaves on one side, one label below the other.
            var lines = Math.Max(_leaving.Count(arrow => arrow.From == node.Id), _astray.Count(arrow => arrow.From == node.Id) + _astray.Count(arrow => arrow.To == node.Id));
            var frame = node.Group is null ? 0 : _line + _metrics.Padding + 4;
            var height = Math.Max(_metrics.Node + frame, (lines + 1) * (_labelHeight + 4));
            AddNode(node, new Area(_left + _metrics.Padding, y, _right - _left - 2 * _metrics.Padding, height));
            y += height;
        }

        return y;
    }

    private int PlaceElsewhere(int top)
    {
        var y = top;
        foreach (var node in At(DiagramPlace.Elsewhere))
        {
            AddNode(node, new Area(_left, y + _metrics.Padding, _right - _left, _metrics.Node));
            y += _metrics.Padding + _metrics.Node;
        }

        return y == top ? top : y + 4;
    }

    private void AddNode(DiagramNode node, Area outline)
    {
        var area = outline;
        if (node.Group is { } group)
        {
            _boxes.Add(new DrawnBox($"group {Style(node.Place)}", outline,
                [Text("group-name", outline.X + 8, outline.Y + _line, _metrics.Text - 1, outline.Width - 16, group)]));
            var top = outline.Y + _line + 6;
            area = new Area(outline.X + 6, top, outline.Width - 12, outline.Bottom - top - 6);
        }

        _outlines[node.Id] = outline;
        var middle = area.Y + area.Height / 2;
        var style = node.Absent ? "node absent" : $"node {Style(node.Place)}";
        _boxes.Add(new DrawnBox(style, area, node.Detail.Length == 0
            ? [Text("node-name", area.X + 8, middle + _metrics.Text / 3, _metrics.Text, area.Width - 14, node.Title)]
            :
            [
                Text("node-name", area.X + 8, middle - 3, _metrics.Text, area.Width - 14, node.Title),
                Text("detail", area.X + 8, middle + _metrics.SmallText + 1, _metrics.SmallText, area.Width - 14, node.Detail),
            ],
            node.Id));
    }

    // Where the way from a NAT gateway to the internet runs up: as far right in the first column as the request path in the last.
    private int WayOut => Column(0).X + _axis - Column(_zones - 1).X;

    private Area Column(int zone) => new(_left + zone * (_columnWidth + _columnGap), 0, _columnWidth, 0);

    private IEnumerable<DiagramNode> At(DiagramPlace place) => _model.Nodes.Where(node => node.Place == place);

    private DiagramPlace PlaceOf(string node) => _model.Nodes.FirstOrDefault(candidate => candidate.Id == node)?.Place ?? DiagramPlace.Elsewhere;

    // The way from each place of the request path to the next is the picture's axis; a second one of a pair takes it only if it is meant to be.
    private bool IsStraight(DiagramArrow arrow)
    {
        var from = Array.IndexOf(RequestPath, PlaceOf(arrow.From));
        return from >= 0 && from + 1 < RequestPath.Length && PlaceOf(arrow.To) == RequestPath[from + 1] && arrow.State != ArrowState.Extra
            && _model.Arrows.First(other => other.From == arrow.From && other.To == arrow.To && other.State != ArrowState.Extra) == arrow;
    }

    private int LabelWidth(IEnumerable<DiagramArrow> arrows) => arrows.Max(arrow => DiagramLanes.LabelWidth(arrow, _metrics));

    private static DrawnText Text(string style, int x, int y, int size, int width, string text)
    {
        var fitted = DiagramMetrics.Fit(text, size, width);
        return new DrawnText(style, new Spot(x, y), size, width, fitted, fitted == text ? null : text);
    }

    private static string Style<T>(T value)
        where T : struct, Enum
        => value.ToString().ToLowerInvariant();
}
