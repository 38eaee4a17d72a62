using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The commands that every process has.</summary>
internal static class LifecycleCommands
{
    public static void Add(ResourceRunner runner)
    {
        AddCommand(runner.Resource, KnownResourceCommands.StartCommand, "Start", "Play", "Start the resource.", highlighted: true,
            state => IsStopped(state) || state == KnownResourceStates.Waiting ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
            async cancellationToken => await await runner.StartAsync(waitForDependencies: false, cancellationToken));

        AddCommand(runner.Resource, KnownResourceCommands.StopCommand, "Stop", "Stop", "Stop the resource.", highlighted: true,
            state => IsStopped(state) ? ResourceCommandState.Hidden : state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled : ResourceCommandState.Enabled,
            runner.StopAsync);

        AddCommand(runner.Resource, KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", "Stop the resource and start it again.", highlighted: false,
            state => IsStopped(state) || state == KnownResourceStates.Waiting ? ResourceCommandState.Hidden : state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled : ResourceCommandState.Enabled,
            async cancellationToken => await await runner.RestartAsync(cancellationToken));

        void AddCommand(
            IResource resource, string name, string displayName, string icon, string description, bool highlighted,
            Func<string?, ResourceCommandState> stateOf, Func<CancellationToken, Task> execute)
        {
            // The model's own command of that name wins.
            if (resource.Annotations.OfType<ResourceCommandAnnotation>().Any(c => c.Name == name))
            {
                return;
            }

            resource.Annotations.Add(new ResourceCommandAnnotation(
                name,
                displayName,
                context => stateOf(context.ResourceSnapshot.State?.Text),
                async context =>
                {
                    await execute(context.CancellationToken);
                    return name == KnownResourceCommands.StopCommand ? CommandResults.Success() : runner.StartResult();
                },
                description,
                parameter: null,
                confirmationMessage: null,
                icon,
                IconVariant.Filled,
                highlighted));
        }
    }

    private static bool IsStopped(string? state) => state is null || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
}
