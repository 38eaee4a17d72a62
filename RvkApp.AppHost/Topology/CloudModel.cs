using Amazon;
using Amazon.CDK.AWS.Lambda;
using Aspire.Hosting.AWS;
using Aspire.Hosting.AWS.Deployment;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using RvkApp.AppHost.Packaging;
using RvkApp.AppHost.Topology.Steps;

namespace RvkApp.AppHost.Topology;

/// <summary>
/// The half of the model that exists only when it is published: what becomes of each resource in AWS. A class of its own, so that a local run
/// loads nothing of the CDK.
/// </summary>
internal static class CloudModel
{
    /// <summary>Says what becomes of the model in AWS, and adds the steps that prove it.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="options">Section <c>Aws</c>.</param>
    /// <param name="mongo">MongoDB, which the stack brings itself.</param>
    /// <param name="adminEmail">The first administrator's email.</param>
    /// <exception cref="DistributedApplicationException">The setting of the package cannot be used.</exception>
    public static void Add(
        IDistributedApplicationBuilder builder, TopologyOptions options, IResourceBuilder<MongoDBServerResource> mongo, IResourceBuilder<ParameterResource> adminEmail)
    {
        builder.Services.PostConfigure<PipelineOptions>(pipeline => pipeline.OutputPath ??= TopologyOutput.DefaultDirectory(builder.AppHostDirectory));

        var package = LambdaPackage.Choose(builder.Configuration);
        builder.AddLambdaPackager(package);
        var account = new AWSCDKEnvironmentResourceConfig { AWSSDKConfig = builder.AddAWSSDKConfig().WithRegion(RegionEndpoint.GetBySystemName(options.Region)) };
        var aws = builder.AddAWSCDKEnvironment("aws", CDKDefaultsProviderFactory.Preview_V1, (app, props) => new SchoolStack(app, SchoolStack.Name, props, options), account);
        mongo.WithAnnotation(new DeploymentTargetAnnotation(aws.Resource));
        builder.AddAWSLambdaFunction<Projects.RvkApp_Api>("api", package.Handler)
            .WithEnvironment("Admin__Email", adminEmail)
            .PublishAsLambdaFunction(new PublishLambdaFunctionConfig
            {
                PropsFunctionCallback = (context, props) =>
                {
                    props.Runtime = new Runtime(package.Runtime);
                    context.GetDeploymentStack<SchoolStack>().Place(props);
                },
                ConstructFunctionCallback = (context, function) => context.GetDeploymentStack<SchoolStack>().Attach(function),
            });

        TopologySteps.Add(builder.Pipeline, aws.Resource.Name, options);
    }
}
