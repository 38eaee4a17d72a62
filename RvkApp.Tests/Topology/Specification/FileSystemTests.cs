using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The EFS file system that holds the data.</summary>
public sealed class FileSystemTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    [Fact]
    public void The_file_system_is_encrypted_at_rest() => Assert.True(Template.FileSystem["Encrypted"].IsTrue, "The file system is not encrypted.");

    [Fact]
    public void The_file_system_is_backed_up() => Assert.Equal("ENABLED", Template.FileSystem["BackupPolicy"]["Status"].Text);

    [Theory]
    [InlineData("DeletionPolicy")]
    [InlineData("UpdateReplacePolicy")]
    public void The_data_outlives_the_stack(string policy) => Assert.Equal("Retain", Template.FileSystem.All[policy].Text);

    [Fact]
    public void The_file_system_spans_the_zones_and_reports_the_metrics_that_alarms_watch()
    {
        Assert.False(Template.FileSystem["AvailabilityZoneName"].Exists, "The file system is in one zone only.");
        // PercentIOLimit exists only in general-purpose mode, BurstCreditBalance only with bursting throughput; both are the defaults.
        Assert.Equal("generalPurpose", Template.FileSystem["PerformanceMode"].OptionalText ?? "generalPurpose");
        Assert.Equal("bursting", Template.FileSystem["ThroughputMode"].OptionalText ?? "bursting");
    }

    [Fact]
    public void The_access_point_makes_every_file_MongoDBs()
    {
        var point = Template.Single("AWS::EFS::AccessPoint");
        var created = point["RootDirectory"]["CreationInfo"];

        Assert.Same(Template.FileSystem, point["FileSystemId"].Target);
        Assert.Equal("999", point["PosixUser"]["Uid"].Text);
        Assert.Equal("999", point["PosixUser"]["Gid"].Text);
        Assert.Equal("999", created["OwnerUid"].Text);
        Assert.Equal("999", created["OwnerGid"].Text);
        Assert.Matches("^0?7[0-7]{2}$", created["Permissions"].Text);
        Assert.StartsWith("/", point["RootDirectory"]["Path"].Text, StringComparison.Ordinal);
        Assert.NotEqual("/", point["RootDirectory"]["Path"].Text);
    }

    [Fact]
    public void There_is_a_mount_target_in_each_data_subnet_and_nowhere_else()
    {
        var targets = Template.OfType("AWS::EFS::MountTarget");

        Assert.Equal(Landmarks.DataSubnets, targets.Select(t => t["SubnetId"].Target["CidrBlock"].Text).Order());
        Assert.All(targets, t => Assert.Same(Template.FileSystem, t["FileSystemId"].Target));
    }

    [Fact]
    public void Only_the_task_may_mount_and_write_the_file_system()
    {
        var statements = IamStatement.OfRoles(Template).Where(s => s.Allows && s.Actions.Any(a => a.StartsWith("elasticfilesystem:Client", StringComparison.Ordinal))).ToArray();

        Assert.Equal(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], statements.SelectMany(s => s.Actions).Distinct().Order());
        Assert.All(statements, s =>
        {
            Assert.Same(Template.MongoTask["TaskRoleArn"].Target, s.Owner);
            Assert.All(s.Resources, r => Assert.Contains(Template.FileSystem, r.Targets));
        });
    }

    [Fact]
    public void The_file_system_refuses_whoever_comes_without_encryption()
    {
        var policy = Template.FileSystem["FileSystemPolicy"]["Statement"].OneOrMany;

        Assert.Contains(policy, s => s["Effect"].Text == "Deny" && s["Condition"]["Bool"]["aws:SecureTransport"].OptionalText == "false");
    }
}
