using Aspire.Dashboard.ConsoleLogs;

namespace Aspire.Dashboard.Tests.ConsoleLogs;

public class ConsoleTextTests
{
    [Fact]
    public void A_search_ignores_case_and_finds_every_place_without_overlaps()
    {
        ConsoleLine[] lines = [Line("Error error ERROR"), Line("none"), Line("aaaa")];

        Assert.Equal([new(0, 0), new(0, 6), new(0, 12)], ConsoleSearch.Find(lines, "error"));
        Assert.Equal([new(2, 0), new(2, 2)], ConsoleSearch.Find(lines, "aa"));
        Assert.Empty(ConsoleSearch.Find(lines, ""));
        Assert.Equal([lines[0]], ConsoleSearch.Filter(lines, "ERR"));
    }

    [Fact]
    public void A_search_stops_at_its_bound()
        => Assert.Equal(ConsoleSearch.MaxMatches, ConsoleSearch.Find([Line(new string('x', 20_000))], "x").Count);

    [Theory]
    [InlineData("see http://localhost:5000/a?b=c.", "http://localhost:5000/a?b=c")]
    [InlineData("(https://example.org/x)", "https://example.org/x")]
    [InlineData("https://en.wikipedia.org/wiki/A_(b), then", "https://en.wikipedia.org/wiki/A_(b)")]
    [InlineData("HTTP://EXAMPLE.org", "http://example.org/")]
    [InlineData("\"https://example.org/\"", "https://example.org/")]
    public void An_address_becomes_a_link_without_the_punctuation_around_it(string text, string url) => Assert.Equal(url, Assert.Single(LineParts.Links(text)).Url);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd ftp://x")]
    [InlineData("http:// https://")]
    [InlineData("httphttp")]
    public void Nothing_else_becomes_a_link(string text) => Assert.Empty(LineParts.Links(text));

    [Fact]
    public void A_line_is_cut_where_looks_links_and_matches_begin_and_end()
    {
        var bold = new AnsiStyle { Bold = true };
        var line = Line("go http://a.b/c now") with { Runs = [new(0, 5, bold), new(5, 14, default)] };

        var parts = LineParts.Of(line, 0, line.Text.Length, "c n");

        Assert.Equal(
            [("go ", true, false, false), ("ht", true, true, false), ("tp://a.b/", false, true, false), ("c", false, true, true), (" n", false, false, true), ("ow", false, false, false)],
            parts.Select(p => (p.Text, p.Style.Bold, p.Link is not null, p.IsMatch)));
    }

    [Fact]
    public void A_wrapped_line_loses_nothing_and_keeps_surrogate_pairs_together()
    {
        var line = Line("abc😀😀de");

        var rows = ConsoleRows.Of([line, Line("x"), Line("")], columns: 4);

        Assert.Equal(["abc", "😀😀", "de", "x", ""], rows.Select(r => r.Line.Text.Substring(r.Start, r.Length)));
        Assert.Equal([true, false, false, true, true], rows.Select(r => r.IsFirst));
        Assert.Equal(2, ConsoleRows.IndexOf(rows, new(0, 7)));
        Assert.Equal(3, ConsoleRows.Of([line, Line("x"), Line("")], columns: 0).Count);
    }

    private static ConsoleLine Line(string text) => new("a", 1, default, false, text, []);
}
