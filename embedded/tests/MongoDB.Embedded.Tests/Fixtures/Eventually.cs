using System.Diagnostics;

namespace MongoDB.Embedded.Tests.Fixtures;

/// <summary>Waits for what nothing announces, with a deadline.</summary>
internal static class Eventually
{
    public static async Task True(Func<Task<bool>> condition, int seconds = 20)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(seconds), $"the condition did not come true within {seconds} s");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
