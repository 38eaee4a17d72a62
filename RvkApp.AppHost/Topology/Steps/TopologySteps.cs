using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace RvkApp.AppHost.Topology.Steps;

/// <summary>The steps of this application's pipeline: nothing is published, and so nothing deployed, that verification has not passed.</summary>
internal static class TopologySteps
{
    /// <summary>Verifies what is in the output directory already: <c>--step verify</c>.</summary>
    public const string Verify = "verify";

    /// <summary>Compares what is deployed with what is in the output directory: <c>--step audit</c>.</summary>
    public const string Audit = "audit";

    /// <summary>Adds the steps.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="environment">The name of the AWS environment, after which its own steps are named.</param>
    /// <param name="options">What the stack is made with.</param>
    public static void Add(IDistributedApplicationPipeline pipeline, string environment, TopologyOptions options)
    {
        pipeline.AddStep(new PipelineStep
        {
            Name = $"verify-{environment}",
            Description = "Proves on the synthesized template that it is the specified topology, and draws it.",
            Action = context => VerifyStep.RunAsync(context, Output(context), options),
            DependsOnSteps = [$"publish-{environment}"],
            RequiredBySteps = [WellKnownPipelineSteps.Publish],
        });
        pipeline.AddStep(new PipelineStep
        {
            Name = Verify,
            Description = "The same on the template of an earlier publish.",
            Action = context => VerifyStep.RunAsync(context, Output(context), options),
        });
        pipeline.AddStep(new PipelineStep
        {
            Name = Audit,
            Description = "Compares the security groups of the account with the template of an earlier publish.",
            Action = context => AuditStep.RunAsync(context, Output(context), options),
        });
    }

    private static TopologyOutput Output(PipelineStepContext context) => new(context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory());
}
