using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Docker or Podman.</summary>
internal static class ContainerRuntime
{
    /// <summary>Whether the resource really runs in a container, and so sees this machine under another name.</summary>
    public static bool RunsInContainer(IResource resource) => resource is ContainerResource && !resource.HasAnnotationOfType<LocalProcessAnnotation>();
}
