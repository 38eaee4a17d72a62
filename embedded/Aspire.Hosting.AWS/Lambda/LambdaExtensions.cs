using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting;

/// <summary>Adds Lambda functions.</summary>
public static class LambdaExtensions
{
    /// <summary>Adds a Lambda function. In a run the Lambda service emulator runs it; it is added with the first function.</summary>
    /// <typeparam name="TLambdaProject">The class in namespace <c>Projects</c> that the build has generated for its project.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="lambdaHandler">What Lambda calls: the assembly's name for an executable, <c>bootstrap</c> for a native program. <c>assembly::type::method</c> of a class library can be published only.</param>
    /// <param name="options">Settings for a run on this machine.</param>
    /// <returns>The resource's builder.</returns>
    /// <exception cref="NotSupportedException">The application is run, and the handler is a class library's.</exception>
    /// <exception cref="DistributedApplicationException">A setting in <c>Embedded:Lambda</c> cannot be used.</exception>
    public static IResourceBuilder<LambdaProjectResource> AddAWSLambdaFunction<TLambdaProject>(
        this IDistributedApplicationBuilder builder, string name, string lambdaHandler, LambdaFunctionOptions? options = null) where TLambdaProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        return AddFunction(builder, name, lambdaHandler, options ?? new LambdaFunctionOptions(), new TLambdaProject(), typeof(TLambdaProject).Assembly);
    }

    /// <summary>
    /// Adds the Lambda service emulator: the Runtime API, which functions take their events from, and the Invoke API, for AWS SDKs and <c>aws lambda invoke --endpoint-url</c>. Only needed to
    /// set options, and then before the first function.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="options">Its settings.</param>
    /// <returns>The resource's builder.</returns>
    /// <exception cref="InvalidOperationException">It has been added already.</exception>
    public static IResourceBuilder<LambdaEmulatorResource> AddAWSLambdaServiceEmulator(this IDistributedApplicationBuilder builder, LambdaEmulatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Resources.OfType<LambdaEmulatorResource>().Any())
        {
            throw new InvalidOperationException("The Lambda service emulator has been added already. The first AddAWSLambdaFunction adds it: to give it options, call AddAWSLambdaServiceEmulator before, and once.");
        }

        builder.Services.TryAddSingleton<LambdaService>();
        builder.Services.TryAddSingleton<ILambdaInvoker>(services => services.GetRequiredService<LambdaService>());
        return builder.AddResource(new LambdaEmulatorResource(LambdaEmulatorResource.DefaultName))
            .ExcludeFromManifest()
            .WithHttpEndpoint(port: options?.HttpPort, name: LambdaEmulatorResource.EndpointName)
            .WithUrlForEndpoint(LambdaEmulatorResource.EndpointName, url => url.DisplayText = "Lambda API")
            .WithAnnotation(new InProcessAnnotation(context => LambdaServer.StartAsync(context.Services.GetRequiredService<LambdaService>(), context)));
    }

    /// <summary>Adds a function by its project.</summary>
    internal static IResourceBuilder<LambdaProjectResource> AddFunction(
        IDistributedApplicationBuilder builder, string name, string lambdaHandler, LambdaFunctionOptions options, IProjectMetadata project, Assembly? builtInto)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(lambdaHandler);
        var function = builder.AddResource(new LambdaProjectResource(name))
            .WithProject(project, builtInto)
            .WithAnnotation(new LambdaFunctionAnnotation(lambdaHandler, options))
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES", "true")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES", "true");
        ProjectDefaults.ApplyOutput(function);
        if (builder.ExecutionContext.IsRunMode)
        {
            LambdaRun.Configure(function, Emulator(builder));
        }

        return function;
    }

    private static LambdaEmulatorResource Emulator(IDistributedApplicationBuilder builder)
        => builder.Resources.OfType<LambdaEmulatorResource>().FirstOrDefault() ?? builder.AddAWSLambdaServiceEmulator().Resource;
}
