using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Logging;
using Environment = System.Environment;
using Stack = Amazon.CDK.Stack;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Synthesizes the CDK app of an environment.</summary>
internal sealed class CDKPublishingStep(IPipelineOutputService output)
{
    /// <summary>Where the cloud assembly is.</summary>
    public string AssemblyDirectory => Path.Combine(output.GetOutputDirectory(), "cdk.out");

    /// <summary>Synthesizes the app into <see cref="AssemblyDirectory"/>, which is cleared first.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be synthesized; the message says why.</exception>
    public async Task RunAsync(PipelineStepContext context, AWSCDKEnvironmentResource environment)
    {
        var cancellationToken = context.CancellationToken;
        NodeJs.Find();
        var task = await context.ReportingStep.CreateTaskAsync($"Synthesizing into {AssemblyDirectory}", cancellationToken);
        Clear(AssemblyDirectory);
        using (await JsiiKernel.EnterAsync(cancellationToken))
        {
            try
            {
                await SynthesizeAsync(context, environment);
            }
            catch (Exception exception) when (JsiiKernel.IsFailure(exception))
            {
                throw new DistributedApplicationException($"The CDK app of '{environment.Name}' cannot be synthesized: {JsiiKernel.Describe(exception)}", exception);
            }
        }

        foreach (var warning in CloudAssemblyMessages.Check(AssemblyDirectory, environment.Name))
        {
            context.ReportingStep.Log(LogLevel.Warning, warning);
        }

        await task.SucceedAsync($"Synthesized stack '{environment.CDKStack.StackName}' into {AssemblyDirectory}", cancellationToken);
    }

    private async Task SynthesizeAsync(PipelineStepContext context, AWSCDKEnvironmentResource environment)
    {
        // Nothing that differs from one machine or one time to another: no traces of calls, no usage figures, no description of the construct tree.
        var app = new App(new AppProps { Outdir = AssemblyDirectory, AnalyticsReporting = false, StackTraces = false, TreeMetadata = false });
        var stack = environment.CreateStack(app);
        var callbackContext = new CDKPublishTargetContext(stack, environment.DefaultsProvider);
        var problems = new List<string>();
        var functions = new List<(LambdaProjectResource Resource, FunctionProps Props, PublishLambdaFunctionConfig Config)>();
        foreach (var function in PublishableModel.FunctionsOf(context.Model, environment))
        {
            var variables = await FunctionVariables.ReadAsync(function, p => StackParameters.GetOrCreate(stack, p).ValueAsString, context.ExecutionContext, context.Logger, context.CancellationToken);
            var (props, config) = Describe(function, variables, callbackContext);
            problems.AddRange(variables.ProblemsOf(props.Environment));
            environment.DefaultsProvider.ApplyLambdaFunctionDefaults(props, function);
            functions.Add((function, props, config));
        }

        if (problems.Count > 0)
        {
            throw new DistributedApplicationException(
                $"""
                Environment variables without a meaning in the cloud:
                  - {string.Join($"{Environment.NewLine}  - ", problems)}
                Give each a plain value in its PublishAsLambdaFunction (PropsFunctionCallback: props.Environment), or set it only when builder.ExecutionContext.IsRunMode. A secret is passed by its name: give the function the ARN, and the right to read it.
                """.ReplaceLineEndings());
        }

        foreach (var (resource, props, config) in functions)
        {
            var construct = new Function(stack, $"Function-{resource.Name}", props);
            config.ConstructFunctionCallback?.Invoke(callbackContext, construct);
        }

        app.Synth();
    }

    private static (FunctionProps Props, PublishLambdaFunctionConfig Config) Describe(LambdaProjectResource function, FunctionVariables variables, CDKPublishTargetContext context)
    {
        if (!function.TryGetLastAnnotation<LambdaFunctionAnnotation>(out var annotation) || annotation.DeploymentBundlePath is not { } package)
        {
            throw new DistributedApplicationException($"Lambda function '{function.Name}' has no deployment package: the step 'build-{function.Name}' builds it, and has not run.");
        }

        var props = new FunctionProps
        {
            Code = Code.FromAsset(package),
            Handler = annotation.Handler,
            Environment = new Dictionary<string, string>(variables.Values),
        };
        var config = function.TryGetLastAnnotation<PublishLambdaFunctionAnnotation>(out var publish) ? publish.Config : new PublishLambdaFunctionConfig();
        config.PropsFunctionCallback?.Invoke(context, props);
        return (props, config);
    }

    private static void Clear(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }

            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The output directory '{directory}' cannot be cleared: {exception.Message}", exception);
        }
    }
}
