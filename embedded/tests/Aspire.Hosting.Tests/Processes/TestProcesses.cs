using System.Text;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>
/// Tells the processes of one test from all others: each has the test's token in its environment. Works without the code under
/// test, which looks for a variable of its own.
/// </summary>
internal sealed class TestProcesses : IAsyncDisposable
{
    /// <summary>The specification's bound: 5 s after the AppHost's end nothing of its run is left.</summary>
    public static readonly TimeSpan OrphanBound = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string _token = Guid.NewGuid().ToString("N");

    public TestProcesses() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks at processes through /proc.");

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What makes a process one of the test's.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["TEST_PROCESSES"] = _token,
        // A .NET program that is killed cannot remove the sockets of its diagnostics.
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    /// <summary>The test's processes that run now.</summary>
    public IReadOnlyList<ProcessIdentity> Find()
    {
        var needle = Encoding.ASCII.GetBytes($"TEST_PROCESSES={_token}");
        return [.. ProcessTable.Current.Snapshot()
            .Where(entry => !entry.HasEnded && ReadEnvironment(entry.Identity.Id).AsSpan().IndexOf(needle) >= 0)
            .Select(entry => entry.Identity)];
    }

    public async Task WaitForCountAsync(int count) =>
        await WaitUntilAsync(() => Find().Count == count, Deadline, () => $"{count} processes expected, found {Describe(Find())}");

    public async Task WaitUntilGoneAsync(TimeSpan timeout, string because = "") =>
        await WaitUntilAsync(() => Find().Count == 0, timeout, () => $"still there after {timeout}{because}: {Describe(Find())}");

    public static async Task WaitUntilAsync(Func<bool> condition, TimeSpan timeout, Func<string> message)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > timeout)
            {
                Assert.Fail(message());
            }

            await Task.Delay(20, Cancellation);
        }
    }

    public static bool IsRunning(ProcessIdentity process) => ProcessTable.Current.IsRunning(process);

    public static void Kill(ProcessIdentity process) => ProcessTable.Current.Signal(process, ProcessSignal.Kill);

    public async ValueTask DisposeAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var left = Find(); left.Count > 0 && TimeProvider.System.GetElapsedTime(started) < Deadline; left = Find())
        {
            foreach (var process in left)
            {
                Kill(process);
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static string Describe(IEnumerable<ProcessIdentity> processes) =>
        string.Join("; ", processes.Select(process => $"{process.Id} {Encoding.UTF8.GetString(ReadProc(process.Id, "cmdline")).Replace('\0', ' ')}"));

    private static byte[] ReadEnvironment(int processId) => ReadProc(processId, "environ");

    private static byte[] ReadProc(int processId, string file)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{processId}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
