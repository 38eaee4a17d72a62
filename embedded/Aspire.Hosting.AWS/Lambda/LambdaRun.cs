using System.Globalization;
using Amazon.Lambda;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>A function in a run: what its environments are told, and how it is started.</summary>
internal static class LambdaRun
{
    /// <summary>The command that turns debugging on and off.</summary>
    public const string DebugCommand = "lambda-debug";

    public static void Configure(IResourceBuilder<LambdaProjectResource> builder, LambdaEmulatorResource emulator)
    {
        var function = builder.Resource;
        var annotation = function.Annotations.OfType<LambdaFunctionAnnotation>().Last();
        if (annotation.Handler.Contains("::", StringComparison.Ordinal))
        {
            throw new NotSupportedException(
                $"Lambda function '{function.Name}' cannot run on this machine: the embedded Aspire.Hosting.AWS does not run class libraries ('{annotation.Handler}'). Make its project an executable, whose handler is the assembly's name.");
        }

        // Read now, so that a wrong value ends the start and not the first event.
        var settings = LambdaSettings.Read(builder.ApplicationBuilder.Configuration, function.Name);
        builder
            .WithParentRelationship(emulator)
            .WithEnvironment(context => SetVariables(context, function, annotation, settings, emulator))
            .WithAnnotation(new InProcessAnnotation(context => StartAsync(context, function, annotation, settings)))
            .WithCommand(DebugCommand, "Debug", context => ToggleDebugging(context, function.Name), new CommandOptions
            {
                Description = "One environment without deadlines that is not stopped between events, for a debugger; again to go back.",
                IconName = "Bug",
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            });
    }

    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    private static void SetVariables(EnvironmentCallbackContext context, LambdaProjectResource function, LambdaFunctionAnnotation annotation, LambdaSettings settings, LambdaEmulatorResource emulator)
    {
        var region = RegionOf(function);
        var variables = context.EnvironmentVariables;
        var endpoint = emulator.GetEndpoint(LambdaEmulatorResource.EndpointName);
        // An environment of the service gets an address of its own; this one is for a process that someone starts by hand.
        variables["AWS_LAMBDA_RUNTIME_API"] = ReferenceExpression.Create($"127.0.0.1:{endpoint.Property(EndpointProperty.Port)}/{function.Name}");
        variables["AWS_EXECUTION_ENV"] = $"aspire.hosting.aws#{typeof(LambdaRun).Assembly.GetName().Version}";
        variables["AWS_LAMBDA_FUNCTION_NAME"] = function.Name;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = settings.MemorySize.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{function.Name}";
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = "";
        variables["AWS_LAMBDA_LOG_FORMAT"] = annotation.Options.LogFormat.Value;
        variables["AWS_LAMBDA_LOG_LEVEL"] = annotation.Options.ApplicationLogLevel.Value;
        variables["_HANDLER"] = annotation.Handler;
        variables["AWS_REGION"] = region;
        variables["AWS_DEFAULT_REGION"] = region;
    }

    private static string RegionOf(LambdaProjectResource function)
        => (function.TryGetLastAnnotation<SDKResourceAnnotation>(out var sdk) ? sdk.SdkConfig.Region?.SystemName : null)
            ?? Environment.GetEnvironmentVariable("AWS_REGION")
            ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION")
            ?? LambdaNames.DefaultRegion;

    private static async Task<IRunningResource> StartAsync(InProcessContext context, LambdaProjectResource function, LambdaFunctionAnnotation annotation, LambdaSettings settings)
    {
        var service = context.Services.GetRequiredService<LambdaService>();
        var runtimeApi = await service.RuntimeApiAsync(context.CancellationToken);
        var package = settings.Package == LambdaPackage.Deployment
            ? await DeploymentPackage.BuildAsync(function, annotation.Handler, context)
            : null;
        var telemetry = ResourceTelemetry.Start(
            function, context.Services, FunctionTelemetry.Scope, new("faas.name", function.Name), new("faas.version", "$LATEST"), new("faas.max_memory", (long)settings.MemorySize << 20));
        var running = new LambdaFunction(
            new LambdaFunctionDefinition(
                function.Name,
                LambdaNames.Arn(RegionOf(function), function.Name),
                package?.Process ?? WithTaskRoot(context.Process),
                runtimeApi,
                settings,
                annotation.Options.LogFormat == LogFormat.JSON),
            service,
            context,
            package,
            telemetry);
        service.Add(running);
        try
        {
            await running.PrewarmAsync(context.CancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    private static ProcessSpec WithTaskRoot(ProcessSpec process)
    {
        // Either the program's own launcher, or 'dotnet exec ASSEMBLY'.
        var program = process.Arguments is ["exec", var assembly, ..] ? assembly : process.FileName;
        return process with
        {
            Environment = new Dictionary<string, string>(process.Environment) { ["LAMBDA_TASK_ROOT"] = Path.GetDirectoryName(Path.GetFullPath(program, process.WorkingDirectory))! },
        };
    }

    private static Task<ExecuteCommandResult> ToggleDebugging(ExecuteCommandContext context, string name)
    {
        if (context.ServiceProvider.GetRequiredService<LambdaService>().Find(name) is not { } function)
        {
            return Task.FromResult(CommandResults.Failure($"Lambda function '{name}' does not run."));
        }

        function.Debugging = !function.Debugging;
        var message = function.Debugging
            ? "Debugging: one environment, which is not stopped between events and has no deadline. Attach a debugger to its process."
            : "No longer debugging.";
        context.Logger.LogInformation("{Message}", message);
        return Task.FromResult(CommandResults.Success(message));
    }
}
