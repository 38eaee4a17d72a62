using System.Collections.Concurrent;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>A supervisor with a directory of its own for its records, and shells to run in it.</summary>
internal sealed class TestSupervisor : IAsyncDisposable
{
    private ProcessSupervisor? _supervisor;

    public TestSupervisor() => Options = new ProcessSupervisorOptions { RunsDirectory = Directory.Combine("runs") };

    public TestProcesses Processes { get; } = new();

    public TemporaryDirectory Directory { get; } = new();

    public ProcessSupervisorOptions Options { get; }

    public ListLogger<ProcessSupervisor> Logger { get; } = new();

    public ConcurrentQueue<ProcessOutputLine> Lines { get; } = new();

    public ProcessSupervisor Supervisor => _supervisor ??= new ProcessSupervisor(Logger, Options);

    public IEnumerable<string> Output => Lines.Where(line => !line.IsError).Select(line => line.Text);

    public IEnumerable<string> Errors => Lines.Where(line => line.IsError).Select(line => line.Text);

    public Task<ISupervisedProcess> ShellAsync(string script) => StartAsync("sh", ["-c", script]);

    public Task<ISupervisedProcess> StartAsync(
        string fileName,
        string[] arguments,
        string? workingDirectory = null,
        Dictionary<string, string>? environment = null)
    {
        var variables = new Dictionary<string, string>(Processes.Environment);
        foreach (var (name, value) in environment ?? [])
        {
            variables[name] = value;
        }

        return Supervisor.StartAsync(
            new ProcessSpec("subject", fileName, arguments, workingDirectory ?? Directory.FullName, variables),
            Lines.Enqueue,
            TestProcesses.Cancellation);
    }

    public Task WaitForOutputAsync(string line) =>
        TestProcesses.WaitUntilAsync(() => Output.Contains(line), TestProcesses.Deadline, () => $"no line '{line}' in: {string.Join('|', Output)}");

    public static Task<ProcessExit> ExitOf(ISupervisedProcess process) => process.Exited.WaitAsync(TestProcesses.Deadline, TestProcesses.Cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_supervisor is not null)
        {
            await _supervisor.DisposeAsync();
        }

        await Processes.DisposeAsync();
        Directory.Dispose();
    }
}
