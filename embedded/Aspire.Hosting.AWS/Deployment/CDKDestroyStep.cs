using Aspire.Hosting.Pipelines;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Placeholder.</summary>
internal sealed class CDKDestroyStep
{
    public Task RunAsync(PipelineStepContext context, AWSCDKEnvironmentResource environment) => throw new NotSupportedException("not yet");
}
