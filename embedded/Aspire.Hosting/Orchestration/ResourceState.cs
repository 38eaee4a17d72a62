using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Publishes the states of a resource and of what belongs to it, which lives and ends with it.</summary>
internal sealed class ResourceState(IResource resource, IReadOnlyList<IResource> children, ResourceRunnerServices services)
{
    /// <summary>The state between a crash and the next start.</summary>
    public const string Restarting = "Restarting";

    private static readonly ResourceStateSnapshot RestartingState = new(Restarting, KnownResourceStateStyles.Warn);
    private static readonly ResourceStateSnapshot RunningState = new(KnownResourceStates.Running, KnownResourceStateStyles.Success);
    private static readonly ResourceStateSnapshot FailedState = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error);

    public Task StartingAsync() => PublishAsync(s => s with { State = KnownResourceStates.Starting, ExitCode = null, StopTimeStamp = null, FailureReason = null });

    public async Task RunningAsync(ProcessSpec spec, IRunningResource running)
    {
        await services.Notifications.PublishUpdateAsync(resource, s => s with
        {
            EnvironmentVariables = [.. spec.Environment.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new EnvironmentVariableSnapshot(v.Key, v.Value, IsFromSpec: true))],
            // What stands in for a process says itself what it is.
            Properties = running is not ISupervisedProcess process ? s.Properties : s.Properties.With(
                new(ResourceFacts.ExecutablePath, spec.FileName),
                new(ResourceFacts.ExecutableWorkingDirectory, spec.WorkingDirectory),
                new(ResourceFacts.ExecutableArguments, spec.Arguments.ToImmutableArray()) { IsSensitive = true },
                new(ResourceFacts.ExecutableProcessId, process.Id.ToString(CultureInfo.InvariantCulture))),
        });
        await PublishAsync(s => s with { State = RunningState, StartTimeStamp = running.StartTimeUtc, Urls = Active(s.Urls, active: true) });
    }

    // What has just ended by itself does not stop any more.
    public Task StoppingAsync() => PublishAsync(s => s.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text) ? s : s with { State = KnownResourceStates.Stopping });

    public Task RestartingAsync(int exitCode) => PublishAsync(s => Ended(s, RestartingState, exitCode));

    public Task FinishedAsync(int exitCode) => PublishAsync(s => Ended(s, KnownResourceStates.Finished, exitCode));

    public Task ExitedAsync(int? exitCode) => PublishAsync(s => Ended(s, KnownResourceStates.Exited, exitCode));

    public Task FailedToStartAsync(int? exitCode, string reason) => PublishAsync(s => Ended(s, FailedState, exitCode) with { FailureReason = reason });

    private static CustomResourceSnapshot Ended(CustomResourceSnapshot snapshot, ResourceStateSnapshot? state, int? exitCode)
        => snapshot with { State = state, ExitCode = exitCode, StopTimeStamp = DateTime.UtcNow, Urls = Active(snapshot.Urls, active: false) };

    private static ImmutableArray<UrlSnapshot> Active(ImmutableArray<UrlSnapshot> urls, bool active)
        => [.. urls.Select(u => u.Name is null ? u : u with { IsInactive = !active })];

    private async Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        await services.Notifications.PublishUpdateAsync(resource, change);
        foreach (var child in children)
        {
            await services.Notifications.PublishUpdateAsync(child, change);
        }
    }
}
