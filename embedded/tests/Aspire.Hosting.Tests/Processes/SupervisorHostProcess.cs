using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

/// <summary>
/// A run of the SupervisorHost test program. Started by System.Diagnostics.Process, in a session of its own, and not by the code
/// under test, whose own care for its descendants would hide what the program leaves behind.
/// </summary>
internal sealed class SupervisorHostProcess : IAsyncDisposable
{
    /// <summary>A shell, two children, and one that has left its session and closed its descriptors.</summary>
    public const string FamilyScript = "sleep 600 & setsid sleep 600 </dev/null >/dev/null 2>&1 & echo up; sleep 600; :";

    /// <summary>How many processes <see cref="FamilyScript"/> is.</summary>
    public const int FamilySize = 4;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private SupervisorHostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, data) => Keep(data.Data);
        process.ErrorDataReceived += (_, data) => Keep(data.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Identity = ProcessTable.Current.Read(process.Id)?.Identity ?? throw new InvalidOperationException("The test program has ended at once.");
    }

    public ProcessIdentity Identity { get; }

    public IEnumerable<string> Lines => _lines;

    /// <summary>The children that it has reported.</summary>
    public IReadOnlyList<ProcessIdentity> Children => [.. _lines.Where(line => line.StartsWith("child ", StringComparison.Ordinal)).Select(Parse)];

    public ProcessIdentity Watchdog => Parse(_lines.Single(line => line.StartsWith("watchdog ", StringComparison.Ordinal)));

    public static SupervisorHostProcess Start(TestProcesses processes, params string[] arguments)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { DotNetHost.Path, "exec", Path.Combine(AppContext.BaseDirectory, "SupervisorHost.dll") },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in processes.Environment)
        {
            start.Environment[name] = value;
        }

        return new SupervisorHostProcess(Process.Start(start)!);
    }

    public Task WaitForLineAsync(string line) =>
        TestProcesses.WaitUntilAsync(() => _lines.Contains(line), TestProcesses.Deadline, () => $"no line '{line}' in: {string.Join('|', _lines)}");

    public void Kill() => TestProcesses.Kill(Identity);

    public void EndInput() => _process.StandardInput.Close();

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestProcesses.Cancellation).WaitAsync(TestProcesses.Deadline, TestProcesses.Cancellation);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(TestProcesses.Deadline, CancellationToken.None);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }

    private static ProcessIdentity Parse(string line)
    {
        var parts = line.Split(' ');
        return new ProcessIdentity(int.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
