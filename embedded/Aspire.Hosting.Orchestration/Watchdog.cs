using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>Waits for the end of an AppHost and then ends whatever it did not stop itself.</summary>
internal sealed class Watchdog(WatchdogArguments arguments, IProcessTable table, TextReader fromAppHost)
{
    // The end of the pipe tells at once; this is for a pipe that somebody else keeps open.
    private static readonly TimeSpan AppHostCheckInterval = TimeSpan.FromMilliseconds(500);
    private readonly HashSet<ProcessIdentity> _children = [];

    /// <summary>Returns when its work is done: at once after a goodbye, else when the run's processes are gone.</summary>
    public async Task<int> RunAsync()
    {
        if (await WaitForEndOfAppHostAsync().ConfigureAwait(false))
        {
            return 0;
        }

        var result = await OrphanedRun.EndAsync(table, arguments.RunId, _children, arguments.AppHost.StartMark).ConfigureAwait(false);
        Log(result);
        if (result.Remaining.Count > 0)
        {
            return 1;
        }

        File.Delete(arguments.RecordPath);
        return 0;
    }

    /// <summary>True if the AppHost said goodbye.</summary>
    private async Task<bool> WaitForEndOfAppHostAsync()
    {
        var read = fromAppHost.ReadLineAsync();
        while (true)
        {
            if (await Task.WhenAny(read, Task.Delay(AppHostCheckInterval)).ConfigureAwait(false) != read)
            {
                if (table.IsRunning(arguments.AppHost))
                {
                    continue;
                }

                return false;
            }

            switch (await read.ConfigureAwait(false))
            {
                case null:
                    return false;
                case WatchdogProtocol.Bye:
                    return true;
                case var line:
                    _ = WatchdogProtocol.Apply(line, _children);
                    break;
            }

            read = fromAppHost.ReadLineAsync();
        }
    }

    /// <summary>There is no console to write to any more, so what was done is told in a file beside the record.</summary>
    private void Log(OrphanedRunResult result)
    {
        const int LargestLog = 256 * 1024;
        var file = new FileInfo(Path.Combine(Path.GetDirectoryName(arguments.RecordPath)!, "watchdog.log"));
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:O} AppHost {arguments.AppHost} ended without stopping run {arguments.RunId}. Ended: {List(result.Ended)}. Could not be ended: {List(result.Remaining)}.{Environment.NewLine}");
        try
        {
            if (file is { Exists: true, Length: > LargestLog })
            {
                file.Delete();
            }

            File.AppendAllText(file.FullName, line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk must not keep the record from being deleted; the exit code and the record tell the rest.
            Environment.ExitCode = 2;
        }
    }

    private static string List(IReadOnlyCollection<ProcessIdentity> processes) =>
        processes.Count == 0 ? "none" : string.Join(", ", processes.Select(process => process.Id));
}
