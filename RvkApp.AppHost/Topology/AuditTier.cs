using Amazon.CDK;
using Amazon.CDK.AWS.CloudTrail;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.Logs;
using CfnRule = Amazon.CDK.AWS.Events.CfnRule;
using CfnRuleProps = Amazon.CDK.AWS.Events.CfnRuleProps;

namespace RvkApp.AppHost.Topology;

/// <summary>Who did what: a trail of every call to AWS, a message for each change of a security group, and the network's own log.</summary>
internal sealed class AuditTier
{
    private const string TrailName = SchoolStack.Project;
    private const string GroupChangesName = $"{SchoolStack.Project}-security-group-changes";

    // EventBridge sees calls to EC2 only where a trail records them.
    private static readonly Dictionary<string, object> GroupChanges = new()
    {
        ["source"] = new[] { "aws.ec2" },
        ["detail-type"] = new[] { "AWS API Call via CloudTrail" },
        ["detail"] = new Dictionary<string, object>
        {
            ["eventSource"] = new[] { "ec2.amazonaws.com" },
            // What changes who may talk to whom.
            ["eventName"] = new[]
            {
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
            },
        },
    };

    public AuditTier(Stack stack, Network network, Notifications notifications, TopologyOptions options)
    {
        CreateTrail(stack, notifications);
        var changes = new CfnRule(stack, "SecurityGroupChanges", new CfnRuleProps
        {
            Name = GroupChangesName,
            Description = "Tells about every change of a security group",
            State = "ENABLED",
            EventPattern = GroupChanges,
            Targets = new[] { new CfnRule.TargetProperty { Id = "Alerts", Arn = notifications.Topic.Ref } },
        });
        // CloudFormation tags rules; this version of the CDK does not know that yet.
        // Plain maps, because an override is taken as it is: a CfnTag would come out with lower-case names.
        changes.AddPropertyOverride("Tags", new[] { Tag("Environment", options.Environment), Tag("Project", SchoolStack.Project) });
        FlowLog = CreateFlowLog(stack, network, options);

        static Dictionary<string, object> Tag(string key, string value) => new() { ["Key"] = key, ["Value"] = value };
    }

    /// <summary>The trail's ARN, known before the trail because it has a name.</summary>
    public static string TrailArn => Iam.Arn("cloudtrail", $"trail/{TrailName}");

    /// <summary>Where the network's log goes.</summary>
    public CfnLogGroup FlowLog { get; }

    private static void CreateTrail(Stack stack, Notifications notifications)
    {
        var bucket = AuditBucket.Create(stack);
        var trail = new CfnTrail(stack, "Trail", new CfnTrailProps
        {
            TrailName = TrailName,
            S3BucketName = bucket.Bucket.Ref,
            KmsKeyId = notifications.Key.AttrArn,
            IsLogging = true,
            IsMultiRegionTrail = true,
            IncludeGlobalServiceEvents = true,
            EnableLogFileValidation = true,
            EventSelectors = new[] { new CfnTrail.EventSelectorProperty { IncludeManagementEvents = true, ReadWriteType = "All" } },
        });
        // CloudTrail tries to write when the trail is made.
        trail.AddDependency(bucket.Policy);
    }

    private static CfnLogGroup CreateFlowLog(Stack stack, Network network, TopologyOptions options)
    {
        var log = Logs.Create(stack, "FlowLogGroup", $"/{SchoolStack.Project}/vpc-flow", options);
        var role = Iam.CreateRole(
            stack,
            "FlowLogRole",
            "vpc-flow-logs.amazonaws.com",
            "VPC flow logs: write one log group",
            Iam.Allow("WriteLog", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], [log.AttrArn]));
        var flow = new CfnFlowLog(stack, "FlowLog", new CfnFlowLogProps
        {
            ResourceType = "VPC",
            ResourceId = network.Cloud.Ref,
            TrafficType = "ALL",
            LogDestinationType = "cloud-watch-logs",
            LogGroupName = log.Ref,
            DeliverLogsPermissionArn = role.AttrArn,
            MaxAggregationInterval = 60,
        });
        flow.Name($"{SchoolStack.Project}-flow");
        return log;
    }
}
