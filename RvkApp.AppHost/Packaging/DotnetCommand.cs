using System.Diagnostics;
using System.Text;

namespace RvkApp.AppHost.Packaging;

/// <summary>Runs a command of the machine, with a deadline and without the surroundings of the build that started this process.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan OutputDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="fileName">The command.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="deadline">How long it may take; then it is killed with all that it has started.</param>
    /// <param name="cancellationToken">Kills it earlier.</param>
    /// <returns>Its exit code, and all that it wrote.</returns>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string fileName, IEnumerable<string> arguments, string directory, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(fileName, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = directory };
        // 'dotnet run' and 'dotnet test' set these for the project at hand; another build must find its own.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(deadline);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'{fileName} {string.Join(' ', arguments.Take(2))}' was not done after {deadline.TotalMinutes:0.#} minutes and was stopped.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(OutputDeadline, CancellationToken.None);
            }
        }

        lock (output)
        {
            return (process.ExitCode, output.ToString());
        }

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
