namespace RvkApp.Tests.Topology.Specification.Reading;

/// <summary>The resources that most tests start from, found by what the specification says of them and never by a logical id.</summary>
internal static class Landmarks
{
    public const string LambdaGroup = "RVK-mongo-db-sg";
    public const string MongoGroup = "RVK-ecs-mongo-sg";
    public const string FileSystemGroup = "mongo-efs-sg";
    public const string AnyAddress = "0.0.0.0/0";

    /// <summary>The two application subnets by first and second availability zone.</summary>
    public static readonly string[] ApplicationSubnets = ["10.0.2.0/24", "10.0.3.0/24"];

    /// <summary>The two data subnets by first and second availability zone.</summary>
    public static readonly string[] DataSubnets = ["10.0.4.0/24", "10.0.5.0/24"];

    extension(PublishedTemplate template)
    {
        public PublishedResource Vpc => template.Single("AWS::EC2::VPC");

        public PublishedResource HttpApi => template.Single("AWS::ApiGatewayV2::Api");

        /// <summary>The function that the HTTP API invokes.</summary>
        public PublishedResource ApiFunction => template.Single("AWS::ApiGatewayV2::Integration")["IntegrationUri"].Targets.Single(r => r.Type == "AWS::Lambda::Function");

        public PublishedResource MongoService => template.Single("AWS::ECS::Service");

        public PublishedResource MongoTask => template.MongoService["TaskDefinition"].Target;

        /// <summary>The container that listens for MongoDB clients.</summary>
        public TemplateValue MongoContainer
            => template.MongoTask["ContainerDefinitions"].Items.Single(c => c["PortMappings"].Items.Any(p => p["ContainerPort"].OptionalText == "27017"));

        public PublishedResource FileSystem => template.Single("AWS::EFS::FileSystem");

        public PublishedResource Group(string name) => template.Single("AWS::EC2::SecurityGroup", "GroupName", name);

        public PublishedResource Subnet(string cidr) => template.Single("AWS::EC2::Subnet", "CidrBlock", cidr);

        /// <summary>The address ranges of the subnets that a value lists.</summary>
        public IReadOnlyList<string> SubnetsIn(TemplateValue list) => [.. list.Targets.Select(subnet => subnet["CidrBlock"].Text)];

        /// <summary>The names of the security groups that a value lists.</summary>
        public IReadOnlyList<string> GroupsIn(TemplateValue list) => [.. list.Items.Select(g => g.Targets is [{ Type: "AWS::EC2::SecurityGroup" } group] ? group["GroupName"].Text : g.Text)];

        /// <summary>MongoDB's root password, which the container gets as a secret.</summary>
        public PublishedResource MongoSecret
            => template.MongoContainer["Secrets"].Items.SelectMany(s => s["ValueFrom"].Targets).Distinct().Single(r => r.Type == "AWS::SecretsManager::Secret");

        /// <summary>The key that signs tokens: the other secret.</summary>
        public PublishedResource JwtSecret => template.OfType("AWS::SecretsManager::Secret").Single(s => s != template.MongoSecret);
    }
}
