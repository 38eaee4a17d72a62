using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The function that runs the API.</summary>
public sealed class LambdaTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    [Theory]
    [InlineData("MemorySize", 512)]
    [InlineData("Timeout", 30)]
    [InlineData("ReservedConcurrentExecutions", 200)]
    public void The_function_has_its_size(string property, int value) => Assert.Equal(value, Template.ApiFunction[property].Number);

    [Fact]
    public void The_function_is_a_zip_package()
    {
        var function = Template.ApiFunction;

        Assert.NotEqual("Image", function["PackageType"].OptionalText);
        Assert.False(function["Code"]["ImageUri"].Exists, "An image needs Docker to publish.");
        Assert.EndsWith(".zip", function["Code"]["S3Key"].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runtime_fits_what_the_package_has()
    {
        var function = Template.ApiFunction;

        Assert.Contains(function["Runtime"].Text, (string[])["provided.al2023", "dotnet10"]);
        Assert.NotEmpty(function["Handler"].Text);
        Assert.Contains(function["Architectures"][0].OptionalText ?? "x86_64", (string[])["x86_64", "arm64"]);
    }

    [Fact]
    public void The_function_is_in_the_application_subnets_and_no_other()
        => Assert.Equal(Landmarks.ApplicationSubnets, Template.SubnetsIn(Template.ApiFunction["VpcConfig"]["SubnetIds"]).Order());

    [Theory]
    [InlineData("Mongo__Host", "mongo.local")]
    [InlineData("Mongo__Port", "27017")]
    [InlineData("Mongo__Database", "school")]
    [InlineData("Mongo__UserName", "admin")]
    public void The_function_is_told_where_MongoDB_is(string variable, string value)
        => Assert.Equal(value, Template.ApiFunction["Environment"]["Variables"][variable].Text);

    [Fact]
    public void The_function_is_told_the_names_of_the_secrets_and_not_what_is_in_them()
    {
        var variables = Template.ApiFunction["Environment"]["Variables"];

        Assert.Equal($"${{{Template.MongoSecret.LogicalId}}}", variables["Secrets__MongoPassword"].Text);
        Assert.Equal($"${{{Template.JwtSecret.LogicalId}}}", variables["Secrets__JwtSigningKey"].Text);
    }

    [Fact]
    public void The_function_waits_for_what_it_may_do()
    {
        // A function that starts before its policy is attached cannot make its network interfaces: EC2 then refuses the creation.
        var function = Template.ApiFunction;
        var policies = Template.OfType("AWS::IAM::Policy").Where(p => p["Roles"].Targets.Contains(function["Role"].Target));

        Assert.All(policies, policy => Assert.Contains(policy.LogicalId, function.Prerequisites));
    }

    [Fact]
    public void The_functions_interfaces_can_be_made_and_removed()
    {
        var actions = IamStatement.Of(Template, Template.ApiFunction["Role"].Target).Where(s => s.Allows).SelectMany(s => s.Actions).ToHashSet();
        var managed = Template.ApiFunction["Role"].Target["ManagedPolicyArns"].Items.Any(p => p.Text.EndsWith("/AWSLambdaVPCAccessExecutionRole", StringComparison.Ordinal));

        Assert.All(
            ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
            action => Assert.True(managed || actions.Contains(action), $"The role may not {action}, which Lambda needs to put the function into the VPC."));
    }

    [Theory]
    [InlineData("AWS::Lambda::Url")]
    [InlineData("AWS::Lambda::EventSourceMapping")]
    public void Nothing_but_the_api_reaches_the_function(string type) => Assert.Empty(Template.OfType(type));

    [Fact]
    public void Only_the_api_gateway_may_invoke_the_function_and_only_for_this_api()
    {
        var permissions = Template.OfType("AWS::Lambda::Permission").Where(p => p["FunctionName"].Target == Template.ApiFunction).ToArray();

        Assert.NotEmpty(permissions);
        Assert.All(permissions, permission =>
        {
            Assert.Equal("lambda:InvokeFunction", permission["Action"].Text);
            Assert.Equal("apigateway.amazonaws.com", permission["Principal"].Text);
            Assert.StartsWith(
                $"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{Template.HttpApi.LogicalId}}}/", permission["SourceArn"].Text, StringComparison.Ordinal);
        });
    }
}
