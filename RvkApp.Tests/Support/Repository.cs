namespace RvkApp.Tests.Support;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
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
}
