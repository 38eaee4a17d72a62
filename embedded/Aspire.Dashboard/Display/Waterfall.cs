using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Display;

/// <summary>A span in a waterfall.</summary>
/// <param name="Span">The span.</param>
/// <param name="Index">Its place among all rows, collapsed or not.</param>
/// <param name="Depth">0 at the top.</param>
/// <param name="Descendants">How many rows after this one are below it.</param>
/// <param name="Children">How many of them are its direct children.</param>
/// <param name="Left">Where its bar begins, 0 to 1 of the whole time.</param>
/// <param name="Width">How long its bar is, 0 to 1.</param>
/// <param name="IsOrphan">Whether it names a parent that is not there (not arrived, dropped, or part of a circle).</param>
/// <param name="IsSkewed">Whether it begins before its parent: the clocks of two machines differ.</param>
/// <param name="Peer">Who was called, where that sends no telemetry; null otherwise.</param>
internal sealed record WaterfallRow(Span Span, int Index, int Depth, int Descendants, int Children, double Left, double Width, bool IsOrphan, bool IsSkewed, string? Peer);

/// <summary>A trace as rows in the order of its tree, each with the place of its bar. Public because parameters of components are; immutable.</summary>
public sealed class Waterfall
{
    private readonly Dictionary<SpanId, int> _indexes = [];

    private Waterfall(Trace trace, IReadOnlyList<WaterfallRow> rows, DateTime startUtc, TimeSpan duration)
    {
        Trace = trace;
        Rows = rows;
        StartUtc = startUtc;
        Duration = duration;
        foreach (var row in rows)
        {
            _indexes.TryAdd(row.Span.SpanId, row.Index);
        }

        Depth = rows.Count == 0 ? 0 : rows.Max(row => row.Depth) + 1;
        Resources = [.. rows.GroupBy(row => row.Span.Resource.Name, StringComparer.Ordinal)
            .Select(group => new ResourceCount(group.Key, group.Count(), group.Any(row => row.Span.Status == SpanStatus.Error)))];
    }

    internal Trace Trace { get; }

    internal IReadOnlyList<WaterfallRow> Rows { get; }

    internal DateTime StartUtc { get; }

    /// <summary>From the first start to the last end of a span.</summary>
    internal TimeSpan Duration { get; }

    /// <summary>How many levels the tree has.</summary>
    internal int Depth { get; }

    /// <summary>The resources in the order of their first span.</summary>
    internal IReadOnlyList<ResourceCount> Resources { get; }

    /// <param name="trace">The spans, in any order.</param>
    /// <param name="peer">The name of who a span calls, when that is somebody who sends no telemetry.</param>
    internal static Waterfall Create(Trace trace, Func<Span, string?> peer)
    {
        var spans = trace.Spans.OrderBy(span => span.StartUtc).ToArray();
        var start = spans.Length == 0 ? trace.StartUtc : spans[0].StartUtc;
        var end = spans.Length == 0 ? start : spans.Max(span => span.StartUtc + Positive(span.Duration));
        var places = Order(spans);
        var total = Math.Max((end - start).Ticks, 1);

        // Descendants, from the last row to the first: each hands its own count on to its parent. Whoever has the callee below it, or the call itself
        // (drivers nest two client spans), shows no peer.
        var descendants = new int[places.Count];
        var children = new int[places.Count];
        var calls = new bool[places.Count];
        for (var i = places.Count - 1; i >= 0; i--)
        {
            if (places[i].Parent is var parent and >= 0)
            {
                descendants[parent] += descendants[i] + 1;
                children[parent]++;
                calls[parent] |= spans[places[i].Span].Kind == SpanKind.Client
                    || !string.Equals(spans[places[i].Span].Resource.Name, spans[places[parent].Span].Resource.Name, StringComparison.Ordinal);
            }
        }

        var rows = new WaterfallRow[places.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var place = places[i];
            var span = spans[place.Span];
            rows[i] = new WaterfallRow(span, i, place.Depth, descendants[i], children[i],
                (double)(span.StartUtc - start).Ticks / total,
                (double)Positive(span.Duration).Ticks / total,
                place.Parent < 0 && !span.ParentSpanId.IsEmpty,
                place.Parent >= 0 && span.StartUtc < spans[places[place.Parent].Span].StartUtc,
                span.Kind == SpanKind.Client && !calls[i] ? peer(span) : null);
        }

        return new Waterfall(trace, rows, start, end - start);
    }

    /// <summary>The row of a span; null when it is not there.</summary>
    internal WaterfallRow? Find(SpanId id) => _indexes.TryGetValue(id, out var index) ? Rows[index] : null;

    /// <summary>The direct children of a row.</summary>
    internal IEnumerable<WaterfallRow> ChildrenOf(WaterfallRow row)
    {
        for (var i = row.Index + 1; i <= row.Index + row.Descendants; i += Rows[i].Descendants + 1)
        {
            yield return Rows[i];
        }
    }

    /// <summary>The rows that are not below a collapsed one.</summary>
    internal IReadOnlyList<WaterfallRow> Visible(IReadOnlySet<SpanId> collapsed)
    {
        if (collapsed.Count == 0)
        {
            return Rows;
        }

        var visible = new List<WaterfallRow>();
        for (var i = 0; i < Rows.Count; i++)
        {
            visible.Add(Rows[i]);
            if (collapsed.Contains(Rows[i].Span.SpanId))
            {
                i += Rows[i].Descendants;
            }
        }

        return visible;
    }

    private static TimeSpan Positive(TimeSpan duration) => duration < TimeSpan.Zero ? TimeSpan.Zero : duration;

    // Parents before their children, children by start. With a stack of its own: a trace may be as deep as it has spans.
    private static List<(int Span, int Parent, int Depth)> Order(Span[] spans)
    {
        var byId = new Dictionary<SpanId, int>(spans.Length);
        for (var i = 0; i < spans.Length; i++)
        {
            byId.TryAdd(spans[i].SpanId, i);
        }

        var children = new List<int>?[spans.Length];
        var tops = new List<int>();
        for (var i = 0; i < spans.Length; i++)
        {
            if (!spans[i].ParentSpanId.IsEmpty && byId.TryGetValue(spans[i].ParentSpanId, out var parent) && parent != i)
            {
                (children[parent] ??= []).Add(i);
            }
            else
            {
                tops.Add(i);
            }
        }

        var places = new List<(int Span, int Parent, int Depth)>(spans.Length);
        var placed = new bool[spans.Length];
        foreach (var top in tops)
        {
            Place(top);
        }

        // What is left is in circles: the earliest of each becomes its top.
        for (var i = 0; i < spans.Length; i++)
        {
            Place(i);
        }

        return places;

        void Place(int top)
        {
            var waiting = new Stack<(int Span, int Parent, int Depth)>();
            waiting.Push((top, -1, 0));
            while (waiting.TryPop(out var next))
            {
                if (placed[next.Span])
                {
                    continue;
                }

                placed[next.Span] = true;
                var place = places.Count;
                places.Add(next);
                var below = children[next.Span];
                for (var i = (below?.Count ?? 0) - 1; i >= 0; i--)
                {
                    waiting.Push((below![i], place, next.Depth + 1));
                }
            }
        }
    }
}
