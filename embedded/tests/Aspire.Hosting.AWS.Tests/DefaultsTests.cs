using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Aspire.Hosting.AWS.Deployment;
using Aspire.Hosting.AWS.Deployment.CDKDefaults;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Processes;
using Constructs;
using Stack = Amazon.CDK.Stack;

namespace Aspire.Hosting.AWS.Tests;

public class DefaultsTests
{
    [Fact]
    public async Task Defaults_of_ones_own_are_used_where_the_callback_says_nothing()
    {
        using var cloud = new Cloud(defaults: new CDKDefaultsProviderFactory(environment => new LargeDefaults(environment)));
        cloud.AddFunction().PublishAsLambdaFunction(new PublishLambdaFunctionConfig { PropsFunctionCallback = (_, props) => props.Timeout = Duration.Seconds(7) });

        await cloud.PublishAsync();

        var properties = cloud.PropertiesOf("AWS::Lambda::Function");
        Assert.Equal((2048, 7), ((int)properties["MemorySize"]!, (int)properties["Timeout"]!));
    }

    [Fact]
    public async Task A_default_construct_is_created_once_when_it_is_asked_for()
    {
        using var cloud = new Cloud();
        cloud.AddFunction().PublishAsLambdaFunction(new PublishLambdaFunctionConfig
        {
            PropsFunctionCallback = (context, props) =>
            {
                Assert.Same(context.DefaultsProvider.GetDefaultVpc(), context.DefaultsProvider.GetDefaultVpc());
                props.Vpc = context.DefaultsProvider.GetDefaultVpc();
                props.SecurityGroups = [context.DefaultsProvider.GetDefaultECSClusterSecurityGroup()];
            },
        });

        await cloud.PublishAsync();

        Assert.NotNull(cloud.PropertiesOf("AWS::EC2::VPC"));
        var rule = Assert.Single(cloud.PropertiesOf("AWS::EC2::SecurityGroup")["SecurityGroupEgress"]!.AsArray());
        Assert.Equal((443, 443), ((int)rule!["FromPort"]!, (int)rule["ToPort"]!));
    }

    [Fact]
    public async Task A_construct_that_the_stack_marks_is_the_default()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create("--operation", "publish");
        var environment = builder.AddAWSCDKEnvironment("aws", CDKDefaultsProviderFactory.Preview_V1, (app, props) => new MarkedStack(app, "Marked", props)).Resource;
        using var directory = new TemporaryDirectory();
        using var turn = await JsiiKernel.EnterAsync(TestContext.Current.CancellationToken);

        var stack = (MarkedStack)environment.CreateStack(new App(new AppProps { Outdir = directory.FullName }));

        Assert.Same(stack.Network, environment.DefaultsProvider.GetDefaultVpc());
        var error = Assert.Throws<DistributedApplicationException>(environment.DefaultsProvider.GetDefaultECSCluster);
        Assert.Contains("MarkedStack._wrong' is marked with [DefaultECSCluster]", error.Message);
        Assert.Same(stack, new CDKPublishTargetContext(stack, environment.DefaultsProvider).GetDeploymentStack<MarkedStack>());
        Assert.Throws<InvalidCastException>(() => new CDKPublishTargetContext(stack, environment.DefaultsProvider).GetDeploymentStack<OtherStack>());
    }

    [Theory]
    [InlineData("<TargetFramework>net8.0</TargetFramework>", null, "net8.0")]
    [InlineData("", "<TargetFramework>net10.0</TargetFramework>", "net10.0")]
    [InlineData("<TargetFramework>$(Mine)</TargetFramework>", "<TargetFramework>net10.0</TargetFramework>", "net10.0")]
    [InlineData("", null, null)]
    public void The_target_framework_is_in_the_project_or_what_its_directories_share(string own, string? shared, string? expected)
    {
        using var directory = new TemporaryDirectory();
        var project = Path.Combine(directory.Info.CreateSubdirectory("app").FullName, "app.csproj");
        File.WriteAllText(project, $"<Project><PropertyGroup>{own}</PropertyGroup></Project>");
        // There always is one, so that no directory above the temporary one is looked at.
        File.WriteAllText(directory.Combine("Directory.Build.props"), $"<Project><PropertyGroup>{shared}</PropertyGroup></Project>");

        Assert.Equal(expected, TargetFramework.Of(project));
    }

    [Fact]
    public void A_run_on_this_machine_has_no_environment_and_refuses_a_class_library_as_a_function()
    {
        var builder = DistributedApplicationTestingBuilder.Create();

        var environment = builder.AddAWSCDKEnvironment("aws", CDKDefaultsProviderFactory.Preview_V1);

        Assert.DoesNotContain(environment.Resource, builder.Resources);
        var error = Assert.Throws<NotSupportedException>(() => builder.AddAWSLambdaFunction<Projects.SmallApp_Web>("api", "Api::Api.Function::Handle"));
        Assert.Contains("'api'", error.Message);
    }

    [Fact]
    public async Task A_program_on_this_machine_is_given_the_profile_and_the_region()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var config = builder.AddAWSSDKConfig().WithProfile("work").WithRegion(Amazon.RegionEndpoint.USEast2);
        var program = builder.AddExecutable("program", "program", ".").WithReference(config);

#pragma warning disable CS0618 // Reads the variables outside an application on purpose.
        var run = await ApplicationModel.ResourceExtensions.GetEnvironmentVariableValuesAsync(program.Resource);
        var publish = await ApplicationModel.ResourceExtensions.GetEnvironmentVariableValuesAsync(program.Resource, DistributedApplicationOperation.Publish);
#pragma warning restore CS0618

        Assert.Equal(("work", "us-east-2", "work", "us-east-2"), (run["AWS_PROFILE"], run["AWS_REGION"], run["AWS__Profile"], run["AWS__Region"]));
        Assert.DoesNotContain("AWS_PROFILE", publish);
    }

    private sealed class LargeDefaults(AWSCDKEnvironmentResource environment) : CDKDefaultsProviderPreviewV1(environment)
    {
        public override double? LambdaFunctionMemorySize => 2048;
    }

    private sealed class OtherStack(Construct scope, string id) : Stack(scope, id);

    private sealed class MarkedStack : Stack
    {
        [DefaultECSCluster]
        private readonly string _wrong = "not a cluster";

        public MarkedStack(Construct scope, string id, IStackProps props) : base(scope, id, props)
        {
            Network = new Vpc(this, _wrong.Replace(' ', '-'));
        }

        [DefaultVpc]
        public IVpc Network { get; }
    }
}
