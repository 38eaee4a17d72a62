using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>A .NET project that is a Lambda function.</summary>
public class LambdaProjectResource : ProjectResource
{
    /// <summary>Creates a resource.</summary>
    /// <param name="name">The resource's name.</param>
    public LambdaProjectResource(string name) : base(name)
        => Annotations.Add(new PipelineStepAnnotation(context => context.Resource.IsExcludedFromPublish() ? [] : (IEnumerable<PipelineStep>)
        [
            new PipelineStep
            {
                Name = $"build-{name}",
                Description = $"Builds the deployment package of Lambda function '{name}'.",
                Action = BuildPackageAsync,
                Tags = [WellKnownPipelineTags.BuildCompute],
                RequiredBySteps = [WellKnownPipelineSteps.Build],
                DependsOnSteps = [WellKnownPipelineSteps.BuildPrereq],
            },
        ]));

    private async Task BuildPackageAsync(PipelineStepContext context)
    {
        if (!this.TryGetLastAnnotation<LambdaFunctionAnnotation>(out var function))
        {
            throw new DistributedApplicationException($"Lambda function '{Name}' has no handler: add it with AddAWSLambdaFunction.");
        }

        var packager = context.Services.GetService<ILambdaDeploymentPackager>()
            ?? throw new DistributedApplicationException($"Nothing packages Lambda function '{Name}': call AddAWSCDKEnvironment, or register an {nameof(ILambdaDeploymentPackager)}.");
        var directory = context.Services.GetRequiredService<IPipelineOutputService>().GetTempDirectory(this);
        Directory.CreateDirectory(directory);
        var result = await packager.CreateDeploymentPackageAsync(this, directory, context.CancellationToken);
        if (!result.Success)
        {
            throw new DistributedApplicationException($"The deployment package of Lambda function '{Name}' could not be built; what went wrong is among the lines above.");
        }

        if (result.LocalLocation is not { } location || !Path.Exists(location))
        {
            throw new DistributedApplicationException($"The packager of Lambda function '{Name}' reports success, but its package '{result.LocalLocation}' does not exist.");
        }

        function.DeploymentBundlePath = Path.GetFullPath(location);
    }
}

/// <summary>What is known about a Lambda function.</summary>
internal sealed class LambdaFunctionAnnotation(string handler, LambdaFunctionOptions options) : IResourceAnnotation
{
    /// <summary>What Lambda calls.</summary>
    public string Handler { get; } = handler;

    public LambdaFunctionOptions Options { get; } = options;

    /// <summary>The deployment package, once it is built: a zip file or a directory.</summary>
    public string? DeploymentBundlePath { get; set; }
}
