using Aspire.Dashboard.Telemetry;
using static Aspire.Dashboard.Tests.Telemetry.Records;

namespace Aspire.Dashboard.Tests.Telemetry;

public class LogStoreTests
{
    [Fact]
    public void The_oldest_records_make_place_and_leave_the_indexes()
    {
        var store = new TelemetryStore(new TelemetryLimits { MaxLogCount = 10 });

        store.AddLogs([.. Enumerable.Range(1, 25).Select(i => Log(i <= 5 ? "early" : "late", $"m{i}", trace: (ulong)(i <= 5 ? 7 : 8)))]);

        Assert.Equal(15, store.DroppedLogs.Evicted);
        Assert.Equal(Enumerable.Range(16, 10).Reverse().Select(i => $"m{i}"), store.GetLogs(new LogQuery(), 0, 100).Items.Select(l => l.Message));
        Assert.Empty(store.GetLogs(new LogQuery { Resource = "early" }, 0, 100).Items);
        Assert.Empty(store.GetLogs(new LogQuery { TraceId = new TraceId(0, 7) }, 0, 100).Items);
        Assert.Equal(10, store.GetLogs(new LogQuery { TraceId = new TraceId(0, 8) }, 0, 100).Total);
        Assert.Null(store.GetLog(15));
        Assert.Equal("m16", store.GetLog(16)!.Message);
    }

    [Fact]
    public void Hostile_values_stay_within_the_bytes()
    {
        var limits = new TelemetryLimits { MaxLogBytes = 1024 * 1024 };
        var store = new TelemetryStore(limits);
        for (var i = 0; i < 200; i++)
        {
            store.AddLogs([Log("a", new string('x', 30_000))]);
        }

        Assert.InRange(store.GetLogs(new LogQuery(), 0, 1000).Items.Sum(l => 2L * l.Message.Length), 500_000, limits.MaxLogBytes);
        Assert.True(store.DroppedLogs.Evicted > 150);
    }

    [Fact]
    public void Queries_find_by_level_text_attribute_and_resource()
    {
        var store = new TelemetryStore();
        store.AddLogs([
            Log("api", "Order taken", attributes: new TelemetryAttribute("Order", "12")),
            Log("api", "Order lost", LogSeverity.Error, attributes: new TelemetryAttribute("Order", "13")),
            Log("mongo", "Slow query", LogSeverity.Warning)]);

        string[] Find(LogQuery query) => [.. store.GetLogs(query, 0, 10).Items.Select(l => l.Message)];

        Assert.Equal(["Slow query", "Order lost"], Find(new LogQuery { MinimumSeverity = LogSeverity.Warning }));
        Assert.Equal(["Order lost", "Order taken"], Find(new LogQuery { Text = "ORDER" }));
        Assert.Equal(["Order lost"], Find(new LogQuery { Text = "13" }));
        Assert.Equal(["Slow query"], Find(new LogQuery { Resource = "MONGO" }));
        Assert.Equal(["Order taken"], Find(new LogQuery { Filters = [new AttributeFilter("Order", FilterCondition.Equals, "12")] }));
        Assert.Equal(["Slow query", "Order lost"], Find(new LogQuery { Filters = [new AttributeFilter("Order", FilterCondition.NotEquals, "12")] }));
        Assert.Equal(["Order"], store.LogAttributeKeys);
    }

    [Fact]
    public void Pages_follow_each_other_while_records_arrive()
    {
        var store = new TelemetryStore();
        store.AddLogs([.. Enumerable.Range(1, 30).Select(i => Log("a", $"m{i}"))]);

        var first = store.GetLogs(new LogQuery(), 0, 10);
        store.AddLogs([Log("a", "new")]);
        var second = store.GetLogs(new LogQuery { Before = first.Items[^1].Sequence }, 0, 10);
        var skipped = store.GetLogs(new LogQuery { Before = 31 }, 20, 10);

        Assert.Equal(30, first.Total);
        Assert.Equal(Enumerable.Range(11, 10).Reverse().Select(i => $"m{i}"), second.Items.Select(l => l.Message));
        Assert.Equal("m10", skipped.Items[0].Message);
    }

    [Fact]
    public void What_is_cleared_of_a_resource_is_gone_and_the_rest_is_found()
    {
        var store = new TelemetryStore();
        store.AddLogs([Log("a", "1", trace: 1), Log("b", "2", trace: 1), Log("a", "3")]);

        store.Clear(TelemetryKind.Logs, "a");

        Assert.Equal("2", Assert.Single(store.GetLogs(new LogQuery(), 0, 10).Items).Message);
        Assert.Equal("2", Assert.Single(store.GetLogs(new LogQuery { TraceId = new TraceId(0, 1) }, 0, 10).Items).Message);
        Assert.Equal("2", store.GetLog(2)!.Message);
    }
}
