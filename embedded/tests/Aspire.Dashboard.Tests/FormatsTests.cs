using Aspire.Dashboard.Display;

namespace Aspire.Dashboard.Tests;

public class FormatsTests
{
    [Theory]
    [InlineData(0, "0 µs")]
    [InlineData(9_990, "999 µs")]
    [InlineData(12_300, "1.23 ms")]
    [InlineData(123_400, "12.3 ms")]
    [InlineData(1_230_000, "123 ms")]
    [InlineData(12_300_000, "1.23 s")]
    [InlineData(900_000_000, "1.5 min")]
    public void Duration_has_the_unit_that_suits_it(long ticks, string expected) => Assert.Equal(expected, Formats.Duration(TimeSpan.FromTicks(ticks)));
}
