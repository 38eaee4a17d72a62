using Amazon.CDK;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.SNS;

namespace RvkApp.AppHost.Topology;

/// <summary>The topic that alarms and changed security groups are told to, and the key that it and the trail are encrypted with.</summary>
internal sealed class Notifications
{
    public Notifications(Stack stack, TopologyOptions options)
    {
        // A key of our own, because CloudWatch and EventBridge may not use the key that AWS manages for SNS: its policy cannot be changed.
        Key = new CfnKey(stack, "AuditKey", new CfnKeyProps
        {
            Description = "Trail and alerts of the school API",
            EnableKeyRotation = true,
            PendingWindowInDays = 30,
            KeyPolicy = Iam.Document(
                // Without it nobody, not even the account's root, could change or delete the key (AWS KMS, "Default key policy").
                new Amazon.CDK.AWS.IAM.PolicyStatement(new Amazon.CDK.AWS.IAM.PolicyStatementProps
                {
                    Sid = "AccountManages",
                    Principals = [new Amazon.CDK.AWS.IAM.ArnPrincipal($"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:root")],
                    Actions = ["kms:*"],
                    Resources = ["*"],
                }),
                Iam.AllowService("AlarmsPublish", "cloudwatch.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], ["*"], OfThisAccount()),
                // EventBridge knows no conditions here or in the topic's policy; its rules reach topics of their own account only.
                Iam.AllowService("EventsPublish", "events.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], ["*"]),
                Iam.AllowService("TrailEncrypts", "cloudtrail.amazonaws.com", ["kms:GenerateDataKey*"], ["*"], Iam.When("StringEquals", "aws:SourceArn", AuditTier.TrailArn)),
                Iam.AllowService("TrailDescribes", "cloudtrail.amazonaws.com", ["kms:DescribeKey"], ["*"], Iam.When("StringEquals", "aws:SourceArn", AuditTier.TrailArn))),
        });
        // The trail's bucket is kept, and nobody could read it without the key.
        Key.ApplyRemovalPolicy(RemovalPolicy.RETAIN);

        Topic = new CfnTopic(stack, "Alerts", new CfnTopicProps { TopicName = $"{SchoolStack.Project}-alerts", KmsMasterKeyId = Key.AttrArn });
        _ = new CfnTopicPolicy(stack, "AlertsPolicy", new CfnTopicPolicyProps
        {
            Topics = [Topic.Ref],
            PolicyDocument = Iam.Document(
                Iam.AllowService("AlarmsPublish", "cloudwatch.amazonaws.com", ["sns:Publish"], [Topic.Ref], OfThisAccount()),
                Iam.AllowService("EventsPublish", "events.amazonaws.com", ["sns:Publish"], [Topic.Ref]),
                Iam.DenyPlainText(["sns:Publish"], [Topic.Ref])),
        });
        if (options.AlarmEmail is { } email)
        {
            _ = new CfnSubscription(stack, "AlertsEmail", new CfnSubscriptionProps { TopicArn = Topic.Ref, Protocol = "email", Endpoint = email });
        }
    }

    /// <summary>The key.</summary>
    public CfnKey Key { get; }

    /// <summary>The topic.</summary>
    public CfnTopic Topic { get; }

    private static Dictionary<string, object> OfThisAccount() => Iam.When("StringEquals", "aws:SourceAccount", Aws.ACCOUNT_ID);
}
