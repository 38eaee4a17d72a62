using System.IO.Compression;
using RvkApp.AppHost.Packaging;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Packaging;

/// <summary>The zip that Lambda gets.</summary>
public sealed class DeterministicZipTests
{
    [Fact]
    public void Order_and_times_of_the_files_leave_no_trace()
    {
        using var directory = new TemporaryDirectory();
        var first = Zip(directory, "a", DateTime.UtcNow, reversed: false);
        var second = Zip(directory, "b", new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc), reversed: true);

        Assert.Equal(first, second);
    }

    [Fact]
    public void Names_contents_and_permissions_are_kept()
    {
        using var directory = new TemporaryDirectory();
        using var zip = new ZipArchive(new MemoryStream(Zip(directory, "a", DateTime.UtcNow, reversed: false)));

        Assert.Equal(["Z.json", "bootstrap", "sub/a.dll"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal([0x81A4, 0x81ED, 0x81A4], zip.Entries.Select(entry => (entry.ExternalAttributes >> 16) & 0xFFFF));
        using var reader = new StreamReader(zip.GetEntry("sub/a.dll")!.Open());
        Assert.Equal("content of sub/a.dll", reader.ReadToEnd());
    }

    private static byte[] Zip(TemporaryDirectory directory, string name, DateTime time, bool reversed)
    {
        var files = new[] { "bootstrap", "sub/a.dll", "Z.json" }.Select(file =>
        {
            var path = directory[$"{name}-{file.Replace('/', '-')}"];
            File.WriteAllText(path, $"content of {file}");
            File.SetLastWriteTimeUtc(path, time);
            return new PackageFile(file, path, file == "bootstrap");
        });
        using var output = new MemoryStream();
        DeterministicZip.Write(output, reversed ? files.Reverse() : files);
        return output.ToArray();
    }
}
