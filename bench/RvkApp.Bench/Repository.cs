namespace RvkApp.Bench;

/// <summary>Finds the checkout that the benchmark was started from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The built assembly of a project, or a sentence on how to build it.</summary>
    /// <exception cref="FileNotFoundException">The project was not built in that configuration.</exception>
    public static string Output(string project, string configuration)
    {
        var path = Path.Combine(Root, project, "bin", configuration, "net10.0", Path.GetFileName(project) + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run 'dotnet build -c {configuration}' in {Root} first.");
    }

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "RvkApp.sln")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No RvkApp.sln above {AppContext.BaseDirectory}: run the benchmark from a checkout.");
    }
}
