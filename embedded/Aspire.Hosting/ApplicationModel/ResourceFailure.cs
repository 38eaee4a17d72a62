namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says why a resource is not available.</summary>
internal static class ResourceFailure
{
    private const int LastLines = 10;

    public static bool IsUnavailable(CustomResourceSnapshot snapshot)
        => snapshot.State is { } state && (KnownResourceStates.TerminalStates.Contains(state.Text) || state.Text == KnownResourceStates.RuntimeUnhealthy);

    public static string Describe(ResourceEvent @event, ResourceLoggerService loggers)
    {
        var snapshot = @event.Snapshot;
        var state = snapshot.State?.Text;
        var exit = snapshot.ExitCode is { } code ? $" with exit code {code}" : "";
        var what = state switch
        {
            _ when snapshot.FailureReason is { } reason => $"Resource '{@event.Resource.Name}' failed: {reason}",
            "FailedToStart" => $"Resource '{@event.Resource.Name}' failed to start{exit}.",
            "Finished" => $"Resource '{@event.Resource.Name}' ended{exit}.",
            "Exited" => $"Resource '{@event.Resource.Name}' stopped{exit}.",
            _ => $"Resource '{@event.Resource.Name}' is in state '{state}'.",
        };

        return WithLastOutput(@event.Resource, what, loggers);
    }

    public static string Describe(IResource resource, string reason, ResourceLoggerService loggers)
        => WithLastOutput(resource, $"Resource '{resource.Name}' failed: {reason}", loggers);

    private static string WithLastOutput(IResource resource, string what, ResourceLoggerService loggers)
    {
        var lines = loggers.GetLastLines(resource.Name, LastLines);
        return lines.Count == 0 ? what : $"{what} Its last output:{Environment.NewLine}{string.Join(Environment.NewLine, lines.Select(l => $"    {l}"))}";
    }
}

/// <summary>The kinds of resource, for display.</summary>
internal static class ResourceTypes
{
    public const string Parameter = "Parameter";
    public const string ConnectionString = "ConnectionString";
    public const string ExternalService = "ExternalService";

    public static string NameOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Container",
        ExecutableResource => "Executable",
        ParameterResource => Parameter,
        ConnectionStringResource => ConnectionString,
        _ => resource.GetType().Name,
    };
}
