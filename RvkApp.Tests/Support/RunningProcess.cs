namespace RvkApp.Tests.Support;

/// <summary>A process of this machine as /proc shows it (Linux, proc(5)).</summary>
internal sealed record RunningProcess(int Id, string CommandLine, string Environment)
{
    /// <summary>Every process of this user that is alive; one that has ended but was not waited for yet has no environment and is left out.</summary>
    public static IEnumerable<RunningProcess> All()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var id) && ReadOrEmpty($"{directory}/environ") is { Length: > 0 } environment)
            {
                yield return new RunningProcess(id, ReadOrEmpty($"{directory}/cmdline").Replace('\0', ' '), environment);
            }
        }
    }

    // A process can end between the listing and the reading, and another user's cannot be read.
    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
