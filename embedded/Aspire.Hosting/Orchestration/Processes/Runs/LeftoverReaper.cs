using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// At the start of an AppHost: ends what is left of runs whose AppHost and watchdog have both been killed. A record counts only
/// where its process ids mean something, and a process only if it is the one that was recorded.
/// </summary>
internal sealed class LeftoverReaper(string directory, IProcessTable table, ILogger logger)
{
    // Of another machine or container that shares the directory, and still unchanged after this time: nobody's any more.
    private static readonly TimeSpan ForeignRecordLifetime = TimeSpan.FromDays(30);

    /// <summary>Goes through all records but the run's own.</summary>
    public async Task ReapAsync(string ownRunId)
    {
        foreach (var path in Directory.EnumerateFiles(directory, "*" + RunRecordFile.Extension))
        {
            if (Path.GetFileNameWithoutExtension(path) != ownRunId && ReadRecord(path) is { } record)
            {
                await ReapAsync(path, record).ConfigureAwait(false);
            }
        }

        foreach (var path in Directory.EnumerateFiles(directory, "*.tmp"))
        {
            // Written for an instant only, unless the writer was killed in it.
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > TimeSpan.FromHours(1))
            {
                File.Delete(path);
            }
        }
    }

    private async Task ReapAsync(string path, RunRecord record)
    {
        if (record.Scope != table.Scope)
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > ForeignRecordLifetime)
            {
                File.Delete(path);
            }

            return;
        }

        if (record.Boot == table.Boot)
        {
            if (table.IsRunning(record.AppHost.Identity))
            {
                return;
            }

            var result = await OrphanedRun.EndAsync(table, record.RunId, record.Children.Select(child => child.Identity), record.AppHost.StartMark).ConfigureAwait(false);
            if (record.Watchdog is { } watchdog)
            {
                // Its work has been done for it.
                table.Signal(watchdog.Identity, ProcessSignal.Kill);
            }

            if (result.Ended.Count > 0)
            {
                logger.LogWarning("Ended {Count} processes that an earlier run left behind when its AppHost (process {AppHost}) was killed: {Processes}.", result.Ended.Count, record.AppHost.Id, Describe(result.Ended, record));
            }

            if (result.Remaining.Count > 0)
            {
                logger.LogError("An earlier run left processes behind that could not be ended: {Processes}. End them by hand; the record '{Path}' is kept until then.", Describe(result.Remaining, record), path);
                return;
            }
        }

        File.Delete(path);
    }

    private RunRecord? ReadRecord(string path)
    {
        try
        {
            var record = RunRecord.Deserialize(File.ReadAllBytes(path));
            if (record.Version == RunRecord.CurrentVersion)
            {
                return record;
            }

            logger.LogInformation("The run record '{Path}' has version {Version}, which is for another version of this program to read.", path, record.Version);
        }
        catch (FileNotFoundException)
        {
            // Its owner has just ended.
        }
        catch (JsonException exception)
        {
            SetAside(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The run record '{Path}' cannot be read: {Reason}", path, exception.Message);
        }

        return null;
    }

    private void SetAside(string path, string reason)
    {
        var aside = path + ".corrupt";
        try
        {
            File.Move(path, aside, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Another AppHost that starts right now has done it, and says so.
            return;
        }

        logger.LogWarning("The run record '{Path}' is corrupt ({Reason}) and was set aside as '{Aside}'. If processes of an earlier run are still there, end them by hand.", path, reason, aside);
    }

    private static string Describe(IEnumerable<ProcessIdentity> processes, RunRecord record) =>
        string.Join(", ", processes.Select(process =>
            record.Children.FirstOrDefault(child => child.Identity == process) is { } child ? $"{process.Id} ({child.Name})" : $"{process.Id}"));
}
