using Aspire.Dashboard.Display;
using Aspire.Dashboard.Telemetry;
using static Aspire.Dashboard.Tests.Pages.TelemetryData;

namespace Aspire.Dashboard.Tests.Pages;

public class WaterfallTests
{
    [Fact]
    public void Rows_are_in_the_order_of_the_tree_and_bars_where_their_time_is()
    {
        var view = Create(Span(3, 1, 50, 50), Span(4, 2, 20, 10), Span(1, 0, 0, 100), Span(2, 1, 10, 40));

        Assert.Equal([1, 2, 4, 3], Ids(view.Rows));
        Assert.Equal([0, 1, 2, 1], view.Rows.Select(row => row.Depth));
        Assert.Equal([3, 1, 0, 0], view.Rows.Select(row => row.Descendants));
        Assert.Equal([2, 3], Ids(view.ChildrenOf(view.Rows[0])));
        Assert.Equal(0.5, view.Rows[3].Left, 6);
        Assert.Equal(0.5, view.Rows[3].Width, 6);
        Assert.Equal(3, view.Depth);
        Assert.DoesNotContain(view.Rows, row => row.IsOrphan || row.IsSkewed);
    }

    [Fact]
    public void A_span_whose_parent_is_missing_stands_at_the_top_and_says_so()
    {
        var view = Create(Span(1, 0, 0, 100), Span(2, 99, 10, 40), Span(3, 2, 20, 10));

        Assert.Equal([0, 0, 1], view.Rows.Select(row => row.Depth));
        Assert.Equal([false, true, false], view.Rows.Select(row => row.IsOrphan));
    }

    [Fact]
    public void Spans_in_a_circle_and_spans_that_are_their_own_parent_are_shown_once()
    {
        var view = Create(Span(1, 2, 0, 10), Span(2, 3, 1, 10), Span(3, 1, 2, 10), Span(4, 4, 3, 10));

        Assert.Equal([1, 2, 3, 4], Ids(view.Rows).Order());
        Assert.Equal(2, view.Rows.Count(row => row.IsOrphan && row.Depth == 0));
    }

    [Fact]
    public void A_span_that_begins_before_its_parent_is_marked_and_the_time_begins_with_it()
    {
        var view = Create(Span(1, 0, 5, 10), Span(2, 1, 0, 10));

        Assert.Equal([1, 2], Ids(view.Rows));
        Assert.True(view.Rows[1].IsSkewed);
        Assert.Equal(Start, view.StartUtc);
        Assert.Equal(0, view.Rows[1].Left);
        Assert.Equal(TimeSpan.FromMilliseconds(15), view.Duration);
    }

    [Fact]
    public void A_chain_as_deep_as_a_trace_may_be_is_laid_out()
    {
        var view = Create([.. Enumerable.Range(1, 20_000).Select(i => Span((ulong)i, (ulong)i - 1, i, 1))]);

        Assert.Equal(19_999, view.Rows[^1].Depth);
        Assert.Equal(19_999, view.Rows[0].Descendants);
    }

    [Fact]
    public void Times_that_cannot_be_stay_within_the_picture()
    {
        var view = Create(Span(1, 0, 0, -10), Span(2, 1, 0, 0));

        Assert.All(view.Rows, row => Assert.InRange(row.Left + row.Width, 0, 1));
    }

    [Fact]
    public void Closed_rows_hide_what_is_below_them()
    {
        var view = Create(Span(1, 0, 0, 100), Span(2, 1, 10, 40), Span(3, 2, 20, 10), Span(4, 1, 60, 10));

        Assert.Equal([1, 2, 4], Ids(view.Visible(new HashSet<SpanId> { new(2) })));
        Assert.Equal([1], Ids(view.Visible(new HashSet<SpanId> { new(1), new(2) })));
    }

    [Fact]
    public void Of_the_two_spans_that_a_driver_nests_only_the_one_with_the_address_names_the_peer()
    {
        TelemetryAttribute[] command = [new("db.system.name", "mongodb"), new("db.namespace", "school"), new("server.address", "localhost"), new("server.port", "27017")];
        var view = Waterfall.Create(
            Trace(Span(1, 0, 0, 100, kind: SpanKind.Server, attributes: command), Span(2, 1, 10, 40, "find school.students", kind: SpanKind.Client, attributes: command), Span(3, 2, 20, 10, "find", kind: SpanKind.Client, attributes: command),
                Span(4, 1, 60, 5, kind: SpanKind.Client, attributes: command[..2])),
            span => SpanText.Peer(span, new NoPeers()));

        Assert.Equal([null, null, "mongodb school", null], view.Rows.Select(row => row.Peer));
    }

    private static Waterfall Create(params Span[] spans) => Waterfall.Create(Trace(spans), _ => null);

    private static IEnumerable<int> Ids(IEnumerable<WaterfallRow> rows) => rows.Select(row => (int)row.Span.SpanId.Value);

    private sealed class NoPeers : IPeerResolver
    {
        public string? Resolve(Span span) => null;
    }
}
