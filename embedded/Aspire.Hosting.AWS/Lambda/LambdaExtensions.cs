using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;

namespace Aspire.Hosting;

/// <summary>Adds Lambda functions.</summary>
public static class LambdaExtensions
{
    /// <summary>Adds a Lambda function.</summary>
    /// <typeparam name="TLambdaProject">The class in namespace <c>Projects</c> that the build has generated for its project.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="lambdaHandler">What Lambda calls: the assembly's name for an executable, <c>assembly::type::method</c> for a class library, <c>bootstrap</c> for a native program.</param>
    /// <param name="options">Settings for a run on this machine.</param>
    /// <returns>The resource's builder.</returns>
    /// <exception cref="NotSupportedException">The application is run, not published: there is no Lambda emulation yet.</exception>
    public static IResourceBuilder<LambdaProjectResource> AddAWSLambdaFunction<TLambdaProject>(
        this IDistributedApplicationBuilder builder, string name, string lambdaHandler, LambdaFunctionOptions? options = null) where TLambdaProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(lambdaHandler);
        if (builder.ExecutionContext.IsRunMode)
        {
            throw new NotSupportedException(
                $"Lambda function '{name}' cannot run on this machine: the embedded Aspire.Hosting.AWS has no Lambda emulation yet. Add the project with AddProject unless builder.ExecutionContext.IsPublishMode.");
        }

        return builder.AddResource(new LambdaProjectResource(name))
            .WithAnnotation(new TLambdaProject())
            .WithAnnotation(new LambdaFunctionAnnotation(lambdaHandler, options ?? new LambdaFunctionOptions()))
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES", "true")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES", "true")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory")
            .WithOtlpExporter();
    }
}
