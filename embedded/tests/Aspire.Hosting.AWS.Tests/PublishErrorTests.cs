using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.SNS;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Deployment;
using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.AWS.Lambda;

namespace Aspire.Hosting.AWS.Tests;

public class PublishErrorTests
{
    [Fact]
    public async Task Every_value_without_a_meaning_in_the_cloud_is_named_in_one_error()
    {
        using var cloud = new Cloud();
        var store = cloud.Builder.AddResource(new StoreResource("store")).WithImage("store").WithEndpoint(targetPort: 1, name: "tcp")
            .WithAnnotation(new DeploymentTargetAnnotation(cloud.Environment.Resource));
        var greeting = cloud.Builder.AddParameter("greeting", "hello");
        cloud.AddFunction().WithReference(store).WithEnvironment("ADDRESS", store.GetEndpoint("tcp"));
        cloud.AddFunction("worker")
            .WithEnvironment("PASSWORD", cloud.Builder.AddParameter("password", secret: true))
            .WithEnvironment("PHRASE", ReferenceExpression.Create($"say {greeting}"))
            .WithEnvironment("bad-name", "value")
            .WithEnvironment(context => context.EnvironmentVariables["STREAM"] = Stream.Null);

        var message = await cloud.FailAsync();

        Assert.Contains("'ConnectionStrings__store' of 'api': the connection string of 'store'", message);
        Assert.Contains("'ADDRESS' of 'api': the endpoint 'tcp' of 'store'", message);
        Assert.Contains("'PASSWORD' of 'worker': the secret parameter 'password'", message);
        Assert.Contains("'PHRASE' of 'worker': the expression 'say {greeting.value}'", message);
        Assert.Contains("'bad-name' of 'worker': Lambda allows only", message);
        Assert.Contains("'STREAM' of 'worker': a NullStream, which has no text", message);
        Assert.Contains("PropsFunctionCallback", message);
        Assert.False(cloud.IsPublished);
    }

    [Fact]
    public async Task A_value_that_the_function_is_given_in_its_place_is_none()
    {
        using var cloud = new Cloud();
        cloud.AddFunction()
            .WithEnvironment("PASSWORD", cloud.Builder.AddParameter("password", secret: true))
            .PublishAsLambdaFunction(new PublishLambdaFunctionConfig { PropsFunctionCallback = (_, props) => props.Environment!["PASSWORD"] = "the name of a secret" });

        await cloud.PublishAsync();

        Assert.Equal("the name of a secret", (string?)cloud.PropertiesOf("AWS::Lambda::Function")["Environment"]!["Variables"]!["PASSWORD"]);
    }

    [Fact]
    public async Task Every_resource_without_a_place_in_the_cloud_is_named_before_anything_is_built()
    {
        using var cloud = new Cloud(packager: new NoPackager());
        cloud.AddFunction();
        var store = cloud.Builder.AddResource(new StoreResource("store")).WithImage("store");
        cloud.Builder.AddResource(new ShelfResource("shelf", store.Resource));
        cloud.Builder.AddProject<Projects.SmallApp_Web>("web");
        cloud.Builder.AddParameter("not-a-resource");
        cloud.Builder.AddContainer("tool", "tool").ExcludeFromManifest();
        cloud.Builder.AddExternalService("elsewhere", "https://example.org/");

        var message = await cloud.FailAsync();

        Assert.Contains("Nothing publishes 'store' (StoreResource), 'shelf' (ShelfResource), 'web' (ProjectResource) to 'aws'.", message);
        Assert.Contains("Not run because of that: build-api, publish-aws", message);
    }

    [Fact]
    public async Task What_the_stack_realises_brings_what_belongs_to_it()
    {
        using var cloud = new Cloud();
        var store = cloud.Builder.AddResource(new StoreResource("store")).WithImage("store").WithVolume("data", "/data")
            .WithAnnotation(new DeploymentTargetAnnotation(cloud.Environment.Resource));
        cloud.Builder.AddResource(new ShelfResource("shelf", store.Resource));

        await cloud.PublishAsync();

        Assert.True(cloud.IsPublished);
    }

    [Fact]
    public async Task A_package_that_cannot_be_built_ends_publishing()
    {
        using var cloud = new Cloud(packager: new NoPackager());
        cloud.AddFunction();

        var message = await cloud.FailAsync();

        Assert.Contains("Step 'build-api' failed: The deployment package of Lambda function 'api' could not be built", message);
        Assert.False(cloud.IsPublished);
    }

    [Fact]
    public async Task What_the_CDK_refuses_is_one_sentence()
    {
        using var cloud = new Cloud(stack =>
        {
            _ = new Topic(stack, "Twice");
            _ = new Topic(stack, "Twice");
        });

        var message = await cloud.FailAsync();

        Assert.Equal("Step 'publish-aws' failed: The CDK app of 'aws' cannot be synthesized: There is already a Construct with name 'Twice' in Stack [Test]", message);
    }

    [Fact]
    public async Task Errors_of_constructs_end_publishing_and_warnings_are_shown()
    {
        using var cloud = new Cloud(stack =>
        {
            var topic = new Topic(stack, "Topic");
            Annotations.Of(topic).AddWarning("The topic is new.");
            Annotations.Of(topic).AddError("The topic has no subscribers.");
        });

        Assert.Contains("/Test/Topic: The topic has no subscribers.", await cloud.FailAsync());

        using var lenient = new Cloud(stack => Annotations.Of(new Topic(stack, "Topic")).AddWarning("The topic is new."));
        await lenient.PublishAsync();
        Assert.Contains("warning: /Test/Topic: The topic is new.", lenient.Output);
    }

    [Fact]
    public async Task A_look_up_in_an_account_is_an_error()
    {
        using var cloud = new Cloud(stack => Vpc.FromLookup(stack, "Existing", new VpcLookupOptions { IsDefault = true }));

        Assert.Contains("account/region are not specified at the stack level", await cloud.FailAsync());
    }

    [Fact]
    public async Task A_fault_in_a_callback_is_not_lost()
    {
        using var cloud = new Cloud();
        cloud.AddFunction().PublishAsLambdaFunction(new PublishLambdaFunctionConfig { ConstructFunctionCallback = (_, _) => throw new InvalidOperationException("The callback has a fault.") });

        Assert.Contains("Step 'publish-aws' failed: InvalidOperationException: The callback has a fault.", await cloud.FailAsync());
    }

    [Fact]
    public async Task A_fault_in_an_environment_callback_names_the_resource()
    {
        using var cloud = new Cloud();
        cloud.AddFunction().WithEnvironment(_ => throw new InvalidOperationException("The environment has a fault."));

        Assert.Contains("An environment callback of resource 'api' failed: The environment has a fault.", await cloud.FailAsync());
    }

    private sealed class NoPackager : ILambdaDeploymentPackager
    {
        public Task<LambdaDeploymentPackagerResult> CreateDeploymentPackageAsync(LambdaProjectResource lambdaFunction, string outputDirectory, CancellationToken cancellationToken)
            => Task.FromResult(new LambdaDeploymentPackagerResult { Success = false });
    }
}
