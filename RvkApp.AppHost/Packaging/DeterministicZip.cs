using System.IO.Compression;

namespace RvkApp.AppHost.Packaging;

/// <summary>A file in a package.</summary>
/// <param name="Name">Its name in the package, with slashes.</param>
/// <param name="Path">Where it is now.</param>
/// <param name="IsExecutable">Whether it may be executed.</param>
internal sealed record PackageFile(string Name, string Path, bool IsExecutable);

/// <summary>Writes zip files of which nothing depends on anything but names, permissions and contents.</summary>
internal static class DeterministicZip
{
    // S_IFREG and the permissions, in the upper half, where Unix zip tools keep them.
    private const int Executable = 0x81ED << 16; // 0100755
    private const int Regular = 0x81A4 << 16; // 0100644

    // The earliest moment that the format can express.
    private static readonly DateTimeOffset Moment = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a zip.</summary>
    /// <param name="output">Gets the bytes.</param>
    /// <param name="files">The files, in any order.</param>
    public static void Write(Stream output, IEnumerable<PackageFile> files)
    {
        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var entry = zip.CreateEntry(file.Name, CompressionLevel.SmallestSize);
            entry.LastWriteTime = Moment;
            entry.ExternalAttributes = file.IsExecutable ? Executable : Regular;
            using var content = entry.Open();
            using var source = File.OpenRead(file.Path);
            source.CopyTo(content);
        }
    }
}
