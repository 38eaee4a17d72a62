namespace Aspire.Hosting.Tests.Processes;

/// <summary>In a program of their own, because other tests open files and start processes meanwhile.</summary>
public class ResourceUseTests
{
    [Fact]
    public async Task Fifty_parallel_starts_and_stops_leave_no_descriptor_thread_or_zombie_behind()
    {
        await using var test = new TestProcesses();
        using var directory = new TemporaryDirectory();
        await using var host = SupervisorHostProcess.Start(test, "churn", directory.FullName, "50");

        await host.WaitForLineAsync("churned");
        Assert.Equal(0, await host.WaitForExitAsync());

        var before = Assert.Single(host.Lines, line => line.StartsWith("before ", StringComparison.Ordinal));
        var after = Assert.Single(host.Lines, line => line.StartsWith("after ", StringComparison.Ordinal));
        Assert.Equal(before["before ".Length..], after["after ".Length..]);
    }
}
