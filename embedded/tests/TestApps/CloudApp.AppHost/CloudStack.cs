using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.SNS;
using Aspire.Hosting.AWS.Deployment;
using Constructs;

namespace CloudApp.AppHost;

/// <summary>A stack with a little of what a real one has.</summary>
internal sealed class CloudStack : Stack
{
    public CloudStack(Construct scope, string id, IStackProps props, string? broken) : base(scope, id, props)
    {
        Vpc = new Vpc(this, "Network", new VpcProps { MaxAzs = 2, NatGateways = 0 });
        Topic = new Topic(this, "Topic");
        switch (broken)
        {
            case "construct":
                _ = new Subnet(this, "Twice", new SubnetProps { VpcId = Vpc.VpcId, AvailabilityZone = "a", CidrBlock = "10.0.0.0/28" });
                _ = new Subnet(this, "Twice", new SubnetProps { VpcId = Vpc.VpcId, AvailabilityZone = "a", CidrBlock = "10.0.0.0/28" });
                break;
            case "annotation":
                Annotations.Of(Topic).AddWarning("The topic is new.");
                Annotations.Of(Topic).AddError("The topic has no subscribers.");
                break;
            case "lookup":
                _ = Amazon.CDK.AWS.EC2.Vpc.FromLookup(this, "Existing", new VpcLookupOptions { IsDefault = true });
                break;
        }
    }

    [DefaultVpc]
    public IVpc Vpc { get; }

    public Topic Topic { get; }
}
