using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Finds out before a deployment what it will miss, while the packages are still being built.</summary>
internal static class CDKPreflight
{
    /// <summary>Checks what a deployment needs.</summary>
    /// <exception cref="DistributedApplicationException">Something is missing; the message is one sentence that says what, and how to get it.</exception>
    public static async Task CheckDeploymentAsync(PipelineStepContext context, AWSCDKEnvironmentResource environment)
    {
        await CheckParametersAsync(context, environment);
        var account = await FindAccountAsync(environment, context.CancellationToken);
        await account.CheckBootstrapAsync(environment.Config.AWSSDKConfig, context.CancellationToken);
        context.ReportingStep.Log(LogLevel.Information, $"Account {account.Id}, region {account.Region}, AWS CDK {CdkCommand.Version}");
    }

    /// <summary>Checks that the CDK's command runs, and finds the account it will work in.</summary>
    public static async Task<AwsAccount> FindAccountAsync(AWSCDKEnvironmentResource environment, CancellationToken cancellationToken)
    {
        NodeJs.Find();
        await CdkCommand.CheckAsync(cancellationToken);
        return await AwsAccount.FindAsync(environment.Config.AWSSDKConfig, cancellationToken);
    }

    private static async Task CheckParametersAsync(PipelineStepContext context, AWSCDKEnvironmentResource environment)
    {
        var parameters = new List<ParameterResource>();
        foreach (var function in PublishableModel.FunctionsOf(context.Model, environment))
        {
            await FunctionVariables.ReadAsync(
                function,
                parameter =>
                {
                    parameters.Add(parameter);
                    return "";
                },
                context.ExecutionContext,
                context.Logger,
                context.CancellationToken);
        }

        await StackParameters.ReadValuesAsync(parameters.Distinct(), context.CancellationToken);
    }
}
