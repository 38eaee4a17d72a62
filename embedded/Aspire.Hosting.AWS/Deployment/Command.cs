using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>A program that runs to its end while its output is shown.</summary>
/// <param name="fileName">The program.</param>
/// <param name="arguments">Its arguments.</param>
internal sealed class Command(string fileName, IEnumerable<string> arguments)
{
    /// <summary>The directory it runs in; this process's when null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Environment variables beside this process's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long it may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Runs the program. It has no input, so that it cannot ask anything.</summary>
    /// <param name="onLine">Gets each line of its output, also of its error output.</param>
    /// <param name="cancellationToken">Ends it, with all it has started.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="DistributedApplicationException">It cannot be started, or takes too long.</exception>
    public async Task<int> RunAsync(Action<string> onLine, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (WorkingDirectory is not null)
        {
            start.WorkingDirectory = WorkingDirectory;
        }

        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        process.StandardInput.Close();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            await Task.WhenAll(PumpAsync(process.StandardOutput), PumpAsync(process.StandardError), process.WaitForExitAsync(deadline.Token));
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            throw new DistributedApplicationException($"'{Path.GetFileName(fileName)} {string.Join(' ', start.ArgumentList)}' was ended because it took more than {Timeout.TotalMinutes:0} minutes.");
        }

        async Task PumpAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(deadline.Token) is { } line)
            {
                onLine(line);
            }
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new DistributedApplicationException($"'{fileName}' cannot be started: {exception.Message}", exception);
        }
    }
}
