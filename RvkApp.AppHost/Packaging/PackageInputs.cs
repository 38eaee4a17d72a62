using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RvkApp.AppHost.Packaging;

/// <summary>
/// What a package is made of: the files of the project and of every project that it refers to, the build files above them, the packages, and the
/// tools. Two packages with equal inputs are equal.
/// </summary>
/// <param name="RepositoryRoot">The topmost directory with a build file above the project.</param>
/// <param name="Hash">SHA-256 over all of it, as hex digits.</param>
internal sealed record PackageInputs(string RepositoryRoot, string Hash)
{
    // Found by MSBuild and NuGet in the directories above a project.
    private static readonly string[] BuildFiles = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig", "nuget.config", "NuGet.Config", "NuGet.config"];

    private static readonly string[] OutputDirectories = ["bin", "obj"];

    /// <summary>Reads the inputs.</summary>
    /// <param name="projectPath">The project file; its restored <c>obj/project.assets.json</c> tells what it refers to.</param>
    /// <param name="options">Everything else that the package depends on: options and versions of tools, in a fixed order.</param>
    /// <exception cref="DistributedApplicationException">The project was not restored.</exception>
    public static PackageInputs Read(string projectPath, IEnumerable<string> options)
    {
        var project = Path.GetFullPath(projectPath);
        var assets = Assets.Read(project);
        var directories = assets.Projects.Select(path => Path.GetDirectoryName(path)!).Distinct().Order(StringComparer.Ordinal).ToArray();
        var buildFiles = directories.SelectMany(Above).Distinct().ToArray();
        var root = buildFiles.Select(file => Path.GetDirectoryName(file)!).MinBy(directory => directory.Length) ?? Path.GetDirectoryName(project)!;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in options.Concat(assets.Packages))
        {
            Append(hash, line);
        }

        foreach (var file in directories.SelectMany(Files).Concat(buildFiles).Distinct().OrderBy(file => Relative(root, file), StringComparer.Ordinal))
        {
            Append(hash, Relative(root, file));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return new PackageInputs(root, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }

    private static string Relative(string root, string file) => Path.GetRelativePath(root, file).Replace('\\', '/');

    private static IEnumerable<string> Above(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            foreach (var file in BuildFiles.Select(name => Path.Combine(at.FullName, name)).Where(File.Exists))
            {
                yield return file;
            }
        }
    }

    // A project below another one, as tests often are, is not part of it; its directory is skipped unless it is referred to itself.
    private static IEnumerable<string> Files(string directory)
    {
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            if (!file.EndsWith(".user", StringComparison.OrdinalIgnoreCase))
            {
                yield return file;
            }
        }

        foreach (var child in Directory.EnumerateDirectories(directory))
        {
            var name = Path.GetFileName(child);
            if (!OutputDirectories.Contains(name, StringComparer.OrdinalIgnoreCase) && !name.StartsWith('.') && !Directory.EnumerateFiles(child, "*.csproj").Any())
            {
                foreach (var file in Files(child))
                {
                    yield return file;
                }
            }
        }
    }

    /// <summary>What restore has found out.</summary>
    /// <param name="Projects">The project and all that it refers to, as full paths.</param>
    /// <param name="Packages">Name, version and checksum of each package.</param>
    private sealed record Assets(IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
    {
        public static Assets Read(string project)
        {
            var directory = Path.GetDirectoryName(project)!;
            var file = Path.Combine(directory, "obj", "project.assets.json");
            if (!File.Exists(file))
            {
                throw new DistributedApplicationException($"{project} is not restored, so what it is made of is unknown: run 'dotnet build' on the app host first.");
            }

            // "libraries": {"MongoDB.Bson/3.14.0": {"sha512": "…", "type": "package", …}, "RvkApp.ServiceDefaults/1.0.0": {"type": "project", "path": "../…csproj", …}}
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            List<string> projects = [project], packages = [];
            foreach (var library in json.RootElement.GetProperty("libraries").EnumerateObject())
            {
                if (library.Value.GetProperty("type").GetString() == "project")
                {
                    projects.Add(Path.GetFullPath(library.Value.GetProperty("path").GetString()!, directory));
                }
                else
                {
                    packages.Add($"{library.Name} {library.Value.GetProperty("sha512").GetString()}");
                }
            }

            packages.Sort(StringComparer.Ordinal);
            return new Assets(projects, packages);
        }
    }
}
