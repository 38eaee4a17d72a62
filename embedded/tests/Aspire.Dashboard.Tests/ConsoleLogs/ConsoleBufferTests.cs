using Aspire.Dashboard.ConsoleLogs;

namespace Aspire.Dashboard.Tests.ConsoleLogs;

public class ConsoleBufferTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Lines_of_several_resources_are_interleaved_by_time_also_when_they_come_late()
    {
        var buffer = new ConsoleBuffer(100);
        buffer.Add([Line("a", 1, 0), Line("a", 2, 20), Line("a", 3, 40)]);
        buffer.Add([Line("b", 1, 10), Line("b", 2, 20), Line("b", 3, 30)]);
        buffer.Add([Line("c", 1, 50)]);

        Assert.Equal(["a1", "b1", "a2", "b2", "b3", "a3", "c1"], buffer.Lines.Select(l => l.Text));
    }

    [Fact]
    public void Lines_of_the_same_moment_stay_in_the_order_they_came()
    {
        var buffer = new ConsoleBuffer(100);
        buffer.Add([Line("a", 1, 0), Line("a", 2, 0)]);
        buffer.Add([Line("a", 3, 0), Line("a", 4, 0)]);

        Assert.Equal(["a1", "a2", "a3", "a4"], buffer.Lines.Select(l => l.Text));
    }

    [Fact]
    public void The_oldest_lines_make_place_and_are_counted()
    {
        var buffer = new ConsoleBuffer(10);
        for (var i = 1; i <= 25; i++)
        {
            buffer.Add([Line("a", i, i)]);
        }

        Assert.Equal(Enumerable.Range(16, 10).Select(i => $"a{i}"), buffer.Lines.Select(l => l.Text));
        Assert.Equal(15, buffer.Dropped);

        buffer.Clear();
        Assert.Empty(buffer.Lines);
        Assert.Equal(0, buffer.Dropped);
    }

    [Fact]
    public void A_batch_larger_than_the_buffer_leaves_its_last_lines()
    {
        var buffer = new ConsoleBuffer(3);
        buffer.Add([.. Enumerable.Range(1, 10).Select(i => Line("a", i, i))]);

        Assert.Equal(["a8", "a9", "a10"], buffer.Lines.Select(l => l.Text));
        Assert.Equal(7, buffer.Dropped);
    }

    [Theory]
    [InlineData("2026-11-24T17:05:06.789Z hello", "hello", 789)]
    [InlineData("2026-11-24T17:05:06.789Z ", "", 789)]
    public void The_time_in_front_of_a_line_is_taken_off(string content, string text, int milliseconds)
        => Assert.Equal((new DateTime(2026, 11, 24, 17, 5, 6, milliseconds, DateTimeKind.Utc), text), ConsoleLine.SplitTime(content));

    [Theory]
    [InlineData("no time at all, but long enough for one")]
    [InlineData("2026-13-24T17:05:06.789Z hello")]
    [InlineData("")]
    public void A_line_without_a_time_is_kept_as_it_is(string content) => Assert.Equal((default(DateTime), content), ConsoleLine.SplitTime(content));

    [Fact]
    public void A_line_in_a_file_has_its_time_and_no_control_sequence()
    {
        var line = new ConsoleLineReader("api").Read(new(1, "2026-11-24T17:05:06.789Z \u001b[31mred\u001b[0m", false));

        Assert.Equal("2026-11-24T17:05:06.789Z red", line.ToPlainText(withResource: false));
        Assert.Equal("2026-11-24T17:05:06.789Z [api] red", line.ToPlainText(withResource: true));
    }

    private static ConsoleLine Line(string resource, int number, int milliseconds) => new(resource, number, Start.AddMilliseconds(milliseconds), false, $"{resource}{number}", []);
}
