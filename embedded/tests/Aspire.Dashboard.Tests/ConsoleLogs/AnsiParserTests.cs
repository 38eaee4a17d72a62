using Aspire.Dashboard.ConsoleLogs;

namespace Aspire.Dashboard.Tests.ConsoleLogs;

public class AnsiParserTests
{
    private const string E = "\u001b";

    [Theory]
    [InlineData("0", null, null)]
    [InlineData("", null, null)]
    [InlineData("1", "ansi-bold", null)]
    [InlineData("2", "ansi-faint", null)]
    [InlineData("3", "ansi-italic", null)]
    [InlineData("4", "ansi-underline", null)]
    [InlineData("21", "ansi-underline", null)]
    [InlineData("9", "ansi-crossed", null)]
    [InlineData("7", "ansi-inverse-f ansi-inverse-b", null)]
    [InlineData("31;7", "ansi-b1 ansi-inverse-f", null)]
    [InlineData("7;31;42", "ansi-f2 ansi-b1", null)]
    [InlineData("30", "ansi-f0", null)]
    [InlineData("37", "ansi-f7", null)]
    [InlineData("40", "ansi-b0", null)]
    [InlineData("47", "ansi-b7", null)]
    [InlineData("90", "ansi-f8", null)]
    [InlineData("97", "ansi-f15", null)]
    [InlineData("100", "ansi-b8", null)]
    [InlineData("107", "ansi-b15", null)]
    [InlineData("1;31;42", "ansi-f1 ansi-b2 ansi-bold", null)]
    [InlineData("1;22", null, null)]
    [InlineData("2;22", null, null)]
    [InlineData("3;23", null, null)]
    [InlineData("4;24", null, null)]
    [InlineData("7;27", null, null)]
    [InlineData("9;29", null, null)]
    [InlineData("31;39", null, null)]
    [InlineData("41;49", null, null)]
    [InlineData("31;;1", "ansi-bold", null)]
    [InlineData("38;5;9", "ansi-f9", null)]
    [InlineData("38;5;16", null, "color:#000000;")]
    [InlineData("38;5;196", null, "color:#ff0000;")]
    [InlineData("38;5;67", null, "color:#5f87af;")]
    [InlineData("38;5;232", null, "color:#080808;")]
    [InlineData("38;5;255", null, "color:#eeeeee;")]
    [InlineData("48;5;231", null, "background:#ffffff;")]
    [InlineData("38;2;1;2;255", null, "color:#0102ff;")]
    [InlineData("48;2;16;32;48;1", "ansi-bold", "background:#102030;")]
    [InlineData("38:2::1:2:3", null, "color:#010203;")]
    [InlineData("38:2:1:2:3", null, "color:#010203;")]
    [InlineData("38:5:9", "ansi-f9", null)]
    [InlineData("4:3", "ansi-underline", null)]
    [InlineData("4;4:0", null, null)]
    [InlineData("58;2;1;2;3;1", "ansi-bold", null)]
    [InlineData("38;5;256;1", "ansi-bold", null)]
    [InlineData("38;2;1;2", null, null)]
    [InlineData("38;5", null, null)]
    [InlineData("38;9;1;1", null, null)]
    [InlineData("31;99999999999999999999", "ansi-f1", null)]
    [InlineData("?31", null, null)]
    [InlineData(">4;1", null, null)]
    public void A_rendition_has_the_look_that_the_standard_gives_it(string parameters, string? css, string? style)
    {
        var text = new AnsiParser().Parse($"a{E}[{parameters}mb");

        Assert.Equal("ab", text.Text);
        var run = text.Runs.LastOrDefault(r => r.Start <= 1 && r.Start + r.Length > 1);
        Assert.Equal(css, run.Style.CssClass);
        Assert.Equal(style, run.Style.CssStyle);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("tab\tstays", "tab\tstays")]
    [InlineData("a\u001b[2Jb", "ab")]
    [InlineData("a\u001b[10;20Hb", "ab")]
    [InlineData("a\u001b[?25lb", "ab")]
    [InlineData("a\u001b[1 qb", "ab")]
    [InlineData("a\u009b31mb", "ab")]
    [InlineData("a\u001b]0;title\u0007b", "ab")]
    [InlineData("a\u001b]8;;javascript:alert(1)\u001b\\b", "ab")]
    [InlineData("a\u009d0;title\u009cb", "ab")]
    [InlineData("a\u001bPq#0~\u001b\\b", "ab")]
    [InlineData("a\u001b_apc\u001b\\b", "ab")]
    [InlineData("a\u001b^pm\u001b\\b", "ab")]
    [InlineData("a\u001bXsos\u001b\\b", "ab")]
    [InlineData("a\u001b(Bb", "ab")]
    [InlineData("a\u001b7b\u001b8c", "abc")]
    [InlineData("a\u001bcb", "ab")]
    [InlineData("a\u001b]unended", "a")]
    [InlineData("a\u001b[31", "a")]
    [InlineData("a\u001b", "a")]
    [InlineData("a\u001b[31\u0000mb", "amb")]
    [InlineData("a\b\0\u007f\u0085b", "ab")]
    [InlineData("a\rb", "ab")]
    [InlineData("\u001b]0;x\u001b[31mred", "red")]
    [InlineData("<script>alert(1)</script>&amp;", "<script>alert(1)</script>&amp;")]
    public void Only_the_text_is_left(string line, string expected) => Assert.Equal(expected, AnsiParser.Strip(line));

    [Fact]
    public void A_look_lasts_until_it_is_reset_also_on_the_lines_after()
    {
        var parser = new AnsiParser();

        Assert.Equal([new AnsiRun(0, 1, default), new AnsiRun(1, 1, new AnsiStyle { Bold = true })], parser.Parse($"a{E}[1mb").Runs);
        Assert.Equal([new AnsiRun(0, 4, new AnsiStyle { Bold = true })], parser.Parse("more").Runs);
        Assert.Empty(parser.Parse($"{E}[0mend").Runs);
        Assert.Empty(parser.Parse("after").Runs);
    }

    [Fact]
    public void Characters_that_look_the_same_are_one_run()
        => Assert.Equal([new AnsiRun(0, 3, new AnsiStyle { Foreground = AnsiColour.OfTheme(1) })], new AnsiParser().Parse($"{E}[31ma{E}[31mb{E}[Kc").Runs);

    [Fact]
    public void A_sequence_with_very_many_parameters_is_read_as_far_as_the_bound()
    {
        var text = new AnsiParser().Parse($"{E}[{string.Concat(Enumerable.Repeat("1;", 100_000))}31mx");

        Assert.Equal("x", text.Text);
        Assert.True(text.Runs[0].Style.Bold);
        Assert.Null(text.Runs[0].Style.Foreground);
    }

    [Fact]
    public void Random_characters_never_fail_and_never_leave_a_control_character()
    {
        const string alphabet = "\u001b\u009b\u009d\u009c\u0090\a[]P;:0123456789mHK?<> \\\tab\0";
        var random = new Random(20261124);
        var parser = new AnsiParser();
        for (var i = 0; i < 20_000; i++)
        {
            var line = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => alphabet[random.Next(alphabet.Length)])]);

            var text = parser.Parse(line);

            Assert.DoesNotContain(text.Text, c => char.IsControl(c) && c != '\t');
            Assert.Equal(text.Runs.Count == 0 ? 0 : text.Text.Length, text.Runs.Sum(r => r.Length));
        }
    }
}
