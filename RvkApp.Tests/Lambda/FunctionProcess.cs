using System.Collections.Concurrent;
using System.Diagnostics;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>The API as a process of its own under a Runtime API, with the variables that Lambda and the cloud's stack set.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private FunctionProcess(Process process) => _process = process;

    public string Output => string.Join('\n', _output);

    /// <summary>Starts the API as the tests were built with it; it has not come up yet.</summary>
    public static FunctionProcess StartBuilt(RuntimeApiServer runtime, Dictionary<string, string?> environment)
        => Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "RvkApp.Api.dll")], runtime, environment);

    /// <summary>Starts it; it has not come up yet.</summary>
    public static FunctionProcess Start(string fileName, IEnumerable<string> arguments, RuntimeApiServer runtime, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var start = new ProcessStartInfo(fileName, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AWS_LAMBDA_FUNCTION_NAME"] = "api";
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = runtime.Address;
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var function = new FunctionProcess(new Process { StartInfo = start });
        function._process.OutputDataReceived += (_, line) => function.Read(line.Data);
        function._process.ErrorDataReceived += (_, line) => function.Read(line.Data);
        function._process.Start();
        function._process.BeginOutputReadLine();
        function._process.BeginErrorReadLine();
        return function;
    }

    /// <summary>Waits until it asks for its first event.</summary>
    public async Task StartedAsync(RuntimeApiServer runtime)
    {
        var first = await Task.WhenAny(runtime.Started, ExitedAsync()).WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
        Assert.True(first == runtime.Started, $"The function ended before it asked for an event:\n{Output}");
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitedAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks it to end, as Lambda does when it shuts an environment down.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Stops it where it is, as Lambda does between two invocations.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private void Read(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
