using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;

namespace RvkApp.AppHost.Topology;

/// <summary>What the API's function needs before it exists: its role and its log.</summary>
internal sealed class ApplicationTier
{
    /// <summary>The function's name.</summary>
    public const string FunctionName = $"{SchoolStack.Project}-api";

    public ApplicationTier(Stack stack, Network network, SecurityGroups groups, Secrets secrets, TopologyOptions options)
    {
        Log = Logs.Create(stack, "ApiLog", $"/aws/lambda/{FunctionName}", options);
        Role = Iam.CreateRole(
            stack,
            "ApiRole",
            "lambda.amazonaws.com",
            "School API: writes its log, reads its secrets, has network interfaces in the application subnets",
            [Logs.Write(Log), .. ReadSecrets(secrets), .. UseNetwork(network, groups)]);
        Role.Accept("AwsSolutions-IAM5", "Network interfaces have no ids before Lambda makes them, and describing them has no resource; a denial keeps the function's own code from either.");
    }

    /// <summary>The function's role.</summary>
    public CfnRole Role { get; }

    /// <summary>The function's log.</summary>
    public CfnLogGroup Log { get; }

    // Parameter Store hands a secret on under this name, but only to who may read the secret as well.
    private static IEnumerable<PolicyStatement> ReadSecrets(Secrets secrets)
    {
        yield return Iam.Allow("ReadSecrets", ["secretsmanager:GetSecretValue"], [.. secrets.OfApi.Select(secret => secret.Arn)]);
        yield return Iam.Allow(
            "ReadSecretsAsParameters",
            ["ssm:GetParameters"],
            [.. secrets.OfApi.Select(secret => Iam.Arn("ssm", $"parameter/aws/reference/secretsmanager/{secret.Name}"))]);
    }

    // Lambda makes the interfaces with the function's own role (AWS Lambda, "Execution role permissions" for a VPC).
    private static IEnumerable<PolicyStatement> UseNetwork(Network network, SecurityGroups groups)
    {
        var interfaces = Iam.Arn("ec2", "network-interface/*");
        yield return Iam.Allow(
            "CreateNetworkInterfaces",
            ["ec2:CreateNetworkInterface"],
            [
                interfaces,
                Iam.Arn("ec2", $"security-group/{groups.Id(Tier.Application)}"),
                .. network.ApplicationSubnets.Select(subnet => Iam.Arn("ec2", $"subnet/{subnet.Ref}")),
            ]);
        yield return Iam.Allow(
            "ManageNetworkInterfaces",
            ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
            [interfaces]);
        // EC2 has no resource-level permissions for what only describes.
        yield return Iam.Allow("DescribeNetwork", ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], ["*"]);
        // Lambda needs all of this before the code runs; the code itself never does.
        yield return Iam.Deny(
            "DenyNetworkToOwnCode",
            [
                "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
            ],
            ["*"],
            Iam.When("ArnEquals", "lambda:SourceFunctionArn", Iam.Arn("lambda", $"function:{FunctionName}")));
    }
}
