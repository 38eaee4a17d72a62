using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.IAM;
using CfnDiscovery = Amazon.CDK.AWS.ServiceDiscovery.CfnService;
using CfnDiscoveryProps = Amazon.CDK.AWS.ServiceDiscovery.CfnServiceProps;
using CfnPrivateDnsNamespace = Amazon.CDK.AWS.ServiceDiscovery.CfnPrivateDnsNamespace;
using CfnPrivateDnsNamespaceProps = Amazon.CDK.AWS.ServiceDiscovery.CfnPrivateDnsNamespaceProps;

namespace RvkApp.AppHost.Topology;

/// <summary>MongoDB: one Fargate task, found as <c>mongo.local</c>, replaced and never overlapped.</summary>
internal sealed class DataTier
{
    private const string NamespaceName = "local";
    private const string DiscoveryName = "mongo";

    public DataTier(Stack stack, Network network, SecurityGroups groups, StorageTier storage, Secrets secrets, CfnRole taskRole, TopologyOptions options)
    {
        var log = Logs.Create(stack, "MongoLog", $"/{SchoolStack.Project}/mongo", options);
        var executionRole = CreateExecutionRole(stack, secrets, log, options);
        var task = CreateTask(stack, storage, secrets, log, executionRole, taskRole, options);
        var discovery = CreateDiscovery(stack, network);

        Cluster = new CfnCluster(stack, "Cluster", new CfnClusterProps
        {
            ClusterName = SchoolStack.Project,
            // The number of running tasks, which an alarm watches, is a metric of Container Insights.
            ClusterSettings = new[] { new CfnCluster.ClusterSettingsProperty { Name = "containerInsights", Value = "enabled" } },
        });
        Service = new CfnService(stack, "MongoService", new CfnServiceProps
        {
            ServiceName = $"{SchoolStack.Project}-mongo",
            Cluster = Cluster.Ref,
            TaskDefinition = task.Ref,
            LaunchType = "FARGATE",
            PlatformVersion = "1.4.0",
            SchedulingStrategy = "REPLICA",
            DesiredCount = 1,
            // Two mongod processes on one directory destroy it: the old task has ended before the new one starts.
            DeploymentConfiguration = new CfnService.DeploymentConfigurationProperty
            {
                MinimumHealthyPercent = 0,
                MaximumPercent = 100,
                DeploymentCircuitBreaker = new CfnService.DeploymentCircuitBreakerProperty { Enable = true, Rollback = true },
            },
            NetworkConfiguration = new CfnService.NetworkConfigurationProperty
            {
                AwsvpcConfiguration = new CfnService.AwsVpcConfigurationProperty
                {
                    AssignPublicIp = "DISABLED",
                    Subnets = [.. network.DataSubnets.Select(subnet => subnet.Ref)],
                    SecurityGroups = [groups.Id(Tier.Data)],
                },
            },
            ServiceRegistries = new[] { new CfnService.ServiceRegistryProperty { RegistryArn = discovery.AttrArn } },
            EnableExecuteCommand = false,
            EnableEcsManagedTags = true,
            PropagateTags = "SERVICE",
        });
        // Rebalancing starts the task in the other zone before it stops the first.
        Service.AddPropertyOverride("AvailabilityZoneRebalancing", "DISABLED");

        // A task that starts before its way out, its file system or its permissions are there fails, and trips the circuit breaker.
        foreach (var needed in (CfnResource[])[.. network.DataRoutes, .. groups.Between, .. storage.MountTargets, storage.GrantMount(stack, taskRole)])
        {
            Service.AddDependency(needed);
        }
    }

    /// <summary>Where the API finds MongoDB.</summary>
    public static string Host => $"{DiscoveryName}.{NamespaceName}";

    /// <summary>The ECS cluster.</summary>
    public CfnCluster Cluster { get; }

    /// <summary>MongoDB's service.</summary>
    public CfnService Service { get; }

    /// <summary>The role of MongoDB's own process. What it allows is added once the file system exists.</summary>
    public static CfnRole CreateTaskRole(Stack stack) =>
        Iam.CreateRole(stack, "MongoTaskRole", "ecs-tasks.amazonaws.com", "MongoDB: mounts its file system");

    private static CfnDiscovery CreateDiscovery(Stack stack, Network network)
    {
        var names = new CfnPrivateDnsNamespace(stack, "Namespace", new CfnPrivateDnsNamespaceProps
        {
            Name = NamespaceName,
            Vpc = network.Cloud.Ref,
            Description = $"Service discovery of {SchoolStack.Project}",
        });
        return new CfnDiscovery(stack, "MongoDiscovery", new CfnDiscoveryProps
        {
            Name = DiscoveryName,
            NamespaceId = names.AttrId,
            Description = "The address of the MongoDB task",
            DnsConfig = new CfnDiscovery.DnsConfigProperty
            {
                RoutingPolicy = "MULTIVALUE",
                // Short: a replaced task has another address.
                DnsRecords = new[] { new CfnDiscovery.DnsRecordProperty { Type = "A", Ttl = 10 } },
            },
            // ECS says whether the task is healthy. The template's field has to be there; Cloud Map no longer reads its number.
            HealthCheckCustomConfig = new CfnDiscovery.HealthCheckCustomConfigProperty { FailureThreshold = 1 },
        });
    }

    private static CfnRole CreateExecutionRole(Stack stack, Secrets secrets, Amazon.CDK.AWS.Logs.CfnLogGroup log, TopologyOptions options) =>
        Iam.CreateRole(
            stack,
            "MongoExecutionRole",
            "ecs-tasks.amazonaws.com",
            "ECS agent of the MongoDB task: writes its log, reads its password, pulls its image",
            [
                Logs.Write(log),
                Iam.Allow("ReadPassword", ["secretsmanager:GetSecretValue"], [secrets.MongoPassword.Arn]),
                .. PrivateRegistry.Pull(options.MongoImage),
            ]);

    private static CfnTaskDefinition CreateTask(
        Stack stack, StorageTier storage, Secrets secrets, Amazon.CDK.AWS.Logs.CfnLogGroup log, CfnRole executionRole, CfnRole taskRole, TopologyOptions options)
    {
        var task = new CfnTaskDefinition(stack, "MongoTask", new CfnTaskDefinitionProps
        {
            Family = $"{SchoolStack.Project}-mongo",
            Cpu = options.MongoSize.Cpu.ToString(CultureInfo.InvariantCulture),
            Memory = options.MongoSize.Memory.ToString(CultureInfo.InvariantCulture),
            NetworkMode = "awsvpc",
            RequiresCompatibilities = ["FARGATE"],
            RuntimePlatform = new CfnTaskDefinition.RuntimePlatformProperty { OperatingSystemFamily = "LINUX", CpuArchitecture = "X86_64" },
            ExecutionRoleArn = executionRole.AttrArn,
            TaskRoleArn = taskRole.AttrArn,
            ContainerDefinitions = new[] { MongoContainer.Define(secrets.MongoPassword, log, options) },
            Volumes = new[]
            {
                new CfnTaskDefinition.VolumeProperty
                {
                    Name = MongoContainer.DataVolume,
                    EfsVolumeConfiguration = new CfnTaskDefinition.EFSVolumeConfigurationProperty
                    {
                        FilesystemId = storage.FileSystem.Ref,
                        TransitEncryption = "ENABLED",
                        AuthorizationConfig = new CfnTaskDefinition.AuthorizationConfigProperty { AccessPointId = storage.AccessPoint.Ref, Iam = "ENABLED" },
                    },
                },
                new CfnTaskDefinition.VolumeProperty { Name = MongoContainer.ScratchVolume },
            },
        });
        task.Accept("AwsSolutions-ECS2", "The variables are the root user's name and two directories; the password is an ECS secret.");
        return task;
    }
}
