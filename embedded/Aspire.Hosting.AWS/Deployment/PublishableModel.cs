using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>What of the model an environment publishes.</summary>
internal static class PublishableModel
{
    /// <summary>The Lambda functions that are published to an environment.</summary>
    public static IEnumerable<LambdaProjectResource> FunctionsOf(DistributedApplicationModel model, AWSCDKEnvironmentResource environment)
        => model.Resources.OfType<LambdaProjectResource>().Where(r => !r.IsExcludedFromPublish() && IsFor(r, environment));

    /// <summary>Checks that nothing of the model is forgotten.</summary>
    /// <exception cref="DistributedApplicationException">Some resources have no place in the environment; the message names all of them.</exception>
    public static void Validate(DistributedApplicationModel model, AWSCDKEnvironmentResource environment)
    {
        IResource[] homeless = [.. model.Resources.Where(r => IsFor(r, environment) && !HasPlace(r, environment))];
        if (homeless.Length > 0)
        {
            throw new DistributedApplicationException(
                $"""
                Nothing publishes {string.Join(", ", homeless.Select(r => $"'{r.Name}' ({r.GetType().Name})"))} to '{environment.Name}'. Of each, say what becomes of it:
                  - a project that is a Lambda function is added with AddAWSLambdaFunction;
                  - what the stack brings itself is marked with .WithAnnotation(new DeploymentTargetAnnotation({environment.Name}.Resource));
                  - what is not needed in the cloud is left out with .ExcludeFromManifest().
                """.ReplaceLineEndings());
        }
    }

    private static bool IsFor(IResource resource, AWSCDKEnvironmentResource environment) => resource.GetComputeEnvironment() is not { } chosen || chosen == environment;

    private static bool HasPlace(IResource resource, AWSCDKEnvironmentResource environment)
    {
        // Environments, values, and what somebody else runs: nothing has to become of them.
        if (resource is IComputeEnvironmentResource or ParameterResource or ConnectionStringResource or ExternalServiceResource || resource.IsExcludedFromPublish())
        {
            return true;
        }

        return resource is LambdaProjectResource
            || resource.GetDeploymentTargetAnnotation(environment) is not null
            || (resource is IResourceWithParent child && HasPlace(child.Parent, environment));
    }
}
