using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.SNS;
using Constructs;

namespace CloudApp.AppHost;

/// <summary>A stack with a little of what a real one has.</summary>
internal sealed class CloudStack : Stack
{
    public CloudStack(Construct scope, string id, IStackProps props) : base(scope, id, props)
    {
        _ = new Vpc(this, "Network", new VpcProps { MaxAzs = 2, NatGateways = 0 });
        Topic = new Topic(this, "Topic");
        _ = new CfnParameter(this, "Mail", new CfnParameterProps { Default = "nobody@example.org" });
    }

    public Topic Topic { get; }
}
