using System.Diagnostics.CodeAnalysis;
using Amazon.CDK;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Deployment.CDKDefaults;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Resource = Aspire.Hosting.ApplicationModel.Resource;
using Stack = Amazon.CDK.Stack;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Where the application is published to in AWS: a CDK app with one stack.</summary>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public abstract class AWSCDKEnvironmentResource : Resource, IComputeEnvironmentResource
{
    private Stack? _stack;

    /// <summary>Creates an environment.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="isPublishMode">Whether the application is published.</param>
    /// <param name="cdkDefaultsProviderFactory">Creates the defaults.</param>
    /// <param name="environmentResourceConfig">Settings.</param>
    protected AWSCDKEnvironmentResource(
        string name, bool isPublishMode, CDKDefaultsProviderFactory cdkDefaultsProviderFactory, AWSCDKEnvironmentResourceConfig? environmentResourceConfig) : base(name)
    {
        ArgumentNullException.ThrowIfNull(cdkDefaultsProviderFactory);
        IsPublishMode = isPublishMode;
        Config = environmentResourceConfig ?? new AWSCDKEnvironmentResourceConfig();
        DefaultsProvider = cdkDefaultsProviderFactory.Create(this);
        Annotations.Add(new PipelineStepAnnotation(_ => CreateSteps()));
    }

    /// <summary>Its settings.</summary>
    public AWSCDKEnvironmentResourceConfig Config { get; }

    /// <summary>The default sizes and the default constructs.</summary>
    public CDKDefaultsProvider DefaultsProvider { get; }

    /// <summary>Whether the application is published.</summary>
    protected bool IsPublishMode { get; }

    /// <summary>The stack, once <see cref="CreateStack"/> has been called.</summary>
    internal Stack CDKStack => _stack ?? throw new InvalidOperationException(
        $"The stack of environment '{Name}' does not exist yet: it is created by the step 'publish-{Name}', which calls the callbacks of PublishAsLambdaFunction when it does.");

    /// <summary>Creates the stack in an app.</summary>
    internal Stack CreateStack(App app) => _stack = BuildStack(app, new StackProps());

    private protected abstract Stack BuildStack(App app, IStackProps props);

    private IEnumerable<PipelineStep> CreateSteps() =>
    [
        new()
        {
            Name = $"validate-{Name}",
            Description = "Checks that everything in the model has a place in AWS.",
            Action = context =>
            {
                PublishableModel.Validate(context.Model, this);
                return Task.CompletedTask;
            },
            // Before anything is built: a Lambda package takes its time.
            RequiredBySteps = [WellKnownPipelineSteps.BuildPrereq, WellKnownPipelineSteps.PublishPrereq],
        },
        new()
        {
            Name = $"publish-{Name}",
            Description = "Synthesizes the CDK app into cdk.out.",
            Action = context => context.Services.GetRequiredService<CDKPublishingStep>().RunAsync(context, this),
            RequiredBySteps = [WellKnownPipelineSteps.Publish],
            DependsOnSteps = [WellKnownPipelineSteps.PublishPrereq, WellKnownPipelineSteps.Build],
        },
        new()
        {
            Name = $"preflight-{Name}",
            Description = "Checks what a deployment needs: Node.js, the CDK's command, credentials, a bootstrapped account, values of parameters.",
            Action = context => CDKPreflight.CheckDeploymentAsync(context, this),
            RequiredBySteps = [$"deploy-{Name}"],
            DependsOnSteps = [WellKnownPipelineSteps.DeployPrereq],
        },
        new()
        {
            Name = $"deploy-{Name}",
            Description = "Deploys cdk.out with the CDK's command.",
            Action = context => context.Services.GetRequiredService<CDKDeployStep>().RunAsync(context, this),
            RequiredBySteps = [WellKnownPipelineSteps.Deploy],
            DependsOnSteps = [WellKnownPipelineSteps.DeployPrereq, WellKnownPipelineSteps.Publish],
            Tags = [WellKnownPipelineTags.DeployCompute],
        },
        new()
        {
            Name = $"destroy-{Name}",
            Description = "Removes the stack with the CDK's command.",
            Action = context => context.Services.GetRequiredService<CDKDestroyStep>().RunAsync(context, this),
            RequiredBySteps = [WellKnownPipelineSteps.Destroy],
            DependsOnSteps = [WellKnownPipelineSteps.DestroyPrereq],
        },
    ];
}

/// <summary>Where the application is published to in AWS: a CDK app with one stack.</summary>
/// <typeparam name="T">The stack's type.</typeparam>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public class AWSCDKEnvironmentResource<T> : AWSCDKEnvironmentResource where T : Stack
{
    private readonly Func<App, IStackProps, T> _stackFactory;

    internal AWSCDKEnvironmentResource(
        string name,
        bool isPublishMode,
        CDKDefaultsProviderFactory cdkDefaultsProviderFactory,
        Func<App, IStackProps, T> stackFactory,
        AWSCDKEnvironmentResourceConfig? environmentResourceConfig) : base(name, isPublishMode, cdkDefaultsProviderFactory, environmentResourceConfig)
        => _stackFactory = stackFactory ?? throw new ArgumentNullException(nameof(stackFactory));

    private protected override Stack BuildStack(App app, IStackProps props) => _stackFactory(app, props);
}
