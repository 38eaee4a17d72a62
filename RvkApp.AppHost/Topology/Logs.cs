using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;

namespace RvkApp.AppHost.Topology;

/// <summary>Log groups: every one has a retention and goes with the stack.</summary>
internal static class Logs
{
    /// <summary>A log group.</summary>
    public static CfnLogGroup Create(Stack stack, string id, string name, TopologyOptions options)
    {
        var group = new CfnLogGroup(stack, id, new CfnLogGroupProps { LogGroupName = name, RetentionInDays = options.LogRetention });
        // They have fixed names: one that stayed behind would keep the stack from being made again.
        group.ApplyRemovalPolicy(RemovalPolicy.DESTROY);
        return group;
    }

    /// <summary>What a workload needs to write into its group, and no other.</summary>
    public static PolicyStatement Write(CfnLogGroup group) => Iam.Allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [group.AttrArn]);
}
