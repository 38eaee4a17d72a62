using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Eventing;

/// <inheritdoc cref="IDistributedApplicationEventing"/>
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Type, ImmutableArray<DistributedApplicationEventSubscription>> _subscriptions = [];

    /// <summary>Where the failures of subscribers nobody waits for are written.</summary>
    internal ILogger Logger { get; set; } = NullLogger.Instance;

    /// <inheritdoc/>
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Add(typeof(T), new DistributedApplicationEventSubscription((@event, cancellationToken) => callback((T)@event, cancellationToken)));
    }

    /// <inheritdoc/>
    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationResourceEvent
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(callback);
        return Add(typeof(T), new DistributedApplicationResourceEventSubscription(resource, (@event, cancellationToken) => callback((T)@event, cancellationToken)));
    }

    /// <inheritdoc/>
    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        lock (_lock)
        {
            foreach (var (type, subscriptions) in _subscriptions)
            {
                if (subscriptions.Contains(subscription))
                {
                    _subscriptions[type] = subscriptions.Remove(subscription);
                    return;
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default) where T : IDistributedApplicationEvent
        => PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    /// <inheritdoc/>
    public Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default) where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(@event);
        var receivers = ReceiversOf(@event);
        if (receivers.Count == 0)
        {
            return Task.CompletedTask;
        }

        switch (dispatchBehavior)
        {
            case EventDispatchBehavior.BlockingSequential:
                return CallInTurnAsync(receivers, @event, cancellationToken);
            case EventDispatchBehavior.BlockingConcurrent:
                return CallTogetherAsync(receivers, @event, cancellationToken);
            case EventDispatchBehavior.NonBlockingSequential:
                _ = ObserveAsync(Task.Run(() => CallInTurnAsync(receivers, @event, cancellationToken), CancellationToken.None), @event, cancellationToken);
                return Task.CompletedTask;
            case EventDispatchBehavior.NonBlockingConcurrent:
                _ = ObserveAsync(Task.Run(() => CallTogetherAsync(receivers, @event, cancellationToken), CancellationToken.None), @event, cancellationToken);
                return Task.CompletedTask;
            default:
                throw new ArgumentOutOfRangeException(nameof(dispatchBehavior), dispatchBehavior, "Unknown dispatch behaviour.");
        }
    }

    private DistributedApplicationEventSubscription Add(Type type, DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions[type] = _subscriptions.TryGetValue(type, out var subscriptions) ? subscriptions.Add(subscription) : [subscription];
        }

        return subscription;
    }

    private List<DistributedApplicationEventSubscription> ReceiversOf<T>(T @event) where T : IDistributedApplicationEvent
    {
        ImmutableArray<DistributedApplicationEventSubscription> subscriptions;
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(typeof(T), out subscriptions))
            {
                return [];
            }
        }

        var resource = (@event as IDistributedApplicationResourceEvent)?.Resource;
        return [.. subscriptions.Where(s => s is not DistributedApplicationResourceEventSubscription { Resource: { } wanted } || ReferenceEquals(wanted, resource))];
    }

    private static async Task CallInTurnAsync(List<DistributedApplicationEventSubscription> receivers, IDistributedApplicationEvent @event, CancellationToken cancellationToken)
    {
        foreach (var receiver in receivers)
        {
            await receiver.Callback(@event, cancellationToken);
        }
    }

    private static Task CallTogetherAsync(List<DistributedApplicationEventSubscription> receivers, IDistributedApplicationEvent @event, CancellationToken cancellationToken)
        => Task.WhenAll(receivers.Select(async receiver => await receiver.Callback(@event, cancellationToken)));

    private async Task ObserveAsync(Task task, IDistributedApplicationEvent @event, CancellationToken cancellationToken)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application is stopping; nobody waits for this any more.
        }
        catch (Exception exception)
        {
            Logger.LogError(exception, "A subscriber of {Event} failed.", @event.GetType().Name);
        }
    }
}
