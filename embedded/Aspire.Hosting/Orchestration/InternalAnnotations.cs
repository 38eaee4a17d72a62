using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>The identity of a resource in telemetry; the same for as long as the app host runs.</summary>
internal sealed class ServiceInstanceAnnotation : IResourceAnnotation
{
    private ServiceInstanceAnnotation()
    {
    }

    public string Id { get; } = Guid.NewGuid().ToString("n")[..8];

    public static string Of(IResource resource)
    {
        lock (resource.Annotations)
        {
            if (!resource.TryGetLastAnnotation<ServiceInstanceAnnotation>(out var annotation))
            {
                annotation = new ServiceInstanceAnnotation();
                resource.Annotations.Add(annotation);
            }

            return annotation.Id;
        }
    }
}

/// <summary>The built output of a project resource.</summary>
internal sealed class ProjectOutputAnnotation(string targetPath) : IResourceAnnotation
{
    public string TargetPath { get; } = targetPath;
}

/// <summary>A process of this machine stands in for the container that the resource is modelled as.</summary>
/// <param name="createProcess">Says what to run, each time the resource is started.</param>
internal sealed class LocalProcessAnnotation(Func<LocalProcessContext, Task<ProcessSpec>> createProcess) : IResourceAnnotation
{
    public Func<LocalProcessContext, Task<ProcessSpec>> CreateProcess { get; } = createProcess;
}

/// <summary>What a process that stands in for a container is made from.</summary>
internal sealed class LocalProcessContext
{
    public required IResource Resource { get; init; }

    /// <summary>The environment variables of the resource, with their values.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The arguments of the resource, with their values.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The endpoints of the resource, all with addresses: the process listens on <see cref="AllocatedEndpoint.Port"/>.</summary>
    public required IReadOnlyList<AllocatedEndpoint> Endpoints { get; init; }

    /// <summary>The root directory of named volumes.</summary>
    public required string VolumesPath { get; init; }

    public required IServiceProvider Services { get; init; }

    public required ILogger Logger { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The directory that holds a named volume, whether it exists or not.</summary>
    public string GetVolumePath(string volumeName) => Path.Combine(VolumesPath, volumeName);
}
