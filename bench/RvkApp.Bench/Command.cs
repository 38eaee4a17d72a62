using System.Diagnostics;

namespace RvkApp.Bench;

/// <summary>Runs <c>dotnet</c> to its end.</summary>
internal static class Command
{
    /// <summary>Runs it.</summary>
    /// <param name="arguments">The arguments of <c>dotnet</c>.</param>
    /// <param name="deadline">After this it is killed, with all that it has started.</param>
    /// <returns>How long it took.</returns>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0: the message has its output.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task<TimeSpan> RunAsync(IEnumerable<string> arguments, TimeSpan deadline)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Neither environment of a developer, nor a question.
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["ASPIRE_INTERACTIVITY_ENABLED"] = "false";
        // 'dotnet run' sets these for the benchmark; another build must find its own.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        var started = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode == 0
                ? started.Elapsed
                : throw new InvalidOperationException($"'dotnet {string.Join(' ', arguments.Take(2))}' ended with {process.ExitCode}:{Environment.NewLine}{await output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
