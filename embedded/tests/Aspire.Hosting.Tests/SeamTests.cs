namespace Aspire.Hosting.Tests;

public class SeamTests
{
    [Fact]
    public void Builds() => Assert.True(true);
}
