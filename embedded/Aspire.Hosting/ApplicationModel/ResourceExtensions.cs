using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Reads the annotations of resources.</summary>
public static class ResourceExtensions
{
    /// <summary>The last annotation of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="annotation">The annotation, when there is one.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation) where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    /// <summary>The annotations of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="result">The annotations, when there are any.</param>
    /// <returns>Whether there are any.</returns>
    public static bool TryGetAnnotationsOfType<T>(this IResource resource, [NotNullWhen(true)] out IEnumerable<T>? result) where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        T[] found = [.. resource.Annotations.OfType<T>()];
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    /// <summary>The annotations of a type, of the resource and of those it belongs to.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="result">The annotations, when there are any.</param>
    /// <returns>Whether there are any.</returns>
    public static bool TryGetAnnotationsIncludingAncestorsOfType<T>(this IResource resource, [NotNullWhen(true)] out IEnumerable<T>? result) where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        List<T> found = [];
        for (var current = resource; current is not null; current = (current as IResourceWithParent)?.Parent)
        {
            found.AddRange(current.Annotations.OfType<T>());
        }

        result = found.Count > 0 ? found : null;
        return result is not null;
    }

    /// <summary>Whether there is an annotation of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <returns>Whether there is one.</returns>
    public static bool HasAnnotationOfType<T>(this IResource resource) where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Annotations.Any(a => a is T);
    }

    /// <summary>Whether there is an annotation of a type on the resource or on one it belongs to.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <returns>Whether there is one.</returns>
    public static bool HasAnnotationIncludingAncestorsOfType<T>(this IResource resource) where T : IResourceAnnotation
        => resource.TryGetAnnotationsIncludingAncestorsOfType<T>(out _);

    /// <summary>The environment callbacks.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="environmentVariables">The callbacks, when there are any.</param>
    /// <returns>Whether there are any.</returns>
    public static bool TryGetEnvironmentVariables(this IResource resource, [NotNullWhen(true)] out IEnumerable<EnvironmentCallbackAnnotation>? environmentVariables)
        => resource.TryGetAnnotationsOfType(out environmentVariables);

    /// <summary>The endpoints.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpoints">The endpoints, when there are any.</param>
    /// <returns>Whether there are any.</returns>
    public static bool TryGetEndpoints(this IResource resource, [NotNullWhen(true)] out IEnumerable<EndpointAnnotation>? endpoints)
        => resource.TryGetAnnotationsOfType(out endpoints);

    /// <summary>The URLs.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="urls">The URLs, when there are any.</param>
    /// <returns>Whether there are any.</returns>
    public static bool TryGetUrls(this IResource resource, [NotNullWhen(true)] out IEnumerable<ResourceUrlAnnotation>? urls)
        => resource.TryGetAnnotationsOfType(out urls);

    /// <summary>The volumes and directories of a container.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="volumeMounts">The mounts, when there are any.</param>
    /// <returns>Whether there are any.</returns>
    public static bool TryGetContainerMounts(this IResource resource, [NotNullWhen(true)] out IEnumerable<ContainerMountAnnotation>? volumeMounts)
        => resource.TryGetAnnotationsOfType(out volumeMounts);

    /// <summary>The image of a container, with registry and tag or digest.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="imageName">The image, when it is one.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryGetContainerImageName(this IResource resource, [NotNullWhen(true)] out string? imageName)
    {
        imageName = null;
        if (resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image))
        {
            var registry = image.Registry is { Length: > 0 } r ? $"{r}/" : "";
            var version = image.SHA256 is { Length: > 0 } digest ? $"@sha256:{digest}" : image.Tag is { Length: > 0 } tag ? $":{tag}" : "";
            imageName = $"{registry}{image.Image}{version}";
        }

        return imageName is not null;
    }

    /// <summary>A reference to each endpoint.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The references.</returns>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return [.. resource.Annotations.OfType<EndpointAnnotation>().Select(e => new EndpointReference(resource, e))];
    }

    /// <summary>A reference to each endpoint.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="contextNetworkId">The network the addresses are wanted in.</param>
    /// <returns>The references.</returns>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource, NetworkIdentifier contextNetworkId)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return [.. resource.Annotations.OfType<EndpointAnnotation>().Select(e => new EndpointReference(resource, e, contextNetworkId))];
    }

    /// <summary>A reference to an endpoint, which may be added later.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <returns>The reference.</returns>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) => new(resource, endpointName);

    /// <summary>A reference to an endpoint, which may be added later.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="contextNetworkId">The network the address is wanted in.</param>
    /// <returns>The reference.</returns>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName, NetworkIdentifier contextNetworkId) => new(resource, endpointName, contextNetworkId);

    /// <summary>How many copies run.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The number.</returns>
    public static int GetReplicaCount(this IResource resource) => resource.TryGetLastAnnotation<ReplicaAnnotation>(out var replicas) ? replicas.Replicas : 1;

    /// <summary>The environment that has been chosen for the resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The environment; null when none has been.</returns>
    public static IComputeEnvironmentResource? GetComputeEnvironment(this IResource resource)
        => resource.TryGetLastAnnotation<ComputeEnvironmentAnnotation>(out var chosen) ? chosen.ComputeEnvironment : null;

    /// <summary>What realises the resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="targetComputeEnvironment">The environment it is published to; the chosen one when null.</param>
    /// <returns>The annotation; null when there is none for that environment.</returns>
    /// <exception cref="InvalidOperationException">There are several, and no environment has been chosen.</exception>
    public static DeploymentTargetAnnotation? GetDeploymentTargetAnnotation(this IResource resource, IComputeEnvironmentResource? targetComputeEnvironment = null)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var wanted = resource.GetComputeEnvironment() ?? targetComputeEnvironment;
        if (targetComputeEnvironment is not null && wanted != targetComputeEnvironment)
        {
            return null;
        }

        DeploymentTargetAnnotation[] targets = [.. resource.Annotations.OfType<DeploymentTargetAnnotation>().Where(t => wanted is null || t.ComputeEnvironment is null || t.ComputeEnvironment == wanted)];
        return wanted is null && targets.Length > 1
            ? throw new InvalidOperationException(
                $"Resource '{resource.Name}' has several deployment targets ({string.Join(", ", targets.Select(t => $"'{t.DeploymentTarget.Name}'"))}): choose one with WithComputeEnvironment.")
            : targets.LastOrDefault();
    }

    /// <summary>Whether the resource has no part in what is published.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>Whether it has none.</returns>
    public static bool IsExcludedFromPublish(this IResource resource) => resource.HasAnnotationOfType<ManifestPublishingCallbackAnnotation>();

    /// <summary>The environment variables the resource would be given, with their values. Needs allocated endpoints.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="applicationOperation">Whether the application runs or is published; expressions stand for values when it is published.</param>
    /// <returns>The variables.</returns>
    [Obsolete("Reads the variables outside the application: callbacks that need its services fail.")]
    public static async ValueTask<Dictionary<string, string>> GetEnvironmentVariableValuesAsync(
        this IResourceWithEnvironment resource, DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run)
        => await Orchestration.ResourceConfiguration.ResolveEnvironmentAsync(resource, new DistributedApplicationExecutionContext(applicationOperation), logger: null, CancellationToken.None);

    /// <summary>The command-line arguments the resource would be given. Needs allocated endpoints.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="applicationOperation">Whether the application runs or is published; expressions stand for values when it is published.</param>
    /// <returns>The arguments.</returns>
    [Obsolete("Reads the arguments outside the application: callbacks that need its services fail.")]
    public static async ValueTask<string[]> GetArgumentValuesAsync(
        this IResourceWithArgs resource, DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run)
        => [.. await Orchestration.ResourceConfiguration.ResolveArgumentsAsync(resource, new DistributedApplicationExecutionContext(applicationOperation), logger: null, CancellationToken.None)];
}
