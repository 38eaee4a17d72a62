using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.MongoDB.Local;

/// <summary>The directory that takes the place of a container's <c>/data/db</c>.</summary>
/// <param name="Path">An absolute path.</param>
/// <param name="VolumeName">The name of the volume, if it is one.</param>
internal sealed record DataDirectory(string Path, string? VolumeName)
{
    /// <summary>Where the image keeps its data.</summary>
    public const string MountTarget = "/data/db";

    /// <summary>How messages call it.</summary>
    public string Description => VolumeName is null ? $"data directory '{Path}'" : $"volume '{VolumeName}' ({Path})";

    /// <summary>Finds the directory that the model asks for.</summary>
    /// <param name="server">The server.</param>
    /// <param name="volumesPath">The directory of named volumes.</param>
    /// <returns>The directory, or <see langword="null"/> if the model gives the server neither volume nor bind mount, so that its data ends with the run.</returns>
    /// <exception cref="DistributedApplicationException">The mount cannot be a directory of this machine.</exception>
    public static DataDirectory? Of(MongoDBServerResource server, string volumesPath)
    {
        var mount = server.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Target == MountTarget);
        if (mount is null)
        {
            return null;
        }

        if (mount.IsReadOnly)
        {
            throw new DistributedApplicationException($"The data of '{server.Name}' is mounted read-only, which only {LocalMongoOptions.EngineKey}=container supports: drop isReadOnly.");
        }

        return mount.Type switch
        {
            ContainerMountType.Volume when IsVolumeName(mount.Source) => new(System.IO.Path.Combine(volumesPath, mount.Source!), mount.Source),
            ContainerMountType.BindMount when mount.Source is { Length: > 0 } source => new(System.IO.Path.GetFullPath(source), null),
            _ => throw new DistributedApplicationException($"'{mount.Source}' cannot be the name of a volume: use letters, digits, '_', '.' and '-', beginning with a letter or digit."),
        };
    }

    /// <summary>Makes the directory, for its owner only, if it is not there.</summary>
    /// <exception cref="DistributedApplicationException">It is not there and cannot be made, or it is a file.</exception>
    public void Create()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path);
            }
            else
            {
                Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The {Description} cannot be made ({e.Message}): make its parent writable for this user, or set {LocalMongoOptions.VolumesPathKey} to another place.", e);
        }
    }

    /// <summary>Whether an engine has begun to keep data here.</summary>
    public bool HasData => Directory.Exists(System.IO.Path.Combine(Path, "embedded")) || File.Exists(System.IO.Path.Combine(Path, "WiredTiger"));

    // The names that docker takes, so that one model means the same with every engine; it also keeps a name from leaving the volumes' directory.
    private static bool IsVolumeName(string? name) => name is { Length: > 0 and <= 255 } && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
