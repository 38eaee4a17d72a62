using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Processes;

/// <summary>The built app host as a process of its own, as a person starts it, with a user profile of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const string MarkerVariable = "RVKAPP_TEST_MARKER";
    private static readonly string AppHostAssembly = typeof(AppHostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AppHostAssembly").Value!;

    private readonly Process _process;
    private readonly string _marker = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppHostProcess(string home, string volumesPath, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(DotNet)
        {
            // A busy machine may take longer to start the function than Lambda allows.
            ArgumentList = { AppHostAssembly, "--Ports:Api=0", "--Ports:Mongo=0", "--Ports:Dashboard=0", "--Ports:Otlp=0", "--Embedded:Lambda:InitTimeout=00:01:00", $"--Embedded:VolumesPath={volumesPath}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Not the project's: it has to work from anywhere.
            WorkingDirectory = home,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The profile decides where user secrets are; the environment is the one that the launch profile sets.
        start.Environment["HOME"] = home;
        start.Environment.Remove("APPDATA");
        start.Environment.Remove("XDG_DATA_HOME");
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // Inherited by everything that the app host starts, however far removed.
        start.Environment[MarkerVariable] = _marker;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static string DotNet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors => Read(_errors);

    public string AllOutput => $"{Output}{Errors}";

    public static AppHostProcess Start(string home, string volumesPath, IEnumerable<string>? arguments = null, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the processes of a run in /proc");
        return new AppHostProcess(home, volumesPath, arguments ?? [], environment ?? []);
    }

    /// <summary>Waits until the API is healthy and its address printed.</summary>
    public async Task<Uri> WaitForApiAsync()
    {
        await WaitForOutputAsync(@"gateway\s+running, healthy", TimeSpan.FromSeconds(60));
        return new((await WaitForOutputAsync(@"(http://\S+)\s+\(API\)", TimeSpan.FromSeconds(10))).Groups[1].Value);
    }

    /// <summary>Waits until its standard output matches.</summary>
    public async Task<Match> WaitForOutputAsync(string pattern, TimeSpan deadline)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(deadline);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            var match = Regex.Match(Output, pattern);
            if (match.Success)
            {
                return match;
            }

            Assert.False(_process.HasExited, $"The app host ended before it printed '{pattern}'.\n{AllOutput}");
            try
            {
                await Task.WhenAny(changed, _process.WaitForExitAsync(cancellation.Token));
                cancellation.Token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail($"The app host did not print '{pattern}' within {deadline}.\n{AllOutput}");
            }
        }
    }

    /// <summary>Waits for its end and returns its exit code; its output is complete then.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan deadline)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(deadline);
        try
        {
            await _process.WaitForExitAsync(cancellation.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"The app host did not end within {deadline}.\n{AllOutput}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends a signal to the app host alone, as a terminal's Ctrl+C does not, but `kill` does.</summary>
    public void Signal(Signal signal) => Assert.Equal(0, NativeMethods.Kill(_process.Id, (int)signal));

    /// <summary>Every live process that the app host started, directly or not, by name.</summary>
    public IReadOnlyDictionary<int, string> FindDescendants() => RunningProcess.All()
        .Where(p => p.Id != _process.Id && p.Environment.Contains($"{MarkerVariable}={_marker}", StringComparison.Ordinal))
        .ToDictionary(p => p.Id, p => p.CommandLine);

    /// <summary>Waits until everything that the app host started is gone.</summary>
    public async Task WaitUntilNothingIsLeftAsync(TimeSpan deadline)
    {
        var watch = Stopwatch.StartNew();
        IReadOnlyDictionary<int, string> left;
        while ((left = FindDescendants()).Count > 0)
        {
            Assert.True(watch.Elapsed < deadline, $"left behind after {deadline}: {string.Join("; ", left)}\n{AllOutput}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Whatever a failed test left running, the directories are about to be deleted.
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        foreach (var id in FindDescendants().Keys)
        {
            // Not there any more is as good.
            _ = NativeMethods.Kill(id, (int)Processes.Signal.Kill);
        }

        _process.Dispose();
    }

    private void Take(StringBuilder to, string? line)
    {
        if (line is null)
        {
            return;
        }

        TaskCompletionSource changed;
        lock (_lock)
        {
            to.AppendLine(line);
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private string Read(StringBuilder from)
    {
        lock (_lock)
        {
            return from.ToString();
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int pid, int signal);
    }
}

/// <summary>The signals that tests send, with their numbers on Linux.</summary>
internal enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
