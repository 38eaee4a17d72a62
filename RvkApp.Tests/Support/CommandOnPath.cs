namespace RvkApp.Tests.Support;

/// <summary>Finds a program that a test needs, or can do without.</summary>
internal static class CommandOnPath
{
    /// <summary>The first file on PATH that has one of these names; null when there is none.</summary>
    public static string? Find(params string[] names) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
