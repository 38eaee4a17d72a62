using System.Text;
using System.Text.Json.Nodes;
using Amazon.CDK;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Deployment;
using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using IResource = Aspire.Hosting.ApplicationModel.IResource;
using Stack = Amazon.CDK.Stack;

namespace Aspire.Hosting.AWS.Tests;

/// <summary>An application that is published to AWS in this process, which shares one Node.js for all of them.</summary>
internal sealed class Cloud : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringBuilder _output = new();

    public Cloud(Action<Stack>? build = null, CDKDefaultsProviderFactory? defaults = null, ILambdaDeploymentPackager? packager = null)
    {
        Builder = DistributedApplicationTestingBuilder.Create("--operation", "publish", "--output-path", _directory.FullName);
        Builder.Services.AddSingleton(_ => new PublishDisplay(new RunOutput(terminal: null, TextWriter.Synchronized(new StringWriter(_output))), terminal: null));
        Builder.Services.AddSingleton(packager ?? new TextPackager());
        Environment = Builder.AddAWSCDKEnvironment("aws", defaults ?? CDKDefaultsProviderFactory.Preview_V1, (app, props) =>
        {
            var stack = new Stack(app, "Test", props);
            build?.Invoke(stack);
            return stack;
        });
    }

    public IDistributedApplicationTestingBuilder Builder { get; }

    public IResourceBuilder<AWSCDKEnvironmentResource<Stack>> Environment { get; }

    public string Output => _output.ToString();

    public JsonObject Template => JsonNode.Parse(File.ReadAllText(Path.Combine(_directory.FullName, "cdk.out", "Test.template.json")))!.AsObject();

    public bool IsPublished => File.Exists(Path.Combine(_directory.FullName, "cdk.out", "Test.template.json"));

    public IResourceBuilder<LambdaProjectResource> AddFunction(string name = "api") => Builder.AddAWSLambdaFunction<Projects.SmallApp_Web>(name, "bootstrap");

    public async Task PublishAsync()
    {
        var application = await Builder.BuildAsync(TestDeadline.Token());
        await application.RunAsync(TestDeadline.Token());
    }

    /// <summary>Publishes what must fail.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> FailAsync() => (await Assert.ThrowsAnyAsync<DistributedApplicationException>(PublishAsync)).Message;

    public JsonObject PropertiesOf(string type) => Template["Resources"]!.AsObject().Single(r => (string?)r.Value!["Type"] == type).Value!["Properties"]!.AsObject();

    public void Dispose() => _directory.Dispose();

    /// <summary>A package without a program, which is all that synthesis looks at.</summary>
    private sealed class TextPackager : ILambdaDeploymentPackager
    {
        public async Task<LambdaDeploymentPackagerResult> CreateDeploymentPackageAsync(LambdaProjectResource lambdaFunction, string outputDirectory, CancellationToken cancellationToken)
        {
            var path = Path.Combine(outputDirectory, "function.zip");
            await File.WriteAllTextAsync(path, lambdaFunction.Name, cancellationToken);
            return new LambdaDeploymentPackagerResult { Success = true, LocalLocation = path };
        }
    }
}

/// <summary>A server that others reach through a connection string.</summary>
internal sealed class StoreResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"store://{new EndpointReference(this, "tcp").Property(EndpointProperty.HostAndPort)}");
}

/// <summary>Something that belongs to a <see cref="StoreResource"/>.</summary>
internal sealed class ShelfResource(string name, IResource parent) : ApplicationModel.Resource(name), IResourceWithParent
{
    public IResource Parent { get; } = parent;
}
