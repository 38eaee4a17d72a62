using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.MongoDB.Local;

/// <summary>
/// The credential that a volume was made with, kept in the volume beside the engine's files. The data can be opened only with it, so it
/// has to travel with the data: a user profile that is wiped or moved must not lock anyone out.
/// </summary>
/// <param name="UserName">The root user's name, or <see langword="null"/> if it was not known when the password was made.</param>
/// <param name="Password">The root user's password.</param>
internal sealed record VolumeCredential(string? UserName, string Password)
{
    /// <summary>The name of the file in the volume's directory.</summary>
    public const string FileName = "credential.json";

    /// <summary>The path of the credential in a volume.</summary>
    public static string PathIn(string volumeDirectory) => Path.Combine(volumeDirectory, FileName);

    /// <summary>Reads the credential of a volume, or returns <see langword="null"/> if it has none.</summary>
    /// <exception cref="DistributedApplicationException">There is a file, but it holds no credential or cannot be read.</exception>
    public static VolumeCredential? Read(string volumeDirectory)
    {
        var path = PathIn(volumeDirectory);
        try
        {
            var credential = JsonSerializer.Deserialize(File.ReadAllBytes(path), VolumeCredentialJson.Default.VolumeCredential);
            return credential is { Password.Length: > 0 } ? credential : throw Unusable(path, "it holds no password");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            // The parser's message may quote what it read.
            throw Unusable(path, $"it is not valid JSON at line {e.LineNumber + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e.Message);
        }
    }

    /// <summary>
    /// Stores this credential unless the volume has one already; whichever is then stored is returned. The file appears whole or not at
    /// all, readable by its owner only, so of two app hosts that make the same volume at once one wins and the other takes its credential.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The volume's directory cannot be written.</exception>
    public VolumeCredential StoreIfAbsent(string volumeDirectory)
    {
        var path = PathIn(volumeDirectory);
        var temporary = WriteTemporary(volumeDirectory);
        try
        {
            return NewFile.TryMove(temporary, path) ? this : Read(volumeDirectory) ?? StoreIfAbsent(volumeDirectory);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Stores this credential in place of any other. Only for a volume whose engine has not made its first user yet.</summary>
    /// <exception cref="DistributedApplicationException">The volume's directory cannot be written.</exception>
    public void Replace(string volumeDirectory) => File.Move(WriteTemporary(volumeDirectory), PathIn(volumeDirectory), overwrite: true);

    private string WriteTemporary(string volumeDirectory)
    {
        var path = Path.Combine(volumeDirectory, $".{FileName}.{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var file = new FileStream(path, options);
            JsonSerializer.Serialize(file, this, VolumeCredentialJson.Default.VolumeCredential);
            // On disk before it gets its name, or a power cut could leave a name without content.
            file.Flush(flushToDisk: true);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The volume's directory '{volumeDirectory}' cannot be written ({e.Message}): make it writable for this user, or set Embedded:VolumesPath to another place.", e);
        }
    }

    private static DistributedApplicationException Unusable(string path, string reason) => new(
        $"The credential file '{path}' cannot be used ({reason}): repair it, or delete it and set the password parameter to the password that the volume was made with.");

    /// <summary>Whether a user name and password are this credential.</summary>
    public bool Matches(string userName, string password) => Password == password && (UserName is null || UserName == userName);

    /// <inheritdoc/>
    public override string ToString() => $"credential of '{UserName}'";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VolumeCredential))]
internal sealed partial class VolumeCredentialJson : JsonSerializerContext;
