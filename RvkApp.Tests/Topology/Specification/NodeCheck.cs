using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>
/// A check of templates under eng/ that Node.js runs. Its packages are installed once for each lock file, under artifacts/, by the first test
/// that needs them; where that is not possible its tests are skipped with the reason.
/// </summary>
public abstract class NodeCheck(string name) : IAsyncLifetime
{
    private static readonly TimeSpan InstallDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RunDeadline = TimeSpan.FromMinutes(2);

    // What npm ends with when the registry does not answer.
    private static readonly string[] Unreachable = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "FETCH_ERROR", "E403", "E503"];

    private string _script = "";

    /// <summary>Where the check and its lock file are.</summary>
    public string Sources { get; } = Path.Combine(Repository.Root, "eng", name);

    /// <summary>Why the check cannot run here; null when it can.</summary>
    public string? SkipReason { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Find("node") is null || Find("npm") is null)
        {
            SkipReason = $"eng/{name} needs node and npm on PATH.";
            return;
        }

        var directory = Path.Combine(Repository.Root, "artifacts", "eng", $"{name}-{Hash("package.json", "package-lock.json")}");
        if (!Directory.Exists(directory) && !await InstallAsync(directory))
        {
            return;
        }

        // Beside node_modules, where Node.js looks for what it imports; under a name that changes with the text, so that runs at the same time agree.
        _script = Path.Combine(directory, $"check-{Hash("check.mjs")}.mjs");
        if (!File.Exists(_script))
        {
            var copy = $"{_script}.{Guid.NewGuid():N}";
            File.Copy(Path.Combine(Sources, "check.mjs"), copy);
            File.Move(copy, _script, overwrite: true);
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs the check, or skips the test when it cannot run here.</summary>
    internal async Task<NodeResult> RunAsync(params string[] arguments)
    {
        Assert.SkipWhen(SkipReason is not null, SkipReason ?? "");
        return await RunAsync(Find("node")!, Path.GetDirectoryName(_script)!, RunDeadline, [_script, .. arguments]);
    }

    /// <summary>Runs the check on a template that a test wrote itself.</summary>
    internal async Task<NodeResult> CheckAsync(string template)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["template.json"], template, TestContext.Current.CancellationToken);
        return await RunAsync(directory["template.json"]);
    }

    private async Task<bool> InstallAsync(string directory)
    {
        var building = $"{directory}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(building);
        try
        {
            foreach (var file in new[] { "package.json", "package-lock.json", ".npmrc" })
            {
                File.Copy(Path.Combine(Sources, file), Path.Combine(building, file));
            }

            var (exitCode, output) = await RunAsync(Find("npm")!, building, InstallDeadline, ["ci", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=60000"]);
            if (exitCode != 0 && (exitCode == NodeResult.DeadlinePassed || Unreachable.Any(code => output.Contains(code, StringComparison.Ordinal))))
            {
                SkipReason = $"The packages of eng/{name} could not be fetched from the npm registry: {output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))?.Trim()}";
                return false;
            }

            Assert.True(exitCode == 0, $"npm ci in eng/{name} ended with {exitCode}:\n{output}");
            Directory.Move(building, directory);
            return true;
        }
        catch (IOException) when (Directory.Exists(directory))
        {
            // Another run was faster.
            return true;
        }
        finally
        {
            if (Directory.Exists(building))
            {
                Directory.Delete(building, recursive: true);
            }
        }
    }

    private string Hash(params string[] files)
        => Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(file => File.ReadAllBytes(Path.Combine(Sources, file)))]))[..16];

    private static string? Find(string command)
        => CommandOnPath.Find(OperatingSystem.IsWindows() ? [$"{command}.exe", $"{command}.cmd"] : [command]);

    private static async Task<NodeResult> RunAsync(string command, string directory, TimeSpan deadline, string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory },
        };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(deadline);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, output.ToString());
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return new(NodeResult.DeadlinePassed, $"error: not done within {deadline.TotalMinutes:0} minutes\n{output}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        void Append(string? line)
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        }
    }
}

/// <summary>How a run of a check ended, and what it printed.</summary>
internal sealed record NodeResult(int ExitCode, string Output)
{
    /// <summary>Stands in for the exit code of a process that was ended because it took too long.</summary>
    public const int DeadlinePassed = -1;

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
