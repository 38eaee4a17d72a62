using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Dashboard.Resources;

/// <summary>What a resource is made from.</summary>
/// <param name="Text">Short: a file's name, an image.</param>
/// <param name="Full">In full: a path.</param>
/// <param name="ArgumentCount">How many arguments it is started with; their values may be secret and are only in the details.</param>
public sealed record SourceView(string Text, string Full, int ArgumentCount)
{
    public static SourceView? Of(IResource resource, CustomResourceSnapshot snapshot)
    {
        var arguments = Value(ResourceFacts.ExecutableArguments) is IReadOnlyCollection<string> list ? list.Count : 0;
        if (Text(CustomResourceKnownProperties.Source) is { } source)
        {
            return new(source, source, arguments);
        }

        if (Text(ResourceFacts.ProjectPath) is { } project)
        {
            return new(Path.GetFileName(project), project, arguments);
        }

        if (ContainerRuntime.RunsInContainer(resource) && Text(ResourceFacts.ContainerImage) is { } image)
        {
            // What is executed is the container runtime, and most of its arguments are about the image.
            return new(image, image, 0);
        }

        // A process of this machine may stand in for a container: then it is what runs.
        return Text(ResourceFacts.ExecutablePath) is { } executable ? new(Path.GetFileName(executable), executable, arguments)
            : Text(ResourceFacts.ContainerImage) is { } modelled ? new(modelled, modelled, 0)
            : null;

        object? Value(string name) => snapshot.Properties.FirstOrDefault(p => p.Name == name)?.Value;

        string? Text(string name) => Value(name) is string { Length: > 0 } text ? text : null;
    }
}
