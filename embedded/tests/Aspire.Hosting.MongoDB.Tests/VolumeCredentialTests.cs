using Aspire.Hosting.MongoDB.Local;

namespace Aspire.Hosting.MongoDB.Tests;

/// <summary>The file that holds a volume's credential.</summary>
public sealed class VolumeCredentialTests : IDisposable
{
    private readonly string _volume = Directory.CreateTempSubdirectory("volume-").FullName;

    public void Dispose() => Directory.Delete(_volume, recursive: true);

    private string FilePath => VolumeCredential.PathIn(_volume);

    [Fact]
    public void What_is_stored_is_read_again()
    {
        var credential = new VolumeCredential("admin", "pä\"ss\\wörd");

        Assert.Equal(credential, credential.StoreIfAbsent(_volume));
        Assert.Equal(credential, VolumeCredential.Read(_volume));
    }

    [Fact]
    public void A_volume_without_a_credential_has_none()
    {
        Assert.Null(VolumeCredential.Read(_volume));
        Assert.Null(VolumeCredential.Read(Path.Combine(_volume, "not-there")));
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows keeps a profile's files from other users by their directory.");
            return;
        }

        new VolumeCredential("admin", "one").StoreIfAbsent(_volume);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        new VolumeCredential("admin", "two").Replace(_volume);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void The_first_to_store_wins_and_the_others_take_what_is_stored()
    {
        var results = new VolumeCredential[16];

        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = results.Length, CancellationToken = TestContext.Current.CancellationToken },
            i => results[i] = new VolumeCredential("admin", $"password-{i}").StoreIfAbsent(_volume));

        Assert.Single(results.Distinct());
        Assert.Equal(results[0], VolumeCredential.Read(_volume));
        Assert.Equal([FilePath], Directory.GetFiles(_volume));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"userName":"admin","password":""}""")]
    [InlineData("""{"userName":"admin","password":"secret-text" nonsense""")]
    public void A_damaged_file_is_named_with_the_way_out_and_never_quoted(string content)
    {
        File.WriteAllText(FilePath, content);

        var error = Assert.Throws<DistributedApplicationException>(() => VolumeCredential.Read(_volume));

        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        Assert.Contains("delete it and set the password parameter", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-text", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(FilePath));
    }

    [Fact]
    public void Its_text_does_not_show_the_password()
    {
        Assert.DoesNotContain("secret-text", new VolumeCredential("admin", "secret-text").ToString(), StringComparison.Ordinal);
    }
}
