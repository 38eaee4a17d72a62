namespace Aspire.Hosting.MongoDB.Tests;

public class SeamTests
{
    [Fact]
    public void Builds() => Assert.True(true);
}
