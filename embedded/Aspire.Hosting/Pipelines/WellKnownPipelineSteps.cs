using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>The names of the steps every pipeline has.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public static class WellKnownPipelineSteps
{
    /// <summary>Everything that comes before the application starts or is published.</summary>
    public const string BeforeStart = "before-start";

    /// <summary>Everything that is built.</summary>
    public const string Build = "build";

    /// <summary>What comes before anything is built.</summary>
    public const string BuildPrereq = "build-prereq";

    /// <summary>Checks that containers can be run.</summary>
    public const string CheckContainerRuntime = "check-container-runtime";

    /// <summary>Everything that is deployed.</summary>
    public const string Deploy = "deploy";

    /// <summary>What comes before anything is deployed.</summary>
    public const string DeployPrereq = "deploy-prereq";

    /// <summary>Everything that is removed.</summary>
    public const string Destroy = "destroy";

    /// <summary>What comes before anything is removed.</summary>
    public const string DestroyPrereq = "destroy-prereq";

    /// <summary>Shows the steps and what they depend on.</summary>
    public const string Diagnostics = "diagnostics";

    /// <summary>Settles the values of parameters.</summary>
    public const string ProcessParameters = "process-parameters";

    /// <summary>Everything that is published.</summary>
    public const string Publish = "publish";

    /// <summary>What comes before anything is published.</summary>
    public const string PublishPrereq = "publish-prereq";

    /// <summary>Everything that is pushed to a registry.</summary>
    public const string Push = "push";

    /// <summary>What comes before anything is pushed.</summary>
    public const string PushPrereq = "push-prereq";

    /// <summary>Checks that each resource has one environment to run in.</summary>
    public const string ValidateComputeEnvironments = "validate-compute-environments";
}

/// <summary>Tags of steps that others look for.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public static class WellKnownPipelineTags
{
    /// <summary>Builds a program.</summary>
    public const string BuildCompute = "build-compute";

    /// <summary>Deploys a program.</summary>
    public const string DeployCompute = "deploy-compute";

    /// <summary>Creates infrastructure.</summary>
    public const string ProvisionInfrastructure = "provision-infra";

    /// <summary>Pushes a container image.</summary>
    public const string PushContainerImage = "push-container-image";
}
