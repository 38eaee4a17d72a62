using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the model: brings every resource up in its turn, and down again in the opposite one.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    EndpointAllocator endpoints,
    ResourceHealthMonitor health,
    PassiveResources passive,
    ResourceOutputForwarder forwarder,
    ResourceRunnerServices runnerServices) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _background = [];
    private ImmutableDictionary<IResource, ResourceRunner> _runners = ImmutableDictionary<IResource, ResourceRunner>.Empty;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (executionContext.IsPublishMode)
        {
            return;
        }

        health.Validate(model);
        CreateRunners();
        forwarder.Start(model);
        await passive.InitializeParametersAsync(cancellationToken);

        // What an earlier run left behind may hold the ports.
        await runnerServices.Supervisor.WhenReadyAsync(cancellationToken);
        await AllocateEndpointsAsync(cancellationToken);
        await PublishFirstStatesAsync(cancellationToken);
        health.Start();
        await passive.PublishConnectionStringsAsync(cancellationToken);
        foreach (var resource in model.Resources)
        {
            // Without waiting: a subscriber may live as long as its resource does.
            await eventing.PublishAsync(
                new InitializeResourceEvent(resource, eventing, loggers, notifications, runnerServices.Provider), EventDispatchBehavior.NonBlockingConcurrent, _stopping.Token);
        }

        _background.AddRange(passive.Start(_stopping.Token));
        await StartRunnersAsync(cancellationToken);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(runnerServices.Provider, model), cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        var dependents = DependencyGraph.Dependents([.. _runners.Keys]);
        var stops = new Dictionary<IResource, Task>();
        await Task.WhenAll(_runners.Keys.Select(StopInTurn));
        await Task.WhenAll(_background);
        await health.DisposeAsync();

        Task StopInTurn(IResource resource)
        {
            if (!stops.TryGetValue(resource, out var stop))
            {
                // The graph has no circles, so this ends.
                var before = dependents[resource].Select(StopInTurn).ToArray();
                stops[resource] = stop = StopAfterAsync(before, _runners[resource], cancellationToken);
            }

            return stop;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await health.DisposeAsync();
        await forwarder.DisposeAsync();
        foreach (var runner in _runners.Values)
        {
            runner.Dispose();
        }

        _stopping.Dispose();
    }

    private static async Task StopAfterAsync(Task[] before, ResourceRunner runner, CancellationToken cancellationToken)
    {
        // Whether those that need it could be stopped or not: it is not left running.
        await Task.WhenAll(before).ContinueWith(static _ => { }, TaskScheduler.Default);
        await runner.StopAsync(cancellationToken);
    }

    private void CreateRunners()
    {
        var awaited = model.Resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>()).Where(w => w.WaitType == WaitType.WaitForCompletion).Select(w => w.Resource).ToHashSet();
        var children = model.Resources.Where(r => !ProcessFactory.IsRunnable(r)).ToLookup(DependencyGraph.OwnerOf);
        _runners = model.Resources.Where(ProcessFactory.IsRunnable).ToImmutableDictionary(
            resource => resource,
            resource => new ResourceRunner(resource, [.. children[resource]], awaited.Contains(resource), runnerServices));
        foreach (var runner in _runners.Values)
        {
            LifecycleCommands.Add(runner);
        }
    }

    private async Task AllocateEndpointsAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in _runners.Keys)
        {
            endpoints.Allocate(resource);
        }

        foreach (var resource in model.Resources.Where(r => r.HasAnnotationOfType<EndpointAnnotation>()))
        {
            await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, runnerServices.Provider), cancellationToken);
        }

#pragma warning disable CS0618 // Obsolete for subscribers, who still get it.
        await eventing.PublishAsync(new AfterEndpointsAllocatedEvent(runnerServices.Provider, model), cancellationToken);
#pragma warning restore CS0618
    }

    private async Task PublishFirstStatesAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources)
        {
            var urls = await ResourceUrls.ResolveAsync(resource, executionContext, loggers.GetLogger(resource), cancellationToken);
            var starts = _runners.ContainsKey(resource) || _runners.ContainsKey(DependencyGraph.OwnerOf(resource));
            await notifications.PublishUpdateAsync(resource, s => s with
            {
                State = s.State ?? (starts ? KnownResourceStates.NotStarted : null),
                Properties = s.Properties.With(ResourceFacts.OfModel(resource)),
                Urls = urls,
                Relationships =
                [
                    .. resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)),
                    .. resource is IResourceWithParent { Parent: var parent } ? [new RelationshipSnapshot(parent.Name, KnownRelationshipTypes.Parent)] : Array.Empty<RelationshipSnapshot>(),
                ],
                Volumes =
                [
                    .. resource.Annotations.OfType<ContainerMountAnnotation>()
                        .Select(m => new VolumeSnapshot(m.Source, m.Target, m.Type == ContainerMountType.BindMount ? "bind" : "volume", m.IsReadOnly)),
                ],
                IconName = resource.TryGetLastAnnotation<ResourceIconAnnotation>(out var icon) ? icon.IconName : s.IconName,
                IconVariant = icon?.IconVariant ?? s.IconVariant,
            });
        }
    }

    private async Task StartRunnersAsync(CancellationToken cancellationToken)
    {
        var settled = new List<Task>();
        foreach (var runner in _runners.Values.Where(r => !r.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>()))
        {
            settled.Add(await runner.StartAsync(waitForDependencies: true, cancellationToken));
        }

        await Task.WhenAll(settled).WaitAsync(cancellationToken);
    }
}
