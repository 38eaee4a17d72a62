namespace Aspire.Hosting.Orchestration;

/// <summary>Finds a command as a shell does.</summary>
internal static class CommandOnPath
{
    /// <summary>The file that a command on PATH is; null when there is none.</summary>
    /// <param name="name">The command, without an extension.</param>
    public static string? Find(string name)
    {
        string[] extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory => extensions.Select(extension => Path.Combine(directory, name + extension)))
            .FirstOrDefault(File.Exists);
    }
}
