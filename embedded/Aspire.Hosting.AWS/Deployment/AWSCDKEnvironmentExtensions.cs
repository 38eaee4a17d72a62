using System.Diagnostics.CodeAnalysis;
using Amazon.CDK;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS;
using Aspire.Hosting.AWS.Deployment;
using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.AWS.Lambda;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Stack = Amazon.CDK.Stack;

namespace Aspire.Hosting;

/// <summary>Publishes to AWS.</summary>
public static class AWSCDKEnvironmentExtensions
{
    /// <summary>Adds an environment with a stack that has nothing but what the model brings. It is in the model only when the application is published.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="cdkDefaultsProviderFactory">Creates the defaults.</param>
    /// <param name="environmentResourceConfig">Settings.</param>
    /// <param name="stackName">The stack's name; the resource's when null.</param>
    /// <returns>The resource's builder.</returns>
    [Experimental(Constants.ASPIREAWSPUBLISHERS001)]
    public static IResourceBuilder<AWSCDKEnvironmentResource<Stack>> AddAWSCDKEnvironment(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        CDKDefaultsProviderFactory cdkDefaultsProviderFactory,
        AWSCDKEnvironmentResourceConfig? environmentResourceConfig = null,
        string? stackName = null)
        => builder.AddAWSCDKEnvironment(name, cdkDefaultsProviderFactory, (app, props) => new Stack(app, stackName ?? name, props), environmentResourceConfig);

    /// <summary>Adds an environment with a stack of your own. It is in the model only when the application is published.</summary>
    /// <typeparam name="T">The stack's type.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="cdkDefaultsProviderFactory">Creates the defaults.</param>
    /// <param name="stackFactory">Creates the stack. The properties it is given name neither an account nor a region.</param>
    /// <param name="environmentResourceConfig">Settings.</param>
    /// <returns>The resource's builder.</returns>
    [Experimental(Constants.ASPIREAWSPUBLISHERS001)]
    public static IResourceBuilder<AWSCDKEnvironmentResource<T>> AddAWSCDKEnvironment<T>(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        CDKDefaultsProviderFactory cdkDefaultsProviderFactory,
        Func<App, IStackProps, T> stackFactory,
        AWSCDKEnvironmentResourceConfig? environmentResourceConfig = null) where T : Stack
    {
        ArgumentNullException.ThrowIfNull(builder);
        var environment = new AWSCDKEnvironmentResource<T>(name, builder.ExecutionContext.IsPublishMode, cdkDefaultsProviderFactory, stackFactory, environmentResourceConfig);
        if (builder.ExecutionContext.IsRunMode)
        {
            return builder.CreateResourceBuilder(environment);
        }

        builder.Services.TryAddSingleton<ILambdaDeploymentPackager, DefaultLambdaDeploymentPackager>();
        builder.Services.TryAddSingleton<CDKPublishingStep>();
        builder.Services.TryAddSingleton<CDKDeployStep>();
        builder.Services.TryAddSingleton<CDKDestroyStep>();
        return builder.AddResource(environment);
    }

    /// <summary>Publishes the project as a Lambda function, which is what becomes of it anyway, and says how.</summary>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="config">Changes what it becomes.</param>
    /// <returns>The builder.</returns>
    [Experimental(Constants.ASPIREAWSPUBLISHERS001)]
    public static IResourceBuilder<LambdaProjectResource> PublishAsLambdaFunction(this IResourceBuilder<LambdaProjectResource> builder, PublishLambdaFunctionConfig? config = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new PublishLambdaFunctionAnnotation { Config = config ?? new PublishLambdaFunctionConfig() });
    }
}
