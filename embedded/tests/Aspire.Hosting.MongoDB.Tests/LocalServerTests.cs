using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB.Local;

namespace Aspire.Hosting.MongoDB.Tests;

/// <summary>What is run in place of a container, and on which directory.</summary>
public sealed class LocalServerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("volumes-").FullName;
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(["--Parameters:mongo-password=secret"]);

    private string Volume => Path.Combine(_root, "data");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static Dictionary<string, string> Credential(string userName = "admin", string password = "secret") => new()
    {
        ["MONGO_INITDB_ROOT_USERNAME"] = userName,
        ["MONGO_INITDB_ROOT_PASSWORD"] = password,
    };

    private LocalServer NewServer(IResourceBuilder<MongoDBServerResource>? server = null, MongoEngine engine = MongoEngine.Embedded)
        => new((server ?? _builder.AddMongoDB("mongo").WithDataVolume("data")).Resource, new LocalMongoOptions(engine, _root), "Parameters:mongo-password", passwordIsGenerated: true);

    [Fact]
    public void The_embedded_server_is_run_on_the_volumes_directory()
    {
        using var server = NewServer();

        var spec = server.Prepare(Credential(), ["--extra"], port: 27099);

        Assert.Equal("mongo", spec.Name);
        Assert.Equal("exec", spec.Arguments[0]);
        Assert.True(File.Exists(spec.Arguments[1]), spec.Arguments[1]);
        Assert.Equal(["--dbpath", Volume, "--port", "27099", "--bind_ip", "127.0.0.1", "--auth", "--extra"], spec.Arguments.Skip(2));
        Assert.Equal("secret", spec.Environment["MONGO_INITDB_ROOT_PASSWORD"]);
        Assert.True(Directory.Exists(Volume));
    }

    [Fact]
    public void The_credential_is_in_the_volume_before_the_server_makes_its_first_user()
    {
        using var server = NewServer();

        server.Prepare(Credential(), [], port: 1);

        Assert.Equal(new VolumeCredential("admin", "secret"), VolumeCredential.Read(Volume));
    }

    [Theory]
    [InlineData("admin", "another")]
    [InlineData("root", "secret")]
    public void A_volume_with_data_refuses_another_credential_and_says_what_to_do(string userName, string password)
    {
        using var server = NewServer();
        server.Prepare(Credential(), [], port: 1);
        Directory.CreateDirectory(Path.Combine(Volume, "embedded"));

        var error = Assert.Throws<DistributedApplicationException>(() => server.Prepare(Credential(userName, password), [], port: 1));

        Assert.Contains("volume 'data'", error.Message, StringComparison.Ordinal);
        Assert.Contains(Volume, error.Message, StringComparison.Ordinal);
        Assert.Contains("Parameters:mongo-password", error.Message, StringComparison.Ordinal);
        Assert.Contains("remove that setting", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another", error.Message.Replace("another user name or another password", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(new VolumeCredential("admin", "secret"), VolumeCredential.Read(Volume));
    }

    [Fact]
    public void A_volume_that_no_server_has_used_yet_takes_another_credential()
    {
        using var server = NewServer();
        server.Prepare(Credential(), [], port: 1);

        server.Prepare(Credential(password: "another"), [], port: 1);

        Assert.Equal(new VolumeCredential("admin", "another"), VolumeCredential.Read(Volume));
    }

    [Fact]
    public void The_user_name_is_added_to_a_credential_that_was_made_without_it()
    {
        using var server = NewServer();
        Directory.CreateDirectory(Path.Combine(Volume, "embedded"));
        new VolumeCredential(null, "secret").StoreIfAbsent(Volume);

        server.Prepare(Credential("root"), [], port: 1);

        Assert.Equal(new VolumeCredential("root", "secret"), VolumeCredential.Read(Volume));
    }

    [Fact]
    public void Data_without_a_credential_gets_one_only_after_a_server_accepted_it()
    {
        using var server = NewServer();
        Directory.CreateDirectory(Path.Combine(Volume, "embedded"));

        server.Prepare(Credential(), [], port: 1);
        Assert.Null(VolumeCredential.Read(Volume));

        server.Remember("admin", "secret");
        Assert.Equal(new VolumeCredential("admin", "secret"), VolumeCredential.Read(Volume));
    }

    [Fact]
    public void A_bind_mount_is_the_directory_itself()
    {
        var source = Path.Combine(_root, "mine");
        using var server = NewServer(_builder.AddMongoDB("mongo").WithDataBindMount(source));

        Assert.Equal(source, server.Prepare(Credential(), [], port: 1).Arguments[3]);
        Assert.NotNull(VolumeCredential.Read(source));
    }

    [Fact]
    public void Without_a_volume_the_data_is_gone_with_the_run()
    {
        string directory;
        using (var server = NewServer(_builder.AddMongoDB("mongo")))
        {
            directory = server.Prepare(Credential(), [], port: 1).Arguments[3];
            Assert.Equal(directory, server.Prepare(Credential(), [], port: 1).Arguments[3]);
            Assert.True(Directory.Exists(directory));
            Assert.Empty(Directory.GetFiles(directory));
        }

        Assert.False(Directory.Exists(directory));
    }

    [Theory]
    [InlineData("../data")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("with space")]
    [InlineData("/absolute")]
    public void A_volume_stays_in_the_directory_of_volumes(string name)
    {
        using var server = NewServer(_builder.AddMongoDB("mongo").WithDataVolume(name));

        var error = Assert.Throws<DistributedApplicationException>(() => server.Prepare(Credential(), [], port: 1));

        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public void A_read_only_volume_is_refused()
    {
        using var server = NewServer(_builder.AddMongoDB("mongo").WithDataVolume("data", isReadOnly: true));

        Assert.Contains("read-only", Assert.Throws<DistributedApplicationException>(() => server.Prepare(Credential(), [], port: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_mongod_on_the_path_the_message_says_so()
    {
        Assert.SkipWhen((Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, "mongod"))), "there is a mongod");
        using var server = NewServer(engine: MongoEngine.Mongod);

        var error = Assert.Throws<DistributedApplicationException>(() => server.Prepare(Credential(), [], port: 1));

        Assert.Contains("no mongod on PATH", error.Message, StringComparison.Ordinal);
    }
}
