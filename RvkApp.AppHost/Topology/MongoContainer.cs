using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.Logs;

namespace RvkApp.AppHost.Topology;

/// <summary>
/// The container of MongoDB's official image, as the image's own user on a read-only root file system. Its entry point turns authorization on at
/// every start because the root user's variables are set, and creates that user on an empty volume.
/// </summary>
internal static class MongoContainer
{
    /// <summary>The container's name.</summary>
    public const string Name = "mongo";

    /// <summary>The name of the root user, as in the local run.</summary>
    public const string RootUser = "admin";

    /// <summary>The task's volume with the data, on EFS.</summary>
    public const string DataVolume = "data";

    /// <summary>The task's volume for temporary files, gone with the task.</summary>
    public const string ScratchVolume = "scratch";

    // A new volume belongs to root, unless the image declares its path as one: then it belongs to whoever owns the path in the image
    // (Amazon ECS, "Use bind mounts"). The image declares this path, which only config servers use, for MongoDB's user; /tmp it does not.
    private const string ScratchPath = "/data/configdb";

    // The sign-in is in the environment, never among the arguments. mongosh keeps a log of each of its starts in its home, so the home goes as well.
    private const string WriteSomething =
        """
        HOME=$(mktemp -d) && export HOME || exit 1; mongosh --quiet --norc "mongodb://127.0.0.1:27017/?directConnection=true&serverSelectionTimeoutMS=5000" --eval '
        db.getSiblingDB("admin").auth(process.env.MONGO_INITDB_ROOT_USERNAME, process.env.MONGO_INITDB_ROOT_PASSWORD);
        const written = db.getSiblingDB("health").health.updateOne({ _id: "probe" }, { $set: { at: new Date() } }, { upsert: true, writeConcern: { w: 1, j: true, wtimeout: 5000 } });
        if (!written.acknowledged) quit(1);'; result=$?; rm -rf "$HOME"; exit $result
        """;

    /// <summary>Defines the container.</summary>
    public static CfnTaskDefinition.ContainerDefinitionProperty Define(Secrets.Secret password, CfnLogGroup log, TopologyOptions options) => new()
    {
        Name = Name,
        Image = options.MongoImage,
        Essential = true,
        User = $"{StorageTier.MongoUser}:{StorageTier.MongoUser}",
        ReadonlyRootFilesystem = true,
        Privileged = false,
        Command =
        [
            "mongod",
            // The image's entry point would add it, but what protects the data is said here.
            "--auth",
            "--bind_ip_all",
            "--wiredTigerCacheSizeGB", options.MongoSize.CacheGiB.ToString(CultureInfo.InvariantCulture),
            // Its socket would be in /tmp, which cannot be written.
            "--nounixsocket",
        ],
        Environment = new[]
        {
            Variable("MONGO_INITDB_ROOT_USERNAME", RootUser),
            Variable("HOME", ScratchPath),
            Variable("TMPDIR", ScratchPath),
        },
        Secrets = new[] { new CfnTaskDefinition.SecretProperty { Name = "MONGO_INITDB_ROOT_PASSWORD", ValueFrom = password.Arn } },
        PortMappings = new[] { new CfnTaskDefinition.PortMappingProperty { ContainerPort = Handshake.MongoPort, Protocol = "tcp" } },
        MountPoints = new[]
        {
            new CfnTaskDefinition.MountPointProperty { SourceVolume = DataVolume, ContainerPath = "/data/db", ReadOnly = false },
            new CfnTaskDefinition.MountPointProperty { SourceVolume = ScratchVolume, ContainerPath = ScratchPath, ReadOnly = false },
        },
        // Reaps the processes that health checks leave, and drops what mongod never needs.
        LinuxParameters = new CfnTaskDefinition.LinuxParametersProperty
        {
            InitProcessEnabled = true,
            Capabilities = new CfnTaskDefinition.KernelCapabilitiesProperty { Drop = ["ALL"] },
        },
        // MongoDB asks for 64,000 open files; this is the most that Fargate gives.
        Ulimits = new[] { new CfnTaskDefinition.UlimitProperty { Name = "nofile", SoftLimit = 65535, HardLimit = 65535 } },
        HealthCheck = new CfnTaskDefinition.HealthCheckProperty
        {
            Command = ["CMD-SHELL", WriteSomething],
            // mongosh takes several seconds of a quarter of a vCPU to start.
            Interval = 60,
            Timeout = 30,
            Retries = 3,
            StartPeriod = 60,
        },
        // Fargate's most: mongod writes a checkpoint before it ends.
        StopTimeout = 120,
        LogConfiguration = new CfnTaskDefinition.LogConfigurationProperty
        {
            LogDriver = "awslogs",
            Options = new Dictionary<string, string>
            {
                ["awslogs-group"] = log.Ref,
                ["awslogs-region"] = Aws.REGION,
                ["awslogs-stream-prefix"] = Name,
                // A log that cannot be delivered must not stop the database.
                ["mode"] = "non-blocking",
                ["max-buffer-size"] = "4m",
            },
        },
    };

    private static CfnTaskDefinition.KeyValuePairProperty Variable(string name, string value) => new() { Name = name, Value = value };
}
