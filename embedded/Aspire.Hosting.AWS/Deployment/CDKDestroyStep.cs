using Amazon.CDK;
using Aspire.Hosting.Pipelines;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Removes the stack of an environment.</summary>
internal sealed class CDKDestroyStep(IPipelineOutputService output, IPipelineConfirmation confirmation)
{
    /// <summary>Removes the stack, once somebody has confirmed that.</summary>
    /// <exception cref="DistributedApplicationException">Nobody has confirmed it, or it cannot be removed; the message says why.</exception>
    public async Task RunAsync(PipelineStepContext context, AWSCDKEnvironmentResource environment)
    {
        // Before anything else takes its time: nobody will be there to be asked.
        confirmation.EnsurePossible($"Removing what '{environment.Name}' has deployed");
        var account = await CDKPreflight.FindAccountAsync(environment, context.CancellationToken);
        var (directory, stack) = await SynthesizeAsync(environment, context.CancellationToken);
        if (!await confirmation.ConfirmAsync($"Remove stack '{stack}' and what is in it from account {account.Id} in {account.Region}?", context.CancellationToken))
        {
            throw new DistributedApplicationException("Nothing has been removed: the answer was no.");
        }

        var task = await context.ReportingStep.CreateTaskAsync($"Removing stack '{stack}' from account {account.Id} in {account.Region}", context.CancellationToken);
        await CdkCommand.RunAsync(["destroy", "--all", "--app", directory, "--force", "--no-notices", "--progress", "events"], account, context.Logger, context.CancellationToken);
        await task.SucceedAsync($"Removed stack '{stack}' from account {account.Id} in {account.Region}", context.CancellationToken);
    }

    // The command wants an assembly to know the stack's name. Nothing but the stack itself is in this one: no function is built to be removed.
    private async Task<(string Directory, string Stack)> SynthesizeAsync(AWSCDKEnvironmentResource environment, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(output.GetTempDirectory(environment), "cdk.out");
        using var turn = await JsiiKernel.EnterAsync(cancellationToken);
        try
        {
            var app = new App(new AppProps { Outdir = directory, AnalyticsReporting = false, StackTraces = false, TreeMetadata = false });
            var stack = environment.CreateStack(app);
            app.Synth();
            return (directory, stack.StackName);
        }
        catch (Exception exception) when (JsiiKernel.IsFailure(exception))
        {
            throw new DistributedApplicationException($"The CDK app of '{environment.Name}' cannot be synthesized: {JsiiKernel.Describe(exception)}", exception);
        }
    }
}
