using System.Xml;
using System.Xml.Linq;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>Reads the target framework that a project is built for.</summary>
internal static class TargetFramework
{
    /// <summary>
    /// The target framework of a project: from its file, else from the nearest Directory.Build.props above it, where it is written out. What only an evaluation
    /// by MSBuild would find is not found.
    /// </summary>
    /// <param name="projectPath">The project file.</param>
    /// <returns>The framework; null when it is in neither.</returns>
    public static string? Of(string projectPath)
    {
        if (Read(projectPath) is { } own)
        {
            return own;
        }

        for (var directory = Path.GetDirectoryName(Path.GetFullPath(projectPath)); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            var shared = Path.Combine(directory, "Directory.Build.props");
            if (File.Exists(shared))
            {
                // MSBuild reads the nearest one only.
                return Read(shared);
            }
        }

        return null;
    }

    private static string? Read(string path)
    {
        XDocument document;
        try
        {
            document = XDocument.Load(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            throw new DistributedApplicationException($"The target framework cannot be read from '{path}': {exception.Message}", exception);
        }

        return document.Descendants().LastOrDefault(e => e.Name.LocalName == "TargetFramework")?.Value.Trim() is { Length: > 0 } framework && !framework.Contains('$') ? framework : null;
    }
}
