using System.Diagnostics;
using System.Runtime.InteropServices;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Support;

/// <summary>An app host as a process of its own, as <c>dotnet run</c> would start it.</summary>
internal sealed partial class AppHostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _lines = [];
    private readonly SemaphoreSlim _line = new(0);
    private readonly Task _read;

    public AppHostProcess(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null, string appHost = "SmallApp.AppHost")
    {
        var start = new ProcessStartInfo(DotNetHost.Path, ["exec", Path.Combine(AppContext.BaseDirectory, $"{appHost}.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _errors = _process.StandardError.ReadToEndAsync();
        _read = ReadAsync();
    }

    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Waits for a line of its output.</summary>
    public async Task WaitForLineAsync(string text)
    {
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (_read.IsCompleted && !Output.Contains(text, StringComparison.Ordinal))
            {
                Assert.Fail($"The app host ended without '{text}':\n{Output}\n{await _errors}");
            }

            await _line.WaitAsync(TestDeadline.Token());
        }
    }

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync(TestDeadline.Token());
        await _read.InTimeAsync();
        return (_process.ExitCode, await _errors.InTimeAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Its watchdog ends what it has started.
            _process.Kill();
        }

        await EndAsync();
        _process.Dispose();
        _line.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }

            _line.Release();
        }

        _line.Release();
    }
}
