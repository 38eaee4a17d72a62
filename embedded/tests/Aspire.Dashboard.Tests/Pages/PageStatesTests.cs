using System.Globalization;
using Aspire.Dashboard.Display;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Tests.Pages;

public class PageStatesTests
{
    [Fact]
    public void What_the_log_page_shows_survives_the_query_string()
    {
        var state = new LogsState("api", LogSeverity.Warning, "a & b=c", [new AttributeFilter("http:route", FilterCondition.NotContains, "/a:b%20")], new TraceId(1, 2), new SpanId(3), 42);
        var parameters = state.ToParameters();

        var read = LogsState.Parse((string?)parameters["resource"], (string?)parameters["level"], (string?)parameters["text"], (string[]?)parameters["filter"],
            (string?)parameters["trace"], (string?)parameters["span"], long.Parse((string)parameters["before"]!, CultureInfo.InvariantCulture));

        Assert.Equal(state.Filters, read.Filters);
        Assert.Equal(state, read with { Filters = state.Filters });
    }

    [Fact]
    public void What_the_traces_page_shows_survives_the_query_string()
    {
        var state = new TracesState("api", "find", true, TimeSpan.FromMilliseconds(1.5), [new AttributeFilter("name", FilterCondition.Equals, "")], 3);
        var parameters = state.ToParameters();

        var read = TracesState.Parse((string?)parameters["resource"], (string?)parameters["text"], (bool?)parameters["errors"], (string?)parameters["min"], (string[]?)parameters["filter"], (int?)parameters["page"]);

        Assert.Equal(state.Filters, read.Filters);
        Assert.Equal(state, read with { Filters = state.Filters });
    }

    [Fact]
    public void What_the_metrics_page_shows_survives_the_query_string()
    {
        var none = new HashSet<string>();
        var some = new HashSet<string> { "a=b", "", "c&d" };
        var state = MetricsState.Parse("api", "meter", "name", 15, MetricsState.TableView, null).With("k=1", some).With("none", none);
        var parameters = state.ToParameters();

        var read = MetricsState.Parse((string?)parameters["resource"], (string?)parameters["meter"], (string?)parameters["instrument"], (int?)parameters["duration"], (string?)parameters["view"], (string[]?)parameters["dim"]);

        Assert.Equal(state with { Dimensions = read.Dimensions }, read);
        Assert.Equal(2, read.Dimensions.Count);
        Assert.Equal(some.Order(), read.Dimensions["k=1"].Order());
        Assert.Empty(read.Dimensions["none"]);
        Assert.Single(state.With("k=1", null).Dimensions);
    }

    [Fact]
    public void An_address_typed_by_hand_is_read_as_far_as_it_has_a_meaning()
    {
        var logs = LogsState.Parse(" ", "loud", null, ["", ":equals:x", "a:like:b", "a:EQUALS:b:c"], "xyz", "1", null);
        var metrics = MetricsState.Parse(null, null, null, 7, "pie", ["", "=x", null]);

        Assert.Null(logs.Resource);
        Assert.Equal(LogSeverity.Unspecified, logs.Level);
        Assert.Equal([new AttributeFilter("a", FilterCondition.Equals, "b:c")], logs.Filters);
        Assert.Null(logs.Trace);
        Assert.Null(logs.Span);
        Assert.Equal(MetricsState.DefaultMinutes, metrics.Minutes);
        Assert.False(metrics.Table);
        Assert.Empty(metrics.Dimensions);
    }

    [Theory]
    [InlineData("a\r\nb\tc", "a  b c")]
    [InlineData("gnp\u202Egpj.exe", "gnp\\u202Egpj.exe")]
    [InlineData("bell\u0007\u0000", "bell\\u0007\\u0000")]
    [InlineData("plain ä 漢", "plain ä 漢")]
    public void Text_on_a_line_has_no_character_that_moves_or_hides_others(string text, string shown) => Assert.Equal(shown, DisplayText.Line(text));

    [Fact]
    public void Long_text_is_cut_between_characters()
    {
        Assert.Equal("abc…", DisplayText.Line("abc😀def", 4));
        Assert.Equal("a\nb", DisplayText.Block("a\r\nb"));
    }

    [Fact]
    public void Every_place_of_the_searched_text_is_marked()
    {
        Assert.Equal([new TextPart("x", false), new TextPart("Ab", true), new TextPart("y", false), new TextPart("aB", true)], DisplayText.Highlight("xAbyaB", "ab"));
        Assert.Equal([new TextPart("xyz", false)], DisplayText.Highlight("xyz", "ab"));
    }
}
