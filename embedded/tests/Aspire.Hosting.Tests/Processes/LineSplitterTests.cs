using System.Text;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

public class LineSplitterTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one", new[] { "one" })]
    [InlineData("one\n", new[] { "one" })]
    [InlineData("one\r\ntwo\n", new[] { "one", "two" })]
    [InlineData("\n\r\n", new[] { "", "" })]
    [InlineData("a\rb\n", new[] { "a\rb" })]
    [InlineData("12345678\n", new[] { "12345678" })]
    [InlineData("12345678\r\n", new[] { "12345678" })]
    [InlineData("123456789\n", new[] { "12345678", "9" })]
    [InlineData("1234567812345678\nx\n", new[] { "12345678", "12345678", "x" })]
    [InlineData("1234567812345678\r\n\n", new[] { "12345678", "12345678", "" })]
    [InlineData("123456ü89\n", new[] { "123456ü", "89" })]
    [InlineData("1234567ü9\n", new[] { "1234567", "ü9" })]
    [InlineData("12345€€€\n", new[] { "12345€", "€€" })]
    [InlineData("1234567😀\n", new[] { "1234567", "😀" })]
    public void Lines_do_not_depend_on_how_the_bytes_arrive(string text, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var size = 1; size <= Math.Max(bytes.Length, 1); size++)
        {
            var lines = new List<string>();
            var splitter = new LineSplitter(maxLineBytes: 8, lines.Add);
            foreach (var part in bytes.Chunk(size))
            {
                splitter.Append(part);
            }

            splitter.Complete();
            Assert.Equal(expected, lines);
        }
    }

    [Fact]
    public void A_line_of_continuation_bytes_is_bounded_too()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(maxLineBytes: 8, lines.Add);

        splitter.Append(Enumerable.Repeat((byte)0x80, 20).ToArray());
        splitter.Complete();

        Assert.Equal([8, 8, 4], lines.Select(line => line.Length));
    }
}
