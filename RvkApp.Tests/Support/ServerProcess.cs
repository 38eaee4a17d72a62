using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RvkApp.Tests.Support;

/// <summary>A server started by a test: waits for the line that tells its port, and ends with the test.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ProcessStartInfo start, Regex portLine)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data, portLine);
        _process.ErrorDataReceived += (_, line) => Read(line.Data, portLine);
        _process.Exited += (_, _) =>
        {
            // Without a timeout it also waits until all output was read; the last line is the one that tells why.
            _process.WaitForExit();
            _port.TrySetException(new InvalidOperationException($"It ended with {_process.ExitCode}:\n{Output}"));
        };
    }

    public int Port => _port.Task.Result;

    public string Output => string.Join('\n', _output);

    /// <param name="portLine">Matches the line that says the server listens; its group 1 is the port.</param>
    public static async Task<ServerProcess> StartAsync(
        string fileName, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, Regex portLine)
    {
        var start = new ProcessStartInfo(fileName, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        var server = new ServerProcess(start, portLine);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await server._port.Task.WaitAsync(StartDeadline, TestContext.Current.CancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Read(string? line, Regex portLine)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (portLine.Match(line) is { Success: true } match)
        {
            _port.TrySetResult(int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
