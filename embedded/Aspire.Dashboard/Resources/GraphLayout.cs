namespace Aspire.Dashboard.Resources;

/// <summary>A place on the drawing, in its own units (pixels when it is not zoomed).</summary>
internal readonly record struct GraphPoint(double X, double Y);

/// <summary>A node with the place of its upper left corner.</summary>
internal sealed record GraphNode(string Name, double X, double Y);

/// <summary>An arrow and the points that it goes through: the right side of its source first, the left side of its target last; the other way round when <paramref name="IsBackward"/>.</summary>
internal sealed record GraphEdge(string Source, string Target, IReadOnlyList<GraphPoint> Points, bool IsBackward);

/// <summary>
/// A drawing in layers from left to right, after Sugiyama, Tagawa and Toda (1981): what uses something stands left of it. Circles are broken by turning arrows round,
/// long arrows go through a place of their own in each layer, crossings are reduced by barycentres, and then every node moves towards its neighbours.
/// </summary>
internal sealed record GraphLayout(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, double Width, double Height)
{
    public const double NodeWidth = 196;
    public const double NodeHeight = 64;

    private const double LayerGap = 72;
    private const double NodeGap = 20;
    private const double PassageHeight = 12;
    private const double Margin = 24;
    private const int Sweeps = 12;

    /// <summary>Lays a graph out. Arrows to themselves or to names that are not among the nodes are left out, and so are repeated ones.</summary>
    public static GraphLayout Of(IReadOnlyList<string> names, IReadOnlyList<(string Source, string Target)> arrows)
    {
        var index = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            index.TryAdd(name, index.Count);
        }

        var known = arrows.Where(a => index.ContainsKey(a.Source) && index.ContainsKey(a.Target))
            .Select(a => (Source: index[a.Source], Target: index[a.Target])).Where(a => a.Source != a.Target).Distinct().ToList();
        var acyclic = Acyclic(index.Count, known);
        var graph = new Layered(index.Count, acyclic);
        graph.ReduceCrossings(Sweeps);
        graph.Place();

        var byIndex = index.OrderBy(p => p.Value).Select(p => p.Key).ToArray();
        GraphNode[] nodes = [.. byIndex.Select((name, i) => new GraphNode(name, XOf(graph.Layer[i]), graph.Y[i] - (NodeHeight / 2)))];
        GraphEdge[] edges = [.. acyclic.Select((edge, i) => EdgeOf(edge, graph.Paths[i]))];
        return new(
            nodes,
            edges,
            nodes.Length == 0 ? 0 : nodes.Max(n => n.X) + NodeWidth + Margin,
            nodes.Length == 0 ? 0 : Math.Max(nodes.Max(n => n.Y + NodeHeight), graph.Y.Max()) + Margin);

        GraphEdge EdgeOf((int Source, int Target, bool Turned) edge, IReadOnlyList<int> path)
        {
            var points = new List<GraphPoint> { new(XOf(graph.Layer[path[0]]) + NodeWidth, graph.Y[path[0]]) };
            foreach (var passage in path.Skip(1).SkipLast(1))
            {
                var x = XOf(graph.Layer[passage]);
                points.Add(new(x, graph.Y[passage]));
                points.Add(new(x + NodeWidth, graph.Y[passage]));
            }

            points.Add(new(XOf(graph.Layer[path[^1]]), graph.Y[path[^1]]));
            if (!edge.Turned)
            {
                return new(byIndex[edge.Source], byIndex[edge.Target], points, IsBackward: false);
            }

            points.Reverse();
            return new(byIndex[edge.Target], byIndex[edge.Source], points, IsBackward: true);
        }
    }

    private static double XOf(int layer) => Margin + (layer * (NodeWidth + LayerGap));

    // An arrow back to a node that is still being visited closes a circle.
    private static List<(int Source, int Target, bool Turned)> Acyclic(int count, List<(int Source, int Target)> arrows)
    {
        var outgoing = arrows.ToLookup(a => a.Source, a => a.Target);
        var state = new byte[count];
        var result = new List<(int, int, bool)>(arrows.Count);
        for (var node = 0; node < count; node++)
        {
            Visit(node);
        }

        return result;

        void Visit(int node)
        {
            if (state[node] != 0)
            {
                return;
            }

            state[node] = 1;
            foreach (var target in outgoing[node])
            {
                Visit(target);
                result.Add(state[target] == 1 ? (target, node, true) : (node, target, false));
            }

            state[node] = 2;
        }
    }

    /// <summary>The nodes and the passages of long arrows, in their layers.</summary>
    private sealed class Layered
    {
        private readonly int _nodes;
        private readonly List<List<int>> _layers = [];
        private readonly List<List<int>> _left = [];
        private readonly List<List<int>> _right = [];

        public Layered(int nodes, List<(int Source, int Target, bool Turned)> edges)
        {
            _nodes = nodes;
            Layer = LongestPaths(nodes, edges);
            for (var node = 0; node < nodes; node++)
            {
                Add(node, Layer[node]);
            }

            foreach (var (source, target, _) in edges)
            {
                var path = new List<int> { source };
                for (var layer = Layer[source] + 1; layer < Layer[target]; layer++)
                {
                    Layer.Add(layer);
                    Add(Layer.Count - 1, layer);
                    path.Add(Layer.Count - 1);
                }

                path.Add(target);
                Paths.Add(path);
                foreach (var (from, to) in path.Zip(path.Skip(1)))
                {
                    _right[from].Add(to);
                    _left[to].Add(from);
                }
            }

            Y = new double[Layer.Count];
        }

        public List<int> Layer { get; }

        public List<List<int>> Paths { get; } = [];

        /// <summary>The middle of each.</summary>
        public double[] Y { get; }

        public void ReduceCrossings(int sweeps)
        {
            var best = _layers.Select(l => l.ToArray()).ToArray();
            var fewest = Crossings();
            for (var sweep = 0; sweep < sweeps && fewest > 0; sweep++)
            {
                var forward = sweep % 2 == 0;
                var neighbours = forward ? _left : _right;
                foreach (var layer in forward ? _layers.Skip(1) : Enumerable.Reverse(_layers).Skip(1))
                {
                    SortByBarycentre(layer, neighbours);
                }

                if (Crossings() is var crossings && crossings < fewest)
                {
                    fewest = crossings;
                    best = [.. _layers.Select(l => l.ToArray())];
                }
            }

            for (var i = 0; i < best.Length; i++)
            {
                _layers[i].Clear();
                _layers[i].AddRange(best[i]);
            }
        }

        /// <summary>Gives everything its place: in the order of its layer, without overlaps, near the middle of its neighbours.</summary>
        public void Place()
        {
            foreach (var layer in _layers)
            {
                Spread(layer, _ => 0);
            }

            for (var pass = 0; pass < Sweeps; pass++)
            {
                var neighbours = pass % 2 == 0 ? _left : _right;
                foreach (var layer in pass % 2 == 0 ? _layers : Enumerable.Reverse(_layers))
                {
                    Spread(layer, item => neighbours[item].Count == 0 ? Y[item] : neighbours[item].Average(n => Y[n]));
                }
            }

            if (Y.Length > 0)
            {
                var top = Enumerable.Range(0, Y.Length).Min(i => Y[i] - (HeightOf(i) / 2));
                for (var i = 0; i < Y.Length; i++)
                {
                    Y[i] += Margin - top;
                }
            }
        }

        // The longest way to a node from one that nothing points to; then what nothing points to moves next to what it uses.
        private static List<int> LongestPaths(int nodes, List<(int Source, int Target, bool Turned)> edges)
        {
            var incoming = edges.ToLookup(e => e.Target, e => e.Source);
            var outgoing = edges.ToLookup(e => e.Source, e => e.Target);
            var layers = new int[nodes];
            Array.Fill(layers, -1);
            for (var node = 0; node < nodes; node++)
            {
                Longest(node);
            }

            for (var node = 0; node < nodes; node++)
            {
                if (!incoming[node].Any() && outgoing[node].Any())
                {
                    layers[node] = outgoing[node].Min(t => layers[t]) - 1;
                }
            }

            return [.. layers];

            int Longest(int node)
            {
                if (layers[node] < 0)
                {
                    layers[node] = incoming[node].Select(Longest).DefaultIfEmpty(-1).Max() + 1;
                }

                return layers[node];
            }
        }

        private void Add(int item, int layer)
        {
            while (_layers.Count <= layer)
            {
                _layers.Add([]);
            }

            _layers[layer].Add(item);
            _left.Add([]);
            _right.Add([]);
        }

        private void SortByBarycentre(List<int> layer, List<List<int>> neighbours)
        {
            var positions = Positions();
            // A stable sort: what has no neighbour there keeps its place as well as it can.
            int[] sorted = [.. layer.Select((item, i) => (Item: item, Weight: neighbours[item].Count == 0 ? i : neighbours[item].Average(n => positions[n]))).OrderBy(p => p.Weight).Select(p => p.Item)];
            layer.Clear();
            layer.AddRange(sorted);
        }

        private int Crossings()
        {
            var positions = Positions();
            var crossings = 0;
            foreach (var layer in _layers)
            {
                (int From, int To)[] edges = [.. layer.SelectMany(item => _right[item].Select(to => (positions[item], positions[to])))];
                for (var a = 0; a < edges.Length; a++)
                {
                    for (var b = a + 1; b < edges.Length; b++)
                    {
                        crossings += (edges[a].From - edges[b].From) * (edges[a].To - edges[b].To) < 0 ? 1 : 0;
                    }
                }
            }

            return crossings;
        }

        private int[] Positions()
        {
            var positions = new int[Layer.Count];
            foreach (var layer in _layers)
            {
                for (var i = 0; i < layer.Count; i++)
                {
                    positions[layer[i]] = i;
                }
            }

            return positions;
        }

        private double HeightOf(int item) => item < _nodes ? NodeHeight : PassageHeight;

        private double Distance(int upper, int lower) => ((HeightOf(upper) + HeightOf(lower)) / 2) + NodeGap;

        /// <summary>Moves the items of a layer to where they want to be, as far as their order and distances allow: the mean of the two extreme solutions.</summary>
        private void Spread(List<int> layer, Func<int, double> wanted)
        {
            var places = layer.Select(wanted).ToArray();
            var (down, up) = ((double[])places.Clone(), (double[])places.Clone());
            for (var i = 1; i < layer.Count; i++)
            {
                down[i] = Math.Max(down[i], down[i - 1] + Distance(layer[i - 1], layer[i]));
            }

            for (var i = layer.Count - 2; i >= 0; i--)
            {
                up[i] = Math.Min(up[i], up[i + 1] - Distance(layer[i], layer[i + 1]));
            }

            for (var i = 0; i < layer.Count; i++)
            {
                Y[layer[i]] = (down[i] + up[i]) / 2;
            }
        }
    }
}
