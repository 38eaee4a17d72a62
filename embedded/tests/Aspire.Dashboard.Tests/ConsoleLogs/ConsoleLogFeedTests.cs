using Aspire.Dashboard.ConsoleLogs;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Dashboard.Tests.ConsoleLogs;

public class ConsoleLogFeedTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_was_written_before_comes_first_then_what_is_written_and_what_the_app_host_says()
    {
        using var loggers = new ResourceLoggerService();
        loggers.AddOutput("api", DateTime.UtcNow, "before", isError: false);
        using var arrived = new SemaphoreSlim(0);
        await using var feed = new ConsoleLogFeed(loggers, ["api", "db"], 100, () => arrived.Release());
        var lines = await TakeAsync(feed, arrived, 1);

        loggers.AddOutput("db", DateTime.UtcNow, "after", isError: true);
        loggers.GetLogger("api").LogInformation("said");
        lines.AddRange(await TakeAsync(feed, arrived, 2));

        Assert.Equal(["api:before:False", "api:said:False", "db:after:True"], lines.Select(l => $"{l.Resource}:{l.Text}:{l.IsError}").Order());
        Assert.All(lines, l => Assert.NotEqual(default, l.TimeUtc));
    }

    [Fact]
    public async Task Lines_that_nobody_takes_are_bounded_and_the_lost_ones_counted()
    {
        using var loggers = new ResourceLoggerService();
        for (var i = 1; i <= 50; i++)
        {
            loggers.AddOutput("api", DateTime.UtcNow, $"line {i}", isError: false);
        }

        using var arrived = new SemaphoreSlim(0);
        await using var feed = new ConsoleLogFeed(loggers, ["api"], 10, () => arrived.Release());
        Assert.True(await arrived.WaitAsync(Deadline, TestContext.Current.CancellationToken));

        var (lines, lost) = feed.Take();

        Assert.Equal(Enumerable.Range(41, 10).Select(i => $"line {i}"), lines.Select(l => l.Text));
        Assert.Equal(40, lost);
        Assert.Equal(0, feed.PendingCount);
    }

    private static async Task<List<ConsoleLine>> TakeAsync(ConsoleLogFeed feed, SemaphoreSlim arrived, int count)
    {
        List<ConsoleLine> lines = [];
        while (lines.Count < count)
        {
            Assert.True(await arrived.WaitAsync(Deadline, TestContext.Current.CancellationToken), "No more lines arrived.");
            lines.AddRange(feed.Take().Lines);
        }

        return lines;
    }
}
