using System.Collections.Concurrent;
using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace MongoDB.Embedded.Tests.Fixtures;

/// <summary>The server as a process of its own, for what only a process can show: its death, its exit code, its output.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MongoClient? _client;

    public ServerProcess(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        string dll = typeof(EmbeddedServer).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(dll);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment.Remove(ServerOptions.UserVariable);
        start.Environment.Remove(ServerOptions.PasswordVariable);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => TakeLine(e.Data);
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null)
            {
                _errors.Enqueue(e.Data);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyCollection<string> Output => _output;

    public string Errors => string.Join('\n', _errors);

    public static ServerProcess OnDirectory(string directory, params string[] more) => new(["--dbpath", directory, "--port", "0", .. more]);

    /// <summary>Waits until it listens.</summary>
    public async Task<int> PortAsync()
    {
        Task exited = _process.WaitForExitAsync();
        Task first = await Task.WhenAny(_port.Task, exited).WaitAsync(Deadline);
        return first == _port.Task ? await _port.Task : throw new InvalidOperationException($"the server exited with {_process.ExitCode}: {Errors}");
    }

    public async Task<MongoClient> ClientAsync(Action<MongoClientSettings>? configure = null)
    {
        var settings = MongoClientSettings.FromConnectionString($"mongodb://127.0.0.1:{await PortAsync()}/?serverSelectionTimeoutMS=20000&retryWrites=false&retryReads=false");
        settings.ApplicationName = $"test-{Guid.NewGuid():N}";
        configure?.Invoke(settings);
        return _client = new MongoClient(settings);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync().WaitAsync(Deadline);
        }
        return await ExitCodeAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private void TakeLine(string? line)
    {
        if (line is null)
        {
            return;
        }
        _output.Enqueue(line);
        if (line.Contains("\"Waiting for connections\"", StringComparison.Ordinal))
        {
            _port.TrySetResult(BsonDocument.Parse(line)["attr"]["port"].ToInt32());
        }
    }
}
