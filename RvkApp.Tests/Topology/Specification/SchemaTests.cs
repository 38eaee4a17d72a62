using RvkApp.Tests.Support;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The check of eng/cfn-schema, with its packages installed.</summary>
public sealed class SchemaCheck() : NodeCheck("cfn-schema");

/// <summary>Every resource is as CloudFormation's schema of its type says, and the check of that can fail.</summary>
public sealed class SchemaTests(SynthesizedTopology topology, SchemaCheck check) : TopologyTest(topology), IClassFixture<SchemaCheck>
{
    // A resource, and what is wrong with it; ID stands for its logical id. All are checked in one run: to start Node.js takes longer than to check.
    private static readonly (string Resource, string Problem)[] Invalid =
    [
        ("""{ "Type": "AWS::EC2::Subnets" }""", "ID has the type AWS::EC2::Subnets, which CloudFormation does not know"),
        ("""{ "Type": "AWS::EC2::EIP", "Property": {} }""", "ID.Property is no part of a resource"),
        ("""{ "Type": "AWS::EC2::EIP", "Properties": { "Domian": "vpc" } }""", "ID.Properties.Domian is not a property of AWS::EC2::EIP"),
        ("""{ "Type": "AWS::EC2::Subnet", "Properties": { "CidrBlock": "10.0.1.0/24" } }""", "ID.Properties.VpcId is required by AWS::EC2::Subnet"),
        ("""{ "Type": "AWS::EC2::SecurityGroup" }""", "ID.Properties.GroupDescription is required by AWS::EC2::SecurityGroup"),
        ("""{ "Type": "AWS::EFS::FileSystem", "Properties": { "Encrypted": "yes" } }""", "ID.Properties.Encrypted should be true or false and is string \"yes\""),
        ("""{ "Type": "AWS::ECS::Service", "Properties": { "DesiredCount": "one" } }""", "ID.Properties.DesiredCount should be a number and is string \"one\""),
        ("""{ "Type": "AWS::ECS::Service", "Properties": { "DesiredCount": 1.5 } }""", "ID.Properties.DesiredCount should be a whole number and is number 1.5"),
        ("""{ "Type": "AWS::ECS::Service", "Properties": { "DesiredCount": { "Fn::GetAZs": "" } } }""", "ID.Properties.DesiredCount takes no list, which Fn::GetAZs yields"),
        ("""{ "Type": "AWS::EC2::EIP", "Properties": { "Tags": { "Name": "x" } } }""", "ID.Properties.Tags should be a list and is an object"),
        ("""{ "Type": "AWS::EC2::EIP", "Properties": { "Tags": [{ "Key": "Name" }] } }""", "ID.Properties.Tags[0].Value is required by a tag"),
        (
            """{ "Type": "AWS::ECS::TaskDefinition", "Properties": { "ContainerDefinitions": [{ "Name": "x" }] } }""",
            "ID.Properties.ContainerDefinitions[0].Image is required by ContainerDefinition"),
        (
            """{ "Type": "AWS::ECS::TaskDefinition", "Properties": { "ContainerDefinitions": [{ "Name": "x", "Image": "y", "HealthCheck": { "Command": ["a"], "Start": 60 } }] } }""",
            "ID.Properties.ContainerDefinitions[0].HealthCheck.Start is not a property of HealthCheck"),
        (
            """{ "Type": "AWS::EC2::EIP", "Properties": { "Domain": { "Fn::GetAtt": ["ID", "Nothing"] } } }""",
            "Resources.ID.Properties.Domain asks ID for Nothing, which AWS::EC2::EIP does not have"),
        (
            """{ "Type": "AWS::EC2::EIP", "Properties": { "Domain": { "Fn::Sub": "${ID.Nothing}" } } }""",
            "Resources.ID.Properties.Domain asks ID for Nothing, which AWS::EC2::EIP does not have"),
        ("""{ "Type": "Custom::Thing", "Properties": { "Any": 1 } }""", "ID.Properties.ServiceToken is required by Custom::Thing"),
    ];

    private static readonly string[] Valid =
    [
        """{ "Type": "AWS::EC2::EIP", "Properties": { "Domain": "vpc", "Tags": [{ "Key": "Name", "Value": { "Ref": "AWS::StackName" } }] } }""",
        """{ "Type": "AWS::ECS::Service", "Properties": { "DesiredCount": "1", "EnableECSManagedTags": "true" } }""",
        """{ "Type": "AWS::EFS::FileSystem", "Properties": { "Encrypted": { "Fn::If": ["C", true, { "Ref": "AWS::NoValue" }] } } }""",
    ];

    [Fact]
    public async Task Every_resource_is_valid_by_the_schema_of_its_type()
    {
        var (exitCode, lines) = await check.CheckAsync(Template.Text);
        Assert.True(exitCode == 0, lines);
        Assert.Contains($"{Template.Resources.Count} resources, 0 problems", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_that_is_not_valid_is_found()
    {
        var result = await check.CheckAsync($$"""{ "Resources": { {{string.Join(',', Invalid.Select((r, i) => $"\"R{i}\": {Named(r.Resource, i)}"))}} } }""");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            Invalid.Select((r, i) => Named(r.Problem, i)).Append($"{Invalid.Length} resources, {Invalid.Length} problems").Order(StringComparer.Ordinal),
            result.Lines.Order(StringComparer.Ordinal));

        static string Named(string text, int index) => text.Replace("ID", $"R{index}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_that_is_valid_passes()
    {
        var result = await check.CheckAsync($$"""{ "Resources": { {{string.Join(',', Valid.Select((r, i) => $"\"R{i}\": {r}"))}} } }""");
        Assert.True(result.ExitCode == 0, result.Output);
    }

    [Fact]
    public async Task What_is_no_template_is_told_apart_from_a_problem()
    {
        Assert.Equal(2, (await check.RunAsync()).ExitCode);
        Assert.Equal(2, (await check.RunAsync("there is no such file")).ExitCode);
        Assert.Equal(2, (await check.CheckAsync("{")).ExitCode);
        Assert.Equal(2, (await check.CheckAsync("{}")).ExitCode);
    }

    [Theory]
    [InlineData("cfn-schema")]
    [InlineData("cdk-nag")]
    public void The_lock_file_names_no_registry(string name)
        => Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Path.Combine(Repository.Root, "eng", name, "package-lock.json")), StringComparison.Ordinal);
}
