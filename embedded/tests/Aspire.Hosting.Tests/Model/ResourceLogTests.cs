using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.Model;

public class ResourceLogTests
{
    private static readonly DateTime Time = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);

    [Fact]
    public async Task A_watcher_gets_what_was_and_what_comes()
    {
        using var service = new ResourceLoggerService();
        service.AddOutput("a", Time, "before", isError: false);
        var lines = new List<LogLine>();
        var first = new TaskCompletionSource();

        var watch = Task.Run(async () =>
        {
            await foreach (var batch in service.WatchAsync("A").WithCancellation(TestDeadline.Token()))
            {
                lines.AddRange(batch);
                first.TrySetResult();
            }
        }, TestDeadline.Token());
        await first.Task.InTimeAsync();
        service.AddOutput("a", Time, "after", isError: true);
        service.Complete("a");
        await watch.InTimeAsync();

        Assert.Equal([new(1, "2026-01-02T03:04:05.678Z before", false), new(2, "2026-01-02T03:04:05.678Z after", true)], lines);
    }

    [Fact]
    public async Task The_backlog_is_bounded_and_keeps_the_newest()
    {
        using var service = new ResourceLoggerService();
        for (var i = 0; i < 10_005; i++)
        {
            service.AddOutput("a", Time, $"{i}", isError: false);
        }

        var lines = new List<LogLine>();
        await foreach (var batch in service.GetAllAsync("a"))
        {
            lines.AddRange(batch);
        }

        Assert.Equal((10_000, 6, 10_005), (lines.Count, lines[0].LineNumber, lines[^1].LineNumber));
        Assert.Equal(["10003", "10004"], service.GetLastLines("a", 2));
        service.ClearBacklog("a");
        Assert.Empty(service.GetLastLines("a", 2));
    }

    [Fact]
    public void What_the_app_host_says_is_not_the_resources_own_output()
    {
        using var service = new ResourceLoggerService();
        service.GetLogger("a").LogError(new InvalidOperationException("why"), "It failed.");
        service.AddOutput("a", Time, "own", isError: false);

        Assert.Equal(["own"], service.GetLastLines("a", 10));
    }

    [Fact]
    public async Task Whether_anybody_watches_is_known()
    {
        using var service = new ResourceLoggerService();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestDeadline.Token());
        var heard = new List<LogSubscriber>();
        service.AddOutput("a", Time, "x", isError: false);
        var watching = service.WatchAnySubscribersAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = watching.MoveNextAsync();

        await foreach (var _ in service.WatchAsync("a").WithCancellation(TestDeadline.Token()))
        {
            break;
        }

        Assert.True(await next);
        heard.Add(watching.Current);
        Assert.True(await watching.MoveNextAsync());
        heard.Add(watching.Current);
        Assert.Equal([new LogSubscriber("a", true), new LogSubscriber("a", false)], heard);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await watching.MoveNextAsync());
        await watching.DisposeAsync();
    }
}
