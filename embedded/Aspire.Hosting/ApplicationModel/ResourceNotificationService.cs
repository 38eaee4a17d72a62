using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of the resources: who changes one publishes it here, who is interested watches or waits here.</summary>
/// <param name="logger">The log.</param>
/// <param name="hostApplicationLifetime">Ends every wait when the application stops.</param>
/// <param name="serviceProvider">The application's services.</param>
/// <param name="resourceLoggerService">The resources' logs.</param>
public class ResourceNotificationService(
    ILogger<ResourceNotificationService> logger,
    IHostApplicationLifetime hostApplicationLifetime,
    IServiceProvider serviceProvider,
    ResourceLoggerService resourceLoggerService) : IDisposable
{
    // A watcher that does not keep up loses the oldest states; what it reads last is always the present.
    private const int WatcherCapacity = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly ConcurrentDictionary<Waiter, byte> _waiters = new();
    private readonly CancellationTokenSource _disposing = new();

    internal WaitBehavior DefaultWaitBehavior
        => serviceProvider.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior ?? WaitBehavior.StopOnResourceUnavailable;

    internal ResourceLoggerService Loggers => resourceLoggerService;

    /// <summary>Changes the state of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new state from the present one.</param>
    /// <returns>A completed task.</returns>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return PublishUpdateAsync(resource, resource.Name, stateFactory);
    }

    /// <summary>Changes the state of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">The resource's identity.</param>
    /// <param name="stateFactory">Makes the new state from the present one.</param>
    /// <returns>A completed task.</returns>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(stateFactory);

        ResourceEvent @event;
        string? earlierState;
        lock (_lock)
        {
            var earlier = _current.TryGetValue(resourceId, out var known) ? known.Snapshot : FirstSnapshot(resource);
            earlierState = earlier.State?.Text;
            @event = new ResourceEvent(resource, resourceId, WithCommands(resource, ForgetHealthWhenNotRunning(resource, stateFactory(earlier))));
            _current[resourceId] = @event;

            // Under the lock, so that watchers and waiters see the states of a resource in their order.
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(@event);
            }

            foreach (var (waiter, _) in _waiters)
            {
                waiter.Offer(@event);
            }
        }

        if (earlierState != @event.Snapshot.State?.Text)
        {
            logger.LogDebug("Resource {Resource} changed state: {Earlier} -> {State}", resourceId, earlierState, @event.Snapshot.State?.Text);
        }

        return Task.CompletedTask;
    }

    /// <summary>The present state of a resource.</summary>
    /// <param name="resourceId">The resource's identity.</param>
    /// <param name="resourceEvent">The state, when one has been published.</param>
    /// <returns>Whether one has.</returns>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        ArgumentNullException.ThrowIfNull(resourceId);
        lock (_lock)
        {
            return _current.TryGetValue(resourceId, out resourceEvent);
        }
    }

    /// <summary>The present state of a resource; the one it begins with while none has been published.</summary>
    internal CustomResourceSnapshot SnapshotOf(IResource resource)
        => TryGetCurrentState(resource.Name, out var current) ? current.Snapshot : WithCommands(resource, FirstSnapshot(resource));

    /// <summary>The present state of every resource, then every change.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The states.</returns>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<ResourceEvent>(new BoundedChannelOptions(WatcherCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        ResourceEvent[] present;
        lock (_lock)
        {
            present = [.. _current.Values];
            _watchers.Add(channel);
        }

        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
            foreach (var @event in present)
            {
                yield return @event;
            }

            await foreach (var @event in channel.Reader.ReadAllAsync(ending.Token))
            {
                yield return @event;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Waits until a resource is in a state.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetState">The state; <see cref="KnownResourceStates.Running"/> when null.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>A task that completes when it is.</returns>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default)
        => WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a resource is in one of several states.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetStates">The states.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The state it is in.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(targetStates);
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var @event = await WaitForResourceAsync(resourceName, e => e.Snapshot.State is { } state && states.Contains(state.Text), cancellationToken);
        return @event.Snapshot.State!.Text;
    }

    /// <summary>Waits until a state of a resource meets a condition; the present state counts.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="predicate">The condition; it must be quick and must not publish.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The state.</returns>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        ArgumentNullException.ThrowIfNull(predicate);

        var waiter = new Waiter(resourceName, predicate);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token, hostApplicationLifetime.ApplicationStopping);
        lock (_lock)
        {
            _waiters.TryAdd(waiter, 0);
            foreach (var @event in _current.Values)
            {
                waiter.Offer(@event);
            }
        }

        try
        {
            return await waiter.Completion.Task.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException($"The application stopped while something waited for resource '{resourceName}'.", ending.Token);
        }
        finally
        {
            _waiters.TryRemove(waiter, out _);
        }
    }

    /// <summary>Waits until a resource is healthy and its ready event has been handled, with the application's default wait behaviour.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The state.</returns>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
        => WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a resource is healthy and its ready event has been handled.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="waitBehavior">What happens when it cannot become healthy.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The state.</returns>
    /// <exception cref="DistributedApplicationException">It cannot become healthy, or is not in the model.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        if (waitBehavior == WaitBehavior.StopOnResourceUnavailable
            && serviceProvider.GetService<DistributedApplicationModel>() is { } model
            && !model.Resources.TryGetByName(resourceName, out _))
        {
            throw new DistributedApplicationException($"There is no resource '{resourceName}' in the model to wait for.");
        }

        var stop = waitBehavior == WaitBehavior.StopOnResourceUnavailable;
        var @event = await WaitForResourceAsync(resourceName, e => IsReady(e.Snapshot) || (stop && ResourceFailure.IsUnavailable(e.Snapshot)), cancellationToken);
        if (!IsReady(@event.Snapshot))
        {
            throw new DistributedApplicationException(ResourceFailure.Describe(@event, resourceLoggerService));
        }

        await @event.Snapshot.ResourceReadyEvent!.EventTask.WaitAsync(cancellationToken);
        return @event;
    }

    /// <summary>Waits for everything that a resource waits for.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>A task that completes when all of it is there.</returns>
    /// <exception cref="DistributedApplicationException">Some of it cannot become available.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return DependencyWait.RunAsync(this, resource, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    internal static bool IsReady(CustomResourceSnapshot snapshot)
        => snapshot is { HealthStatus: Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, ResourceReadyEvent: not null };

    private static CustomResourceSnapshot FirstSnapshot(IResource resource)
    {
        var snapshot = resource.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var annotation)
            ? annotation.InitialSnapshot
            : new CustomResourceSnapshot { ResourceType = ResourceTypes.NameOf(resource), Properties = [] };
        return ForgetHealthWhenNotRunning(resource, snapshot with { State = null }) with { State = snapshot.State, CreationTimeStamp = snapshot.CreationTimeStamp ?? DateTime.UtcNow };
    }

    // Health is a property of what runs: each time a resource comes up its checks have yet to report.
    private static CustomResourceSnapshot ForgetHealthWhenNotRunning(IResource resource, CustomResourceSnapshot snapshot)
        => snapshot.State?.Text == KnownResourceStates.Running
            ? snapshot
            : snapshot with
            {
                ResourceReadyEvent = null,
                HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => new HealthReportSnapshot(a.Key, Status: null, Description: null, ExceptionText: null))],
            };

    private CustomResourceSnapshot WithCommands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var annotations = resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray();
        return annotations.Length == 0
            ? snapshot
            : snapshot with { Commands = [.. annotations.Select(a => a.ToSnapshot(snapshot, serviceProvider, logger))] };
    }

    private sealed class Waiter(string resourceName, Func<ResourceEvent, bool> predicate)
    {
        public TaskCompletionSource<ResourceEvent> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Offer(ResourceEvent @event)
        {
            if (Completion.Task.IsCompleted || !string.Equals(@event.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }

            try
            {
                if (predicate(@event))
                {
                    Completion.TrySetResult(@event);
                }
            }
            catch (Exception exception)
            {
                // The condition belongs to whoever waits: its failure is theirs, not the publisher's.
                Completion.TrySetException(exception);
            }
        }
    }
}

/// <summary>Settings of <see cref="ResourceNotificationService"/>.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What happens to a wait when the other resource cannot become available.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}
