using System.Globalization;
using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>Who changed what: the trail, and the message about every change of a security group.</summary>
public sealed class AuditTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    public static TheoryData<string> Events =>
    [
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "CreateSecurityGroup",
        "DeleteSecurityGroup",
        "ModifyNetworkInterfaceAttribute",
        "ModifySecurityGroupRules",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
        "UpdateSecurityGroupRuleDescriptionsEgress",
        "UpdateSecurityGroupRuleDescriptionsIngress",
    ];

    private PublishedResource Trail => Template.Single("AWS::CloudTrail::Trail");

    private PublishedResource Rule => Template.Single("AWS::Events::Rule");

    private PublishedResource Topic => Template.Single("AWS::SNS::Topic");

    [Fact]
    public void The_trail_records_management_events_of_every_kind()
    {
        Assert.True(Trail["IsLogging"].IsTrue, "The trail is off.");
        Assert.True(Trail["EnableLogFileValidation"].IsTrue, "A changed log file would not be noticed.");
        // Without selectors a trail records all management events. EventBridge sees EC2 calls only where a trail records the writes.
        Assert.All(Trail["EventSelectors"].Items, s =>
        {
            Assert.NotEqual("false", s["IncludeManagementEvents"].OptionalText);
            Assert.Contains(s["ReadWriteType"].OptionalText ?? "All", (string[])["All", "WriteOnly"]);
            Assert.DoesNotContain(s["ExcludeManagementEventSources"].Items, source => source.Text == "ec2.amazonaws.com");
        });
    }

    [Fact]
    public void The_trail_waits_for_the_policy_that_lets_it_write()
    {
        var bucket = Trail["S3BucketName"].Target;
        var policy = Assert.Single(Template.OfType("AWS::S3::BucketPolicy"), p => p["Bucket"].Target == bucket);

        Assert.Contains(policy.LogicalId, Trail.Prerequisites);
        Assert.Contains(IamStatement.OfResources(Template), s => s.Owner == policy && s.Allows && s.Services.Contains("cloudtrail.amazonaws.com") && s.Actions.Contains("s3:PutObject"));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void A_change_of_a_security_group_is_noticed(string name)
        => Assert.Contains(name, Rule["EventPattern"]["detail"]["eventName"].Items.Select(e => e.Text));

    [Fact]
    public void Nothing_else_is_told_as_a_change_of_a_security_group()
    {
        var pattern = Rule["EventPattern"];

        Assert.Equal(["aws.ec2"], pattern["source"].OneOrMany.Select(s => s.Text));
        Assert.Equal(["AWS API Call via CloudTrail"], pattern["detail-type"].OneOrMany.Select(s => s.Text));
        Assert.Equal(["ec2.amazonaws.com"], pattern["detail"]["eventSource"].OneOrMany.Select(s => s.Text));
        Assert.Equal(Events.Select(row => row.Data).Order(), pattern["detail"]["eventName"].Items.Select(e => e.Text).Order());
        Assert.Equal("ENABLED", Rule["State"].OptionalText ?? "ENABLED");
    }

    [Fact]
    public void The_message_goes_to_the_topic()
        => Assert.Same(Topic, Assert.Single(Rule["Targets"].Items)["Arn"].Target);

    [Theory]
    [InlineData("events.amazonaws.com")]
    [InlineData("cloudwatch.amazonaws.com")]
    public void Who_publishes_to_the_topic_may_and_can_encrypt(string service)
    {
        var policies = IamStatement.OfResources(Template).Where(s => s.Allows && s.Services.Contains(service)).ToArray();

        Assert.Contains(policies, s => s.Owner.Type == "AWS::SNS::TopicPolicy" && s.Owner["Topics"].Targets.Contains(Topic) && s.Actions.Any(a => string.Equals(a, "sns:Publish", StringComparison.OrdinalIgnoreCase)));
        // The key that AWS keeps for SNS lets in neither: the message would be lost.
        var key = Topic["KmsMasterKeyId"].Target;
        Assert.Equal("AWS::KMS::Key", key.Type);
        Assert.Contains(policies, s => s.Owner == key && s.Actions.Contains("kms:Decrypt") && s.Actions.Any(a => a.StartsWith("kms:GenerateDataKey", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_key_that_the_trail_encrypts_with_lets_it()
    {
        if (!Trail["KMSKeyId"].Exists)
        {
            return;
        }

        var key = Trail["KMSKeyId"].Target;
        Assert.Contains(IamStatement.OfResources(Template), s => s.Owner == key && s.Allows && s.Services.Contains("cloudtrail.amazonaws.com") && s.Actions.Any(a => a.StartsWith("kms:GenerateDataKey", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_kept_can_still_be_decrypted()
        => Assert.All(Template.OfType("AWS::KMS::Key"), key =>
        {
            Assert.Equal("Retain", key.All["DeletionPolicy"].OptionalText);
            Assert.Equal("Retain", key.All["UpdateReplacePolicy"].OptionalText);
            Assert.True(key["EnableKeyRotation"].IsTrue, $"{key} is not rotated.");
        });

    [Theory]
    [InlineData("BlockPublicAcls")]
    [InlineData("BlockPublicPolicy")]
    [InlineData("IgnorePublicAcls")]
    [InlineData("RestrictPublicBuckets")]
    public void No_bucket_can_be_made_public(string setting)
        => Assert.All(Template.OfType("AWS::S3::Bucket"), b => Assert.True(b["PublicAccessBlockConfiguration"][setting].IsTrue, $"{b}: {setting} is not on."));

    [Fact]
    public void Every_bucket_is_encrypted_refuses_plain_http_and_outlives_the_stack()
    {
        Assert.NotEmpty(Template.OfType("AWS::S3::Bucket"));
        Assert.All(Template.OfType("AWS::S3::Bucket"), bucket =>
        {
            Assert.Contains(
                Assert.Single(bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"].Items)["ServerSideEncryptionByDefault"]["SSEAlgorithm"].Text, (string[])["AES256", "aws:kms"]);
            Assert.Equal("Retain", bucket.All["DeletionPolicy"].Text);
            Assert.Equal("Retain", bucket.All["UpdateReplacePolicy"].Text);
            Assert.Contains(
                IamStatement.OfResources(Template),
                s => s.Owner.Type == "AWS::S3::BucketPolicy" && s.Owner["Bucket"].Target == bucket && !s.Allows && s.Statement["Condition"]["Bool"]["aws:SecureTransport"].OptionalText == "false");
        });
    }

    [Fact]
    public void What_the_buckets_keep_goes_after_a_time()
        => Assert.All(Template.OfType("AWS::S3::Bucket"), bucket => Assert.Contains(
            bucket["LifecycleConfiguration"]["Rules"].Items,
            r => r["Status"].Text == "Enabled" && int.Parse(r["ExpirationInDays"].OptionalText ?? "0", CultureInfo.InvariantCulture) > 0));
}
