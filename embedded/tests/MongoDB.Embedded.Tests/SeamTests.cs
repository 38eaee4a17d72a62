namespace MongoDB.Embedded.Tests;

public class SeamTests
{
    [Fact]
    public void Builds() => Assert.True(true);
}
