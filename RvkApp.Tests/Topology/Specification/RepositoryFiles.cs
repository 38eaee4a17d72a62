using System.Runtime.CompilerServices;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The files of this repository.</summary>
internal static class RepositoryFiles
{
    /// <summary>The directory that has RvkApp.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
