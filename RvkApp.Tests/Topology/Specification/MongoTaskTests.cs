using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The task definition of MongoDB and its container.</summary>
public sealed class MongoTaskTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    private TemplateValue Container => Template.MongoContainer;

    // Everything that is handed to the container to run.
    private IReadOnlyList<string> CommandLine => [.. Container["EntryPoint"].Items.Concat(Container["Command"].Items).Select(i => i.Text)];

    [Theory]
    [InlineData("Cpu", "256")]
    [InlineData("Memory", "512")]
    [InlineData("NetworkMode", "awsvpc")]
    public void The_task_has_its_size(string property, string value) => Assert.Equal(value, Template.MongoTask[property].Text);

    [Fact]
    public void The_task_is_for_fargate_on_linux()
    {
        Assert.Equal(["FARGATE"], Template.MongoTask["RequiresCompatibilities"].Items.Select(i => i.Text));
        Assert.Equal("LINUX", Template.MongoTask["RuntimePlatform"]["OperatingSystemFamily"].OptionalText ?? "LINUX");
    }

    [Fact]
    public void MongoDB_is_the_only_container()
    {
        var container = Assert.Single(Template.MongoTask["ContainerDefinitions"].Items);

        Assert.NotEqual("false", container["Essential"].OptionalText);
        Assert.False(container["Privileged"].IsTrue, "The container is privileged.");
    }

    [Fact]
    public void The_image_is_a_pinned_MongoDB()
    {
        // mongo:8.0.4, public.ecr.aws/docker/library/mongo:8.0.4 or either with @sha256:…
        Assert.Matches(@"^(\S+/)?mongo:\d+\.\d+\.\d+(-\w+)?(@sha256:[0-9a-f]{64})?$", Container["Image"].Text);
    }

    [Fact]
    public void The_container_listens_on_27017_and_nothing_else()
    {
        var port = Assert.Single(Container["PortMappings"].Items);

        Assert.Equal(27017, port["ContainerPort"].Number);
        Assert.Equal("tcp", port["Protocol"].OptionalText ?? "tcp");
        Assert.Equal(27017, port["HostPort"] is { Exists: true } host ? host.Number : 27017);
    }

    [Fact]
    public void The_container_runs_as_the_owner_of_its_files() => Assert.Equal("999:999", Container["User"].Text);

    [Fact]
    public void The_root_file_system_is_read_only() => Assert.True(Container["ReadonlyRootFilesystem"].IsTrue, "The root file system can be written.");

    [Fact]
    public void The_data_directory_is_the_file_system_through_the_access_point_and_encrypted_on_the_way()
    {
        var mount = Assert.Single(Container["MountPoints"].Items, m => m["ContainerPath"].Text == "/data/db");
        var volume = Volume(mount["SourceVolume"].Text)["EFSVolumeConfiguration"];

        Assert.False(mount["ReadOnly"].IsTrue, "MongoDB cannot write its data.");
        Assert.Same(Template.FileSystem, volume["FilesystemId"].Target);
        Assert.Equal("ENABLED", volume["TransitEncryption"].Text);
        Assert.Equal("ENABLED", volume["AuthorizationConfig"]["IAM"].Text);
        Assert.Same(Template.Single("AWS::EFS::AccessPoint"), volume["AuthorizationConfig"]["AccessPointId"].Target);
        Assert.Contains(volume["RootDirectory"].OptionalText ?? "/", (string[])["/"]);
    }

    [Fact]
    public void Scratch_space_is_a_volume_of_the_task_that_the_user_may_write()
    {
        var scratch = Container["MountPoints"].Items.Where(m => m["ContainerPath"].Text != "/data/db").ToArray();

        Assert.NotEmpty(scratch);
        Assert.All(scratch, mount =>
        {
            Assert.False(mount["ReadOnly"].IsTrue, $"{mount.Path} is read-only.");
            Assert.False(Volume(mount["SourceVolume"].Text)["EFSVolumeConfiguration"].Exists, $"{mount.Path} is on the file system.");
        });
        // An empty volume of Fargate belongs to root with mode 0755, unless the image declares a VOLUME at the same path: then it is as in the
        // image. The MongoDB image declares /data/db and /data/configdb, both owned by 999.
        Assert.Contains(scratch, mount => mount["ContainerPath"].Text == "/data/configdb");
    }

    [Fact]
    public void Nothing_is_written_outside_the_volumes()
    {
        // mongod puts its Unix socket into /tmp unless told otherwise, and the image's start script its first configuration into TMPDIR.
        var writable = Container["MountPoints"].Items.Select(m => m["ContainerPath"].Text).ToArray();
        var socket = ValueOf("--unixSocketPrefix");
        var temporary = Container["Environment"].Items.FirstOrDefault(e => e["Name"].Text == "TMPDIR")["Value"].OptionalText ?? "/tmp";

        Assert.True(
            CommandLine.Any(c => c.Contains("--nounixsocket", StringComparison.Ordinal)) || writable.Contains(socket ?? "/tmp"),
            $"mongod cannot make its Unix socket in {socket ?? "/tmp"}; writable are {string.Join(", ", writable)}.");
        Assert.True(writable.Any(w => temporary == w || temporary.StartsWith(w + "/", StringComparison.Ordinal)), $"{temporary} cannot be written; writable are {string.Join(", ", writable)}.");
    }

    [Fact]
    public void The_health_check_writes()
    {
        var check = Container["HealthCheck"];
        var command = string.Join(' ', check["Command"].Items.Select(i => i.Text));

        Assert.Contains(check["Command"][0].Text, (string[])["CMD", "CMD-SHELL"]);
        Assert.Contains("mongosh", command, StringComparison.Ordinal);
        Assert.Matches("insertOne|insertMany|updateOne|replaceOne|findOneAndUpdate|findAndModify|bulkWrite|\\bupdate:|\\binsert:", command);
        Assert.DoesNotContain("{{resolve:", command, StringComparison.Ordinal);
    }

    [Fact]
    public void The_health_check_gives_MongoDB_a_minute_to_start()
    {
        var check = Container["HealthCheck"];

        Assert.Equal(60, check["StartPeriod"].Number);
        Assert.InRange(check["Interval"] is { Exists: true } interval ? interval.Number : 30, 5, 300);
        Assert.InRange(check["Timeout"] is { Exists: true } timeout ? timeout.Number : 5, 2, 60);
        Assert.InRange(check["Retries"] is { Exists: true } retries ? retries.Number : 3, 1, 10);
    }

    [Fact]
    public void A_stopped_task_has_two_minutes_to_write_its_checkpoint() => Assert.Equal(120, Container["StopTimeout"].Number);

    [Fact]
    public void MongoDB_is_told_a_cache_that_fits_the_task()
    {
        var size = ValueOf("--wiredTigerCacheSizeGB");

        Assert.True(size is not null, $"The command sets no cache size: {string.Join(' ', CommandLine)}");
        // mongod takes 0.25 at the least; half of the task's 512 MB.
        Assert.Equal(0.25, double.Parse(size, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_container_starts_mongod_through_the_images_own_script()
    {
        // The script makes the root user on the first start, and only when the command is mongod.
        Assert.False(Container["EntryPoint"].Exists, $"The image's script is replaced: {Container["EntryPoint"]}");
        Assert.Equal("mongod", Container["Command"][0].Text);
    }

    [Fact]
    public void MongoDB_accepts_connections_from_the_vpc()
        => Assert.Contains(ValueOf("--bind_ip") ?? (CommandLine.Contains("--bind_ip_all") ? "0.0.0.0" : "*"), (string[])["0.0.0.0", "*"]);

    [Fact]
    public void Authorization_is_on()
    {
        // The image's start script turns authorization on when it gets a root user; --auth says so whatever the script does.
        Assert.Contains("--auth", CommandLine.SelectMany(c => c.Split(' ')));
        Assert.Equal("admin", Assert.Single(Container["Environment"].Items, e => e["Name"].Text == "MONGO_INITDB_ROOT_USERNAME")["Value"].Text);
        Assert.Contains(Container["Secrets"].Items, s => s["Name"].Text == "MONGO_INITDB_ROOT_PASSWORD");
    }

    [Fact]
    public void The_log_goes_to_a_log_group_of_the_stack()
    {
        var log = Container["LogConfiguration"];

        Assert.Equal("awslogs", log["LogDriver"].Text);
        Assert.Equal("AWS::Logs::LogGroup", log["Options"]["awslogs-group"].Target.Type);
        Assert.Equal("${AWS::Region}", log["Options"]["awslogs-region"].Text);
        Assert.NotEmpty(log["Options"]["awslogs-stream-prefix"].Text);
    }

    private TemplateValue Volume(string name) => Template.MongoTask["Volumes"].Items.Single(v => v["Name"].Text == name);

    // "--name", "value" or "--name=value", as arguments of their own or within a shell command
    private string? ValueOf(string option)
    {
        var words = CommandLine.SelectMany(c => c.Split([' ', '=', '\n'], StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var index = Array.IndexOf(words, option);
        return index >= 0 && index + 1 < words.Length ? words[index + 1] : null;
    }
}
