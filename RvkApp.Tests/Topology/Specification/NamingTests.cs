using System.Text.RegularExpressions;
using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>Names, tags and outputs.</summary>
public sealed partial class NamingTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    private const string Project = "rvk-school-mgmt";

    /// <summary>
    /// What has a name, and the property that has it. Left out: roles and buckets, whose names are the account's and the world's and stand in
    /// the way of a second stack; what the specification names otherwise (the VPC, the groups, the parameters, mongo.local).
    /// </summary>
    public static TheoryData<string, string> Named => new()
    {
        { "AWS::Lambda::Function", "FunctionName" },
        { "AWS::ApiGatewayV2::Api", "Name" },
        { "AWS::ECS::Cluster", "ClusterName" },
        { "AWS::ECS::Service", "ServiceName" },
        { "AWS::ECS::TaskDefinition", "Family" },
        { "AWS::SecretsManager::Secret", "Name" },
        { "AWS::Logs::LogGroup", "LogGroupName" },
        { "AWS::CloudTrail::Trail", "TrailName" },
        { "AWS::SNS::Topic", "TopicName" },
        { "AWS::Events::Rule", "Name" },
        { "AWS::CloudWatch::Alarm", "AlarmName" },
    };

    /// <summary>What shows a Name tag in the console in place of a name.</summary>
    public static TheoryData<string> NamedByTag =>
    [
        "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::SecurityGroup",
        "AWS::EFS::FileSystem", "AWS::EFS::AccessPoint",
    ];

    public static TheoryData<string> Tagged =>
    [
        "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::SecurityGroup", "AWS::EC2::FlowLog",
        "AWS::Lambda::Function", "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage", "AWS::ECS::Cluster", "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::EFS::FileSystem", "AWS::EFS::AccessPoint",
        "AWS::ServiceDiscovery::PrivateDnsNamespace", "AWS::ServiceDiscovery::Service", "AWS::SecretsManager::Secret", "AWS::SSM::Parameter", "AWS::IAM::Role", "AWS::Logs::LogGroup",
        "AWS::CloudTrail::Trail", "AWS::SNS::Topic", "AWS::S3::Bucket", "AWS::CloudWatch::Alarm", "AWS::Events::Rule", "AWS::KMS::Key",
    ];

    [Theory]
    [MemberData(nameof(Named))]
    public void What_can_be_named_has_the_projects_name(string type, string property)
    {
        Assert.NotEmpty(Template.OfType(type));
        Assert.All(Template.OfType(type), r => Assert.Contains(Project, r[property].Text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(NamedByTag))]
    public void What_has_a_name_by_tag_has_one(string type)
    {
        Assert.NotEmpty(Template.OfType(type));
        Assert.All(Template.OfType(type), r => Assert.True(r.Tags.TryGetValue("Name", out var name) && name.Length > 0, $"{r} has no Name tag."));
    }

    [Theory]
    [MemberData(nameof(Tagged))]
    public void What_can_be_tagged_says_whose_it_is(string type)
    {
        Assert.NotEmpty(Template.OfType(type));
        Assert.All(Template.OfType(type), r =>
        {
            Assert.Equal(Project, r.Tags.GetValueOrDefault("Project"));
            Assert.NotEmpty(r.Tags.GetValueOrDefault("Environment") ?? "");
        });
    }

    [Fact]
    public void No_two_names_of_a_kind_are_the_same()
        => Assert.All(Named.Select(row => row.Data), kind =>
        {
            var names = Template.OfType(kind.Item1).Select(r => r[kind.Item2].Text).ToArray();
            Assert.Equal(names.Distinct(), names);
        });

    [Fact]
    public void The_template_fits_every_account_and_region()
    {
        // Account ids have twelve digits; zones end in a letter, such as us-east-2a.
        Assert.DoesNotMatch(@"(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])", WithoutThresholds(Template.Text));
        Assert.DoesNotMatch(@"\b(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov|-iso[a-z]*)?-(central|north|south|east|west|northeast|northwest|southeast|southwest)-\d", Template.Text);
        Assert.DoesNotContain("arn:aws:", Template.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_of_the_api_is_told()
        => Assert.Contains(Template.Outputs, o => o.Value["Value"].Targets.Contains(Template.HttpApi)
            && (o.Value["Value"].Text.EndsWith(".ApiEndpoint}", StringComparison.Ordinal) || o.Value["Value"].Text.Contains(".execute-api.", StringComparison.Ordinal)));

    [Fact]
    public void Every_output_says_what_it_is()
    {
        Assert.InRange(Template.Outputs.Count, 1, 200);
        Assert.All(Template.Outputs, o => Assert.NotEmpty(o.Value["Description"].OptionalText ?? ""));
    }

    [Fact]
    public void No_output_tells_what_is_in_a_secret()
        => Assert.All(Template.Outputs, o => Assert.DoesNotMatch(@"\{\{resolve:|\$\{\w+\.(SecretString|Value)\}", o.Value["Value"].Text));

    // A threshold in bytes can have twelve digits as well.
    private static string WithoutThresholds(string text) => Threshold().Replace(text, "");

    [GeneratedRegex(@"""Threshold"":\s*\d+")]
    private static partial Regex Threshold();
}
