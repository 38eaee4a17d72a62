using Aspire.Hosting.Pipelines;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Placeholder.</summary>
internal sealed class CDKPreflight
{
    public Task CheckDeploymentAsync(PipelineStepContext context, AWSCDKEnvironmentResource environment) => throw new NotSupportedException("not yet");
}
