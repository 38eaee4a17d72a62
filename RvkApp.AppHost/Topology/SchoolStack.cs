using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Constructs;

namespace RvkApp.AppHost.Topology;

/// <summary>
/// The cloud topology, as docs/aws.md specifies it: the network, the three security groups, MongoDB on its file system, what the API
/// needs around its function, and what watches over all of it. The function itself comes from the model: <see cref="Attach"/>.
/// </summary>
internal sealed class SchoolStack : Stack
{
    /// <summary>The name of the stack.</summary>
    public const string Name = "RvkApp";

    /// <summary>The project's name: the tag <c>Project</c>, and the name of everything that AWS lets us name.</summary>
    public const string Project = "rvk-school-mgmt";

    public SchoolStack(Construct scope, string id, IStackProps props, TopologyOptions options)
        : base(scope, id, props) => throw new NotImplementedException();

    /// <summary>The network.</summary>
    public IVpc Vpc => throw new NotImplementedException();

    /// <summary>Where the function's network interfaces are.</summary>
    public ISubnetSelection ApplicationSubnets => throw new NotImplementedException();

    /// <summary>The function's security group.</summary>
    public ISecurityGroup LambdaSecurityGroup => throw new NotImplementedException();

    /// <summary>The function's role.</summary>
    public IRole LambdaRole => throw new NotImplementedException();

    /// <summary>The ARN of the secret with MongoDB's root password: a reference, never a value.</summary>
    public string MongoSecret => throw new NotImplementedException();

    /// <summary>The ARN of the secret with the key that signs tokens: a reference, never a value.</summary>
    public string JwtSecret => throw new NotImplementedException();

    /// <summary>Adds what can exist only once the function does: the HTTP API before it and the alarms on both.</summary>
    /// <param name="api">The function that runs the API.</param>
    public void Attach(Function api) => throw new NotImplementedException();
}
