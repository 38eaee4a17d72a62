using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>What people are shown of a resource: where it comes from and what runs. The names are those of Aspire.</summary>
internal static class ResourceFacts
{
    public const string ProjectPath = "project.path";
    public const string ContainerImage = "container.image";
    public const string ExecutablePath = "executable.path";
    public const string ExecutableWorkingDirectory = "executable.workDir";
    public const string ExecutableArguments = "executable.args";
    public const string ExecutableProcessId = "executable.pid";
    public const string ParameterValue = "Value";

    /// <summary>What the model says, before anything has been started.</summary>
    public static ImmutableArray<ResourcePropertySnapshot> OfModel(IResource resource) => resource switch
    {
        ProjectResource when resource.TryGetLastAnnotation<IProjectMetadata>(out var project) => [new(ProjectPath, project.ProjectPath)],
        ContainerResource when resource.TryGetContainerImageName(out var image) => [new(ContainerImage, image)],
        // What runs in the app host itself has no executable of its own: the command of the model is a stand-in.
        ExecutableResource executable when !resource.HasAnnotationOfType<InProcessAnnotation>() => [new(ExecutablePath, executable.Command), new(ExecutableWorkingDirectory, executable.WorkingDirectory)],
        _ => [],
    };

    /// <summary>Adds facts; one of the same name is replaced.</summary>
    public static ImmutableArray<ResourcePropertySnapshot> With(this ImmutableArray<ResourcePropertySnapshot> properties, params ImmutableArray<ResourcePropertySnapshot> added)
        => [.. properties.Where(p => !added.Any(a => a.Name == p.Name)), .. added];
}
