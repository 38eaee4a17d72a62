using Amazon.CDK;
using Amazon.CDK.AWS.S3;

namespace RvkApp.AppHost.Topology;

/// <summary>The trail's bucket and the one that logs who reads it: both encrypted, private, kept when the stack is deleted, and emptied by age.</summary>
/// <param name="Bucket">The trail's bucket.</param>
/// <param name="Policy">Its policy, without which CloudTrail cannot write.</param>
internal sealed record AuditBucket(CfnBucket Bucket, CfnBucketPolicy Policy)
{
    // As long as auditors ask for, and a month for what was replaced or deleted.
    private const int TrailDays = 365;
    private const int AccessLogDays = 90;
    private const int NoncurrentDays = 30;

    /// <summary>Adds both buckets.</summary>
    public static AuditBucket Create(Stack stack)
    {
        var readers = CreateBucket(stack, "TrailAccessLogs", AccessLogDays, null);
        var trail = CreateBucket(stack, "TrailBucket", TrailDays, new CfnBucket.LoggingConfigurationProperty { DestinationBucketName = readers.Ref, LogFilePrefix = "trail/" });
        CreatePolicy(stack, readers, Iam.AllowService(
            "AccessLogs",
            "logging.s3.amazonaws.com",
            ["s3:PutObject"],
            [$"{readers.AttrArn}/trail/*"],
            // The trail's bucket names this one, so this one cannot name it: the account has to do.
            Iam.When("StringEquals", "aws:SourceAccount", Aws.ACCOUNT_ID)));
        var policy = CreatePolicy(
            stack,
            trail,
            Iam.AllowService("TrailChecks", "cloudtrail.amazonaws.com", ["s3:GetBucketAcl"], [trail.AttrArn], Iam.When("StringEquals", "aws:SourceArn", AuditTier.TrailArn)),
            Iam.AllowService("TrailWrites", "cloudtrail.amazonaws.com", ["s3:PutObject"], [$"{trail.AttrArn}/AWSLogs/{Aws.ACCOUNT_ID}/*"], new Dictionary<string, object>
            {
                ["StringEquals"] = new Dictionary<string, object> { ["aws:SourceArn"] = AuditTier.TrailArn, ["s3:x-amz-acl"] = "bucket-owner-full-control" },
            }));
        return new AuditBucket(trail, policy);
    }

    private static CfnBucket CreateBucket(Stack stack, string id, int days, CfnBucket.LoggingConfigurationProperty? logging)
    {
        var bucket = new CfnBucket(stack, id, new CfnBucketProps
        {
            BucketEncryption = new CfnBucket.BucketEncryptionProperty
            {
                ServerSideEncryptionConfiguration = new[]
                {
                    new CfnBucket.ServerSideEncryptionRuleProperty
                    {
                        ServerSideEncryptionByDefault = new CfnBucket.ServerSideEncryptionByDefaultProperty { SseAlgorithm = "AES256" },
                    },
                },
            },
            PublicAccessBlockConfiguration = new CfnBucket.PublicAccessBlockConfigurationProperty
            {
                BlockPublicAcls = true,
                BlockPublicPolicy = true,
                IgnorePublicAcls = true,
                RestrictPublicBuckets = true,
            },
            OwnershipControls = new CfnBucket.OwnershipControlsProperty
            {
                Rules = new[] { new CfnBucket.OwnershipControlsRuleProperty { ObjectOwnership = "BucketOwnerEnforced" } },
            },
            VersioningConfiguration = new CfnBucket.VersioningConfigurationProperty { Status = "Enabled" },
            LifecycleConfiguration = new CfnBucket.LifecycleConfigurationProperty
            {
                Rules = new[]
                {
                    new CfnBucket.RuleProperty
                    {
                        Id = "expire",
                        Status = "Enabled",
                        ExpirationInDays = days,
                        NoncurrentVersionExpiration = new CfnBucket.NoncurrentVersionExpirationProperty { NoncurrentDays = NoncurrentDays },
                        AbortIncompleteMultipartUpload = new CfnBucket.AbortIncompleteMultipartUploadProperty { DaysAfterInitiation = 7 },
                    },
                },
            },
            LoggingConfiguration = logging,
        });
        bucket.ApplyRemovalPolicy(RemovalPolicy.RETAIN);
        return bucket;
    }

    private static CfnBucketPolicy CreatePolicy(Stack stack, CfnBucket bucket, params Amazon.CDK.AWS.IAM.PolicyStatement[] statements)
    {
        var policy = new CfnBucketPolicy(stack, $"{bucket.Node.Id}Policy", new CfnBucketPolicyProps
        {
            Bucket = bucket.Ref,
            PolicyDocument = Iam.Document([.. statements, Iam.DenyPlainText(["s3:*"], [bucket.AttrArn, $"{bucket.AttrArn}/*"])]),
        });
        // It goes with the bucket: a bucket that is kept without it would take unencrypted requests.
        policy.ApplyRemovalPolicy(RemovalPolicy.RETAIN);
        return policy;
    }
}
