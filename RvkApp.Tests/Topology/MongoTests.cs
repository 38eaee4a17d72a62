using System.Diagnostics;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Topology;

/// <summary>MongoDB on Fargate, its file system and its name.</summary>
public class MongoTests(SynthesizedTopology topology)
{
    [Fact]
    public async Task The_service_runs_one_task_that_is_replaced_and_never_overlaps()
    {
        var service = (await topology.DefaultAsync()).Only("ECS::Service");

        Assert.Equal("FARGATE", service.Text("LaunchType"));
        Assert.Equal("1.4.0", service.Text("PlatformVersion"));
        Assert.Equal("1", service.Text("DesiredCount"));
        Assert.Equal("0", service.Text("DeploymentConfiguration.MinimumHealthyPercent"));
        Assert.Equal("100", service.Text("DeploymentConfiguration.MaximumPercent"));
        Assert.Equal("true", service.Text("DeploymentConfiguration.DeploymentCircuitBreaker.Enable"));
        Assert.Equal("true", service.Text("DeploymentConfiguration.DeploymentCircuitBreaker.Rollback"));
        Assert.Equal("DISABLED", service.Text("AvailabilityZoneRebalancing"));
        Assert.Equal("false", service.Text("EnableExecuteCommand"));
    }

    [Fact]
    public async Task The_task_is_in_the_data_subnets_without_a_public_address()
    {
        var template = await topology.DefaultAsync();
        var network = template.Only("ECS::Service");

        Assert.Equal("DISABLED", network.Text("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"));
        Assert.Equal(["10.0.4.0/24", "10.0.5.0/24"], network.Texts("NetworkConfiguration.AwsvpcConfiguration.Subnets").Select(subnet => template[subnet.Trim('$', '{', '}')].Text("CidrBlock")));
    }

    [Fact]
    public async Task The_task_has_the_specified_size_and_a_pinned_image()
    {
        var task = (await topology.DefaultAsync()).Only("ECS::TaskDefinition");

        Assert.Equal("256", task.Text("Cpu"));
        Assert.Equal("512", task.Text("Memory"));
        Assert.Equal("awsvpc", task.Text("NetworkMode"));
        Assert.Equal(["FARGATE"], task.Texts("RequiresCompatibilities"));
        Assert.Matches("^.+/mongo:[0-9]+\\.[0-9]+\\.[0-9]+$", task.Text("ContainerDefinitions.0.Image"));
        Assert.Single(task["ContainerDefinitions"]!.AsArray());
    }

    [Fact]
    public async Task The_container_is_mongod_as_its_own_user_on_a_read_only_root()
    {
        var task = (await topology.DefaultAsync()).Only("ECS::TaskDefinition");

        Assert.Equal("999:999", task.Text("ContainerDefinitions.0.User"));
        Assert.Equal("true", task.Text("ContainerDefinitions.0.ReadonlyRootFilesystem"));
        Assert.Equal(["ALL"], task.Texts("ContainerDefinitions.0.LinuxParameters.Capabilities.Drop"));
        Assert.Equal("120", task.Text("ContainerDefinitions.0.StopTimeout"));
        Assert.Equal("27017", task.Text("ContainerDefinitions.0.PortMappings.0.ContainerPort"));
        Assert.Equal("tcp", task.Text("ContainerDefinitions.0.PortMappings.0.Protocol"));
        Assert.Equal(["mongod", "--auth", "--bind_ip_all", "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket"], task.Texts("ContainerDefinitions.0.Command"));
    }

    [Fact]
    public async Task What_must_be_written_is_on_a_volume()
    {
        var task = (await topology.DefaultAsync()).Only("ECS::TaskDefinition");
        var mounts = task.At("ContainerDefinitions.0.MountPoints")!.AsArray().ToDictionary(mount => CloudTemplate.Text(mount!["ContainerPath"]), mount => CloudTemplate.Text(mount!["SourceVolume"]));
        var variables = task.At("ContainerDefinitions.0.Environment")!.AsArray().ToDictionary(variable => CloudTemplate.Text(variable!["Name"]), variable => CloudTemplate.Text(variable!["Value"]));

        Assert.Equal("data", mounts["/data/db"]);
        // The image's other volume, so that MongoDB's user owns it: temporary files and homes go there.
        Assert.Equal("scratch", mounts["/data/configdb"]);
        Assert.Equal("/data/configdb", variables["TMPDIR"]);
        Assert.Equal("/data/configdb", variables["HOME"]);
        Assert.Equal(["data", "scratch"], task["Volumes"]!.AsArray().Select(volume => CloudTemplate.Text(volume!["Name"])));
    }

    [Fact]
    public async Task The_data_volume_is_efs_mounted_through_the_access_point_with_tls_and_iam()
    {
        var template = await topology.DefaultAsync();
        var task = template.Only("ECS::TaskDefinition");

        Assert.Equal($"${{{template.Only("EFS::FileSystem").Id}}}", task.Text("Volumes.0.EFSVolumeConfiguration.FilesystemId"));
        Assert.Equal("ENABLED", task.Text("Volumes.0.EFSVolumeConfiguration.TransitEncryption"));
        Assert.Equal("ENABLED", task.Text("Volumes.0.EFSVolumeConfiguration.AuthorizationConfig.IAM"));
        Assert.Equal($"${{{template.Only("EFS::AccessPoint").Id}}}", task.Text("Volumes.0.EFSVolumeConfiguration.AuthorizationConfig.AccessPointId"));
        Assert.Null(task.At("Volumes.1.EFSVolumeConfiguration"));
    }

    [Fact]
    public async Task The_file_system_is_encrypted_backed_up_and_kept()
    {
        var fileSystem = (await topology.DefaultAsync()).Only("EFS::FileSystem");

        Assert.Equal("true", fileSystem.Text("Encrypted"));
        Assert.Equal("ENABLED", fileSystem.Text("BackupPolicy.Status"));
        Assert.Equal("Retain", fileSystem.DeletionPolicy);
        Assert.Equal("Retain", fileSystem.Node["UpdateReplacePolicy"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_file_system_shuts_out_plain_text_strangers_and_root()
    {
        var template = await topology.DefaultAsync();
        var statements = PolicyStatement.Of("efs", template.Only("EFS::FileSystem")["FileSystemPolicy"]).ToArray();
        var task = Assert.Single(statements, statement => statement.Allows);

        Assert.Equal("${MongoTaskRole.Arn}", CloudTemplate.Text(task.Node["Principal"]!["AWS"]));
        Assert.Equal(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], task.Actions);
        var denials = statements.Where(statement => !statement.Allows).ToArray();
        Assert.All(denials, denial => Assert.Equal(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"], denial.Actions));
        Assert.Contains(denials, denial => denial.Condition == """{"Bool":{"aws:SecureTransport":"false"}}""");
        Assert.Contains(denials, denial => denial.Condition.Contains("""{"ArnNotEquals":{"aws:PrincipalArn":""", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_access_point_acts_as_999_and_owns_its_directory()
    {
        var accessPoint = (await topology.DefaultAsync()).Only("EFS::AccessPoint");

        Assert.Equal(("999", "999"), (accessPoint.Text("PosixUser.Uid"), accessPoint.Text("PosixUser.Gid")));
        Assert.Equal(("999", "999"), (accessPoint.Text("RootDirectory.CreationInfo.OwnerUid"), accessPoint.Text("RootDirectory.CreationInfo.OwnerGid")));
        Assert.Equal("0750", accessPoint.Text("RootDirectory.CreationInfo.Permissions"));
    }

    [Fact]
    public async Task There_is_a_mount_target_in_each_data_subnet()
    {
        var template = await topology.DefaultAsync();

        Assert.Equal(["10.0.4.0/24", "10.0.5.0/24"], template.All("EFS::MountTarget").Select(target => template[target.Text("SubnetId").Trim('$', '{', '}')].Text("CidrBlock")));
        Assert.All(template.All("EFS::MountTarget"), target => Assert.Contains(target.Id, CloudTemplate.Texts(template.Only("ECS::Service").Node["DependsOn"])));
    }

    [Fact]
    public async Task The_task_is_found_as_mongo_local()
    {
        var template = await topology.DefaultAsync();
        var zone = template.Only("ServiceDiscovery::PrivateDnsNamespace");
        var service = template.Only("ServiceDiscovery::Service");

        Assert.Equal("local", zone.Text("Name"));
        Assert.Equal("${Vpc}", zone.Text("Vpc"));
        Assert.Equal("mongo", service.Text("Name"));
        Assert.Equal($"${{{zone.Id}.Id}}", service.Text("NamespaceId"));
        Assert.Equal("A", service.Text("DnsConfig.DnsRecords.0.Type"));
        Assert.Equal("10", service.Text("DnsConfig.DnsRecords.0.TTL"));
        Assert.NotNull(service["HealthCheckCustomConfig"]);
        Assert.Equal($"${{{service.Id}.Arn}}", template.Only("ECS::Service").Text("ServiceRegistries.0.RegistryArn"));
    }

    [Fact]
    public async Task The_cache_follows_the_memory_and_a_private_image_may_be_pulled()
    {
        var template = await topology.OtherAsync();

        Assert.Equal(["mongod", "--auth", "--bind_ip_all", "--wiredTigerCacheSizeGB", "1.5", "--nounixsocket"], template.Only("ECS::TaskDefinition").Texts("ContainerDefinitions.0.Command"));
        var pull = Assert.Single(PolicyStatement.OfRole(template, "MongoExecutionRole"), statement => statement.Actions.Contains("ecr:BatchGetImage"));
        Assert.Equal(["arn:${AWS::Partition}:ecr:eu-west-1:123456789012:repository/school/mongo"], pull.Resources);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 1", 1)]
    public async Task The_health_check_writes_and_tells_how_that_went(string mongosh, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the check is a command of the container's shell");
        var check = (await topology.DefaultAsync()).Only("ECS::TaskDefinition");
        Assert.Equal("60", check.Text("ContainerDefinitions.0.HealthCheck.StartPeriod"));
        var command = check.Texts("ContainerDefinitions.0.HealthCheck.Command");
        Assert.Equal("CMD-SHELL", command[0]);

        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["tmp"]);
        // Stands in for mongosh: keeps its arguments, leaves a log in its home as the real one does.
        await File.WriteAllTextAsync(directory["mongosh"], $"#!/bin/sh\nprintf '%s\\n' \"$@\" > {directory["arguments"]}\ntouch \"$HOME/log\"\n{mongosh}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory["mongosh"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo("/bin/sh", ["-c", command[1]]);
        start.Environment["PATH"] = $"{directory.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TMPDIR"] = directory["tmp"];
        start.Environment["MONGO_INITDB_ROOT_PASSWORD"] = "never-an-argument";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, process.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory["tmp"]));
        var arguments = await File.ReadAllTextAsync(directory["arguments"], TestContext.Current.CancellationToken);
        Assert.Contains("updateOne", arguments, StringComparison.Ordinal);
        Assert.Contains("w: 1, j: true", arguments, StringComparison.Ordinal);
        Assert.Contains("$set", arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("never-an-argument", arguments, StringComparison.Ordinal);
    }
}
