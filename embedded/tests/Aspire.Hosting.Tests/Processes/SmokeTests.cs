using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Tests.Processes;

public class SmokeTests
{
    [Fact]
    public async Task Output_and_exit_code_arrive()
    {
        var threads = System.Diagnostics.Process.GetCurrentProcess().Threads.Count;
        await using var supervisor = new ProcessSupervisor(NullLogger<ProcessSupervisor>.Instance, new());
        var lines = new List<ProcessOutputLine>();
        await using var process = await supervisor.StartAsync(new("sh", "sh", ["-c", "echo hello; echo bad >&2; pwd; exit 3"], "/tmp", new Dictionary<string, string>()), lines.Add, TestContext.Current.CancellationToken);
        var exit = await process.Exited.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(new ProcessExit(3, null), exit);
        Assert.Equal(["bad", "hello", "/tmp"], lines.OrderByDescending(l => l.IsError).Select(l => l.Text));
        var many = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => supervisor.StartAsync(new("sh", "sleep", ["100"], "/tmp", new Dictionary<string, string>()), lines.Add, TestContext.Current.CancellationToken)));
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        using var p = System.Diagnostics.Process.GetCurrentProcess();
        Console.Error.WriteLine($"threads {threads} -> {p.Threads.Count}");
        foreach (var m in many) Assert.Equal(15, (await m.StopAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken)).Signal);
    }
}
