using System.Collections.Concurrent;
using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Follows the states of all resources. While one runs, its health checks are carried out; once it is healthy, its ready event is published.
/// </summary>
internal sealed class ResourceHealthMonitor(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    HealthCheckService healthChecks,
    IOptions<HealthCheckServiceOptions> healthCheckOptions,
    OrchestratorOptions options,
    IServiceProvider services) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Watch> _watches = new(StringComparer.OrdinalIgnoreCase);
    private Task? _follow;

    /// <summary>Makes sure that every health check a resource refers to exists.</summary>
    /// <exception cref="DistributedApplicationException">One does not.</exception>
    public void Validate(DistributedApplicationModel model)
    {
        var registered = healthCheckOptions.Value.Registrations.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var resource in model.Resources)
        {
            if (resource.Annotations.OfType<HealthCheckAnnotation>().FirstOrDefault(a => !registered.Contains(a.Key)) is { } missing)
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' has the health check '{missing.Key}', which is not registered: add it with builder.Services.AddHealthChecks().");
            }
        }
    }

    public void Start() => _follow = Task.Run(FollowAsync);

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await (_follow ?? Task.CompletedTask);
        await Task.WhenAll(_watches.Values.Select(w => w.EndAsync()));
        _stopping.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var @event in notifications.WatchAsync(_stopping.Token))
            {
                if (@event.Snapshot.State?.Text != KnownResourceStates.Running)
                {
                    if (_watches.TryRemove(@event.ResourceId, out var ended))
                    {
                        _ = ended.EndAsync();
                    }
                }
                else if (!_watches.ContainsKey(@event.ResourceId))
                {
                    _watches[@event.ResourceId] = new Watch(this, @event.Resource, @event.ResourceId, _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task RunAsync(IResource resource, string resourceId, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key).ToHashSet(StringComparer.Ordinal);
        if (keys.Count == 0)
        {
            await PublishReadyAsync(resource, resourceId, cancellationToken);
            return;
        }

        var ready = false;
        var interval = options.Health.Starting;
        while (true)
        {
            var report = await healthChecks.CheckHealthAsync(registration => keys.Contains(registration.Name), cancellationToken);
            var now = DateTime.UtcNow;
            ImmutableArray<HealthReportSnapshot> snapshots =
            [
                .. report.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e =>
                    new HealthReportSnapshot(e.Key, e.Value.Status, e.Value.Description ?? e.Value.Exception?.Message, e.Value.Exception?.ToString()) { LastRunAt = now }),
            ];
            // Only while it still runs: a report that arrives late must not make a stopped resource look checked.
            await notifications.PublishUpdateAsync(resource, resourceId, s => s.State?.Text == KnownResourceStates.Running && !cancellationToken.IsCancellationRequested ? s with { HealthReports = snapshots } : s);

            if (report.Status == HealthStatus.Healthy)
            {
                if (!ready)
                {
                    ready = true;
                    await PublishReadyAsync(resource, resourceId, cancellationToken);
                }

                interval = options.Health.Starting;
                await Task.Delay(options.Health.Healthy, cancellationToken);
            }
            else
            {
                await Task.Delay(interval, cancellationToken);
                interval = TimeSpan.FromTicks(Math.Min(options.Health.Unhealthy.Ticks, interval.Ticks * 3 / 2));
            }
        }
    }

    private Task PublishReadyAsync(IResource resource, string resourceId, CancellationToken cancellationToken)
    {
        // Who waits for the resource waits for the subscribers of this event too, so the task goes into the state.
        var published = eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
        _ = published.ContinueWith(
            task => loggers.GetLogger(resource).LogError(task.Exception!.InnerException, "A subscriber of the ready event of '{Resource}' failed.", resource.Name),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        return notifications.PublishUpdateAsync(resource, resourceId, s => s.State?.Text == KnownResourceStates.Running ? s with { ResourceReadyEvent = new EventSnapshot(published) } : s);
    }

    private void LogGivenUp(IResource resource, Exception exception)
        => loggers.GetLogger(resource).LogError(exception, "The health of resource '{Resource}' is not checked any more.", resource.Name);

    /// <summary>The checks of one resource while it runs.</summary>
    private sealed class Watch
    {
        private readonly CancellationTokenSource _ending;
        private readonly Task _task;

        public Watch(ResourceHealthMonitor monitor, IResource resource, string resourceId, CancellationToken stopping)
        {
            _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var token = _ending.Token;
            _task = Task.Run(async () =>
            {
                try
                {
                    await monitor.RunAsync(resource, resourceId, token);
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    // The resource does not run any more.
                }
                catch (Exception exception)
                {
                    monitor.LogGivenUp(resource, exception);
                }
            }, CancellationToken.None);
        }

        public async Task EndAsync()
        {
            await _ending.CancelAsync();
            await _task;
            _ending.Dispose();
        }
    }
}
