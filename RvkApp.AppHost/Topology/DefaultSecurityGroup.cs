using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.Lambda;

namespace RvkApp.AppHost.Topology;

/// <summary>
/// Takes the two rules away that EC2 puts into a VPC's default security group: whoever forgets to name a group then reaches nothing.
/// CloudFormation cannot change that group, so a function does, once. Its code is part of the template: no asset has to be built or uploaded for it.
/// </summary>
internal static class DefaultSecurityGroup
{
    /// <summary>
    /// The function's code. Rules that are gone already are as wanted; anything else fails the deployment with EC2's words. Nothing is done when
    /// the stack is deleted, because the group goes with its VPC.
    /// </summary>
    public const string Code =
        """
        const { EC2Client, RevokeSecurityGroupIngressCommand, RevokeSecurityGroupEgressCommand } = require('@aws-sdk/client-ec2');

        const revoke = async (client, command) => {
          try {
            await client.send(command);
          } catch (error) {
            if (error.name !== 'InvalidPermission.NotFound') throw error;
          }
        };

        const close = async ({ GroupId, OwnerId }) => {
          const client = new EC2Client({});
          await revoke(client, new RevokeSecurityGroupIngressCommand({
            GroupId, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ UserId: OwnerId, GroupId }] }],
          }));
          await revoke(client, new RevokeSecurityGroupEgressCommand({
            GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          }));
        };

        exports.handler = async (event) => {
          const answer = {
            Status: 'SUCCESS',
            StackId: event.StackId,
            RequestId: event.RequestId,
            LogicalResourceId: event.LogicalResourceId,
            PhysicalResourceId: event.PhysicalResourceId || event.ResourceProperties.GroupId,
          };
          try {
            if (event.RequestType !== 'Delete') {
              await close(event.ResourceProperties);
              answer.PhysicalResourceId = event.ResourceProperties.GroupId;
            }
          } catch (error) {
            answer.Status = 'FAILED';
            answer.Reason = `${error.name}: ${error.message}`;
          }
          // The address is signed for an empty content type.
          const response = await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(answer) });
          if (!response.ok) throw new Error(`CloudFormation did not take the answer: ${response.status}`);
        };
        """;

    /// <summary>Adds the function and what calls it.</summary>
    public static void Close(Stack stack, CfnVPC vpc, TopologyOptions options)
    {
        var name = $"{SchoolStack.Project}-close-default-group";
        var log = Logs.Create(stack, "CloseDefaultGroupLog", $"/aws/lambda/{name}", options);
        var role = Iam.CreateRole(
            stack,
            "CloseDefaultGroupRole",
            "lambda.amazonaws.com",
            "Revokes the rules of one default security group",
            Logs.Write(log),
            Iam.Allow(
                "RevokeDefaultRules",
                ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
                [Iam.Arn("ec2", $"security-group/{vpc.AttrDefaultSecurityGroup}")]));
        var function = new CfnFunction(stack, "CloseDefaultGroup", new CfnFunctionProps
        {
            FunctionName = name,
            Description = "Takes the rules away that EC2 puts into the VPC's default security group",
            Runtime = "nodejs24.x",
            Handler = "index.handler",
            Code = new CfnFunction.CodeProperty { ZipFile = Code },
            Role = role.AttrArn,
            MemorySize = 128,
            Timeout = 60,
            LoggingConfig = new CfnFunction.LoggingConfigProperty { LogGroup = log.Ref },
        });
        var call = new CustomResource(stack, "DefaultSecurityGroup", new CustomResourceProps
        {
            ResourceType = "Custom::ClosedDefaultSecurityGroup",
            ServiceToken = function.AttrArn,
            Properties = new Dictionary<string, object>
            {
                ["GroupId"] = vpc.AttrDefaultSecurityGroup,
                ["OwnerId"] = stack.Account,
            },
        });
        // Seconds; CloudFormation would wait an hour for a function that cannot answer.
        ((CfnResource)call.Node.DefaultChild!).AddPropertyOverride("ServiceTimeout", "120");
    }
}
