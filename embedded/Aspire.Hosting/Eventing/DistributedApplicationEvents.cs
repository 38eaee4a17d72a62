using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Eventing;

/// <summary>A moment in the life of the application that code can subscribe to.</summary>
public interface IDistributedApplicationEvent;

/// <summary>A moment in the life of one resource.</summary>
public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    /// <summary>The resource concerned.</summary>
    IResource Resource { get; }

    /// <summary>The application's services.</summary>
    IServiceProvider Services { get; }

    /// <summary>The resource's log.</summary>
    ILogger Logger => Services.GetRequiredService<ResourceLoggerService>().GetLogger(Resource);
}

/// <summary>How <see cref="IDistributedApplicationEventing.PublishAsync{T}(T, EventDispatchBehavior, CancellationToken)"/> calls the subscribers.</summary>
public enum EventDispatchBehavior
{
    /// <summary>One after the other, in order of subscription; the caller waits for all and stops at the first failure.</summary>
    BlockingSequential = 0,

    /// <summary>All at once; the caller waits for all.</summary>
    BlockingConcurrent = 1,

    /// <summary>One after the other in the background; the caller does not wait.</summary>
    NonBlockingSequential = 2,

    /// <summary>All at once in the background; the caller does not wait.</summary>
    NonBlockingConcurrent = 3,
}

/// <summary>A registered callback; hand it to <see cref="IDistributedApplicationEventing.Unsubscribe"/> to end it.</summary>
/// <param name="callback">What is called with the event.</param>
public class DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback)
{
    /// <summary>What is called with the event.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}

/// <summary>A callback registered for one resource, or for all of them when <see cref="Resource"/> is null.</summary>
/// <param name="resource">The resource, or null for every resource.</param>
/// <param name="callback">What is called with the event.</param>
public class DistributedApplicationResourceEventSubscription(IResource? resource, Func<IDistributedApplicationResourceEvent, CancellationToken, Task> callback)
    : DistributedApplicationEventSubscription((@event, cancellationToken) => callback((IDistributedApplicationResourceEvent)@event, cancellationToken))
{
    /// <summary>The resource, or null for every resource.</summary>
    public IResource? Resource { get; } = resource;
}

/// <summary>The publish and subscribe hub of one application.</summary>
public interface IDistributedApplicationEventing
{
    /// <summary>Calls <paramref name="callback"/> for every event of type <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <param name="callback">What to call.</param>
    /// <returns>The subscription, which <see cref="Unsubscribe"/> ends.</returns>
    DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationEvent;

    /// <summary>Calls <paramref name="callback"/> for the events of type <typeparamref name="T"/> that concern <paramref name="resource"/>.</summary>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="callback">What to call.</param>
    /// <returns>The subscription, which <see cref="Unsubscribe"/> ends.</returns>
    DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationResourceEvent;

    /// <summary>Ends a subscription; unknown ones are ignored.</summary>
    /// <param name="subscription">The subscription.</param>
    void Unsubscribe(DistributedApplicationEventSubscription subscription);

    /// <summary>Publishes an event, one subscriber after the other, and waits for all.</summary>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <param name="event">The event.</param>
    /// <param name="cancellationToken">Handed to the subscribers.</param>
    /// <returns>A task that completes when every subscriber has.</returns>
    Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default) where T : IDistributedApplicationEvent;

    /// <summary>Publishes an event.</summary>
    /// <typeparam name="T">The event's type.</typeparam>
    /// <param name="event">The event.</param>
    /// <param name="dispatchBehavior">How the subscribers are called.</param>
    /// <param name="cancellationToken">Handed to the subscribers.</param>
    /// <returns>A task that completes when every subscriber has, or at once for the non-blocking behaviours.</returns>
    Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default) where T : IDistributedApplicationEvent;
}
