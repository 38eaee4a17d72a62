using Amazon.CDK;
using Amazon.CDK.AWS.EFS;
using Amazon.CDK.AWS.IAM;

namespace RvkApp.AppHost.Topology;

/// <summary>MongoDB's file system: encrypted, backed up, kept when the stack is deleted, and open to the MongoDB task alone.</summary>
internal sealed class StorageTier
{
    /// <summary>The user and the group of MongoDB's official image, which owns its files.</summary>
    public const string MongoUser = "999";

    private static readonly string[] ClientActions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess", "elasticfilesystem:ClientWrite"];

    public StorageTier(Stack stack, Network network, SecurityGroups groups, CfnRole taskRole)
    {
        FileSystem = new CfnFileSystem(stack, "FileSystem", new CfnFileSystemProps
        {
            Encrypted = true,
            PerformanceMode = "generalPurpose",
            ThroughputMode = "bursting",
            BackupPolicy = new CfnFileSystem.BackupPolicyProperty { Status = "ENABLED" },
            FileSystemPolicy = CreatePolicy(taskRole),
            FileSystemTags = new[] { new CfnFileSystem.ElasticFileSystemTagProperty { Key = "Name", Value = $"{SchoolStack.Project}-mongo" } },
        });
        FileSystem.ApplyRemovalPolicy(RemovalPolicy.RETAIN);

        AccessPoint = new CfnAccessPoint(stack, "AccessPoint", new CfnAccessPointProps
        {
            FileSystemId = FileSystem.Ref,
            // Whoever comes through here acts as MongoDB's user, whatever the client says it is.
            PosixUser = new CfnAccessPoint.PosixUserProperty { Uid = MongoUser, Gid = MongoUser },
            RootDirectory = new CfnAccessPoint.RootDirectoryProperty
            {
                Path = "/mongo",
                CreationInfo = new CfnAccessPoint.CreationInfoProperty { OwnerUid = MongoUser, OwnerGid = MongoUser, Permissions = "0750" },
            },
            AccessPointTags = new[] { new CfnAccessPoint.AccessPointTagProperty { Key = "Name", Value = $"{SchoolStack.Project}-mongo" } },
        });

        MountTargets =
        [
            .. network.DataSubnets.Select((subnet, index) => new CfnMountTarget(stack, $"MountTarget{index + 1}", new CfnMountTargetProps
            {
                FileSystemId = FileSystem.Ref,
                SubnetId = subnet.Ref,
                SecurityGroups = [groups.Id(Tier.Storage)],
            })),
        ];
    }

    /// <summary>The file system.</summary>
    public CfnFileSystem FileSystem { get; }

    /// <summary>MongoDB's directory on it.</summary>
    public CfnAccessPoint AccessPoint { get; }

    /// <summary>Its addresses in the data subnets.</summary>
    public IReadOnlyList<CfnMountTarget> MountTargets { get; }

    /// <summary>Lets the task mount and write through the access point, and no other way.</summary>
    /// <returns>The policy: the task cannot mount before it exists.</returns>
    public CfnPolicy GrantMount(Stack stack, CfnRole taskRole) =>
        // Apart from the role: the file system's policy names the role, so a role that named the file system would make a circle.
        new(stack, "MongoTaskPolicy", new CfnPolicyProps
        {
            PolicyName = SchoolStack.Project,
            Roles = [taskRole.Ref],
            PolicyDocument = Iam.Document(Iam.Allow(
                "MountThroughAccessPoint",
                ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                [FileSystem.AttrArn],
                Iam.When("StringEquals", "elasticfilesystem:AccessPointArn", AccessPoint.AttrArn))),
        });

    // Without a policy, every client that reaches a mount target may mount the file system as root.
    private static PolicyDocument CreatePolicy(CfnRole taskRole)
    {
        var task = new PolicyStatement(new PolicyStatementProps
        {
            Sid = "AllowTask",
            Principals = [new ArnPrincipal(taskRole.AttrArn)],
            Actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            Conditions = Iam.When("Bool", "elasticfilesystem:AccessedViaMountTarget", "true"),
        });
        // An anonymous client has no principal, and a missing key is not equal: it is denied as well.
        var others = new PolicyStatement(new PolicyStatementProps
        {
            Sid = "DenyAnyoneElse",
            Effect = Effect.DENY,
            Principals = [new AnyPrincipal()],
            Actions = ClientActions,
            Conditions = Iam.When("ArnNotEquals", "aws:PrincipalArn", taskRole.AttrArn),
        });
        var plainText = new PolicyStatement(new PolicyStatementProps
        {
            Sid = "DenyPlainText",
            Effect = Effect.DENY,
            Principals = [new AnyPrincipal()],
            Actions = ClientActions,
            Conditions = Iam.When("Bool", "aws:SecureTransport", "false"),
        });
        return Iam.Document(task, others, plainText);
    }
}
