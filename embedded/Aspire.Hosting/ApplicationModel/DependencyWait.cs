using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Carries out the <see cref="WaitAnnotation"/>s of a resource.</summary>
internal static class DependencyWait
{
    public static async Task RunAsync(ResourceNotificationService notifications, IResource resource, CancellationToken cancellationToken)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Where(w => w.Resource is not IResourceWithoutLifetime).ToArray();
        if (waits.Length == 0)
        {
            return;
        }

        await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Waiting });

        // The first failure ends the other waits: what has failed is known, waiting on would only hide it.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(waits.Select(wait => RunAsync(notifications, resource, wait, ending)));
    }

    private static async Task RunAsync(ResourceNotificationService notifications, IResource resource, WaitAnnotation wait, CancellationTokenSource ending)
    {
        var log = notifications.Loggers.GetLogger(resource);
        var stop = (wait.WaitBehavior ?? notifications.DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        var dependency = wait.Resource;
        log.LogDebug("Waiting for {Dependency} ({WaitType}).", dependency.Name, wait.WaitType);
        try
        {
            switch (wait.WaitType)
            {
                case WaitType.WaitUntilStarted:
                    Demand(notifications, resource, wait, await notifications.WaitForResourceAsync(
                        dependency.Name, e => IsRunning(e.Snapshot) || (stop && ResourceFailure.IsUnavailable(e.Snapshot)), ending.Token), e => IsRunning(e.Snapshot));
                    break;

                case WaitType.WaitUntilHealthy:
                    var @event = await notifications.WaitForResourceAsync(
                        dependency.Name, e => ResourceNotificationService.IsReady(e.Snapshot) || (stop && ResourceFailure.IsUnavailable(e.Snapshot)), ending.Token);
                    Demand(notifications, resource, wait, @event, e => ResourceNotificationService.IsReady(e.Snapshot));
                    await @event.Snapshot.ResourceReadyEvent!.EventTask.WaitAsync(ending.Token);
                    break;

                case WaitType.WaitForCompletion:
                    // A wrong exit code never becomes a right one: this wait fails whatever the wait behaviour is.
                    Demand(notifications, resource, wait, await notifications.WaitForResourceAsync(
                        dependency.Name, e => e.Snapshot.State is { } s && KnownResourceStates.TerminalStates.Contains(s.Text), ending.Token),
                        e => e.Snapshot.State!.Text != KnownResourceStates.FailedToStart && (e.Snapshot.ExitCode ?? 0) == wait.ExitCode);
                    break;

                default:
                    throw new InvalidOperationException($"Unknown wait type '{wait.WaitType}'.");
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await ending.CancelAsync();
            throw;
        }

        log.LogDebug("{Dependency} is there.", dependency.Name);
    }

    private static bool IsRunning(CustomResourceSnapshot snapshot) => snapshot.State?.Text == KnownResourceStates.Running;

    private static void Demand(ResourceNotificationService notifications, IResource resource, WaitAnnotation wait, ResourceEvent @event, Func<ResourceEvent, bool> condition)
    {
        if (!condition(@event))
        {
            throw new DependencyFailedException(resource, wait, ResourceFailure.Describe(@event, notifications.Loggers));
        }
    }
}

/// <summary>What a resource waits for cannot become available.</summary>
internal sealed class DependencyFailedException(IResource resource, WaitAnnotation wait, string reason)
    : DistributedApplicationException($"Resource '{resource.Name}' was not started because it waits for '{wait.Resource.Name}'{Expectation(wait)}. {reason}")
{
    /// <summary>The same without what happened to the other resource, which has said that itself.</summary>
    public string ShortMessage { get; } = $"not started, it waits for '{wait.Resource.Name}'{Expectation(wait)}";

    private static string Expectation(WaitAnnotation wait)
        => wait.WaitType == WaitType.WaitForCompletion ? $" to end with exit code {wait.ExitCode}" : "";
}
