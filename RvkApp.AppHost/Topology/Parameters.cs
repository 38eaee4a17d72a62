using Amazon.CDK;
using CfnParameter = Amazon.CDK.AWS.SSM.CfnParameter;
using CfnParameterProps = Amazon.CDK.AWS.SSM.CfnParameterProps;

namespace RvkApp.AppHost.Topology;

/// <summary>The parameters that tell other stacks and tools where things are.</summary>
internal static class Parameters
{
    /// <summary>Adds the parameters.</summary>
    public static void Create(Stack stack, Network network, SecurityGroups groups)
    {
        Create(stack, "VpcIdParameter", "/school-mgmt/vpc/id", "The VPC", network.Cloud.Ref);
        CreateList(stack, "LambdaSubnetsParameter", "/school-mgmt/vpc/lambda-private-subnets", "The subnets of the Lambda functions", network.ApplicationSubnets.Select(subnet => subnet.Ref));
        CreateList(stack, "EcsSubnetsParameter", "/school-mgmt/vpc/ecs-private-subnets", "The subnets of the MongoDB task", network.DataSubnets.Select(subnet => subnet.Ref));
        Create(stack, "LambdaGroupParameter", "/school-mgmt/lambda-sg-id", "The security group of the Lambda functions", groups.Id(Tier.Application));
        Create(stack, "MongoGroupParameter", "/school-mgmt/db/mongo-sg-id", "The security group of the MongoDB task", groups.Id(Tier.Data));
    }

    private static void CreateList(Stack stack, string id, string name, string description, IEnumerable<string> values) =>
        Create(stack, id, name, description, Fn.Join(",", [.. values]), "StringList");

    private static void Create(Stack stack, string id, string name, string description, string value, string type = "String") =>
        _ = new CfnParameter(stack, id, new CfnParameterProps { Name = name, Description = description, Type = type, Value = value });
}
