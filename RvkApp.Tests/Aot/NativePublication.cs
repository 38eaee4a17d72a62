using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace RvkApp.Tests.Aot;

/// <summary>
/// Publishes the API as Native AOT, once for all tests of a run, into a temporary directory of its own: outputs and intermediate files of other builds are not touched.
/// </summary>
public sealed class NativePublication : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("rvkapp-aot-").FullName;

    /// <summary>Why the API cannot be published here; null when it can.</summary>
    public string? SkipReason { get; private set; }

    /// <summary>The native executable.</summary>
    public string Executable { get; private set; } = "";

    /// <summary>The lines with which the build warned or failed.</summary>
    public IReadOnlyList<string> Diagnostics { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        SkipReason = MissingToolchain();
        if (SkipReason is not null)
        {
            return;
        }

        var project = Path.Combine(RepositoryRoot(), "RvkApp.Api", "RvkApp.Api.csproj");
        var rid = RuntimeInformation.RuntimeIdentifier;
        var (exitCode, output) = await RunAsync(
            "dotnet", "publish", project, "-c", "Release", "-r", rid, "-p:PublishAot=true", "--artifacts-path", _directory, "-nodeReuse:false", "-p:UseSharedCompilation=false", "--nologo");

        Diagnostics = [.. output.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Contains(": warning ", StringComparison.Ordinal) || line.Contains(": error ", StringComparison.Ordinal)).Distinct()];
        Assert.True(exitCode == 0, $"dotnet publish ended with {exitCode}:\n{output}");
        Executable = Path.Combine(_directory, "publish", "RvkApp.Api", $"release_{rid}", OperatingSystem.IsWindows() ? "RvkApp.Api.exe" : "RvkApp.Api");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    // The SDK looks for clang and takes gcc when there is none; macOS and Windows bring their own with Xcode and Visual Studio.
    private static string? MissingToolchain()
        => OperatingSystem.IsLinux() && !OnPath("clang") && !OnPath("gcc")
            ? "Native AOT needs a C compiler to link with, and neither clang nor gcc is installed (Debian: apt-get install gcc)."
            : null;

    private static bool OnPath(string command)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, command)));

    private static string RepositoryRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "RvkApp.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"There is no RvkApp.sln above {AppContext.BaseDirectory}.");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string command, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = RepositoryRoot(),
            },
        };
        // What the test run's own build set must not reach the one it starts.
        foreach (var name in process.StartInfo.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            process.StartInfo.Environment.Remove(name);
        }

        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);

        using var deadline = new CancellationTokenSource(Deadline);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
