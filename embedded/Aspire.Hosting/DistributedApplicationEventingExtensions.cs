using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting;

/// <summary>Subscribes to the application's events.</summary>
public static class DistributedApplicationEventingExtensions
{
    /// <summary>Calls back before anything is started.</summary>
    /// <typeparam name="T">The builder's type.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="callback">What to call.</param>
    /// <returns>The builder.</returns>
    public static T OnBeforeStart<T>(this T builder, Func<BeforeStartEvent, CancellationToken, Task> callback) where T : IDistributedApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Eventing.Subscribe(callback);
        return builder;
    }

    /// <summary>Calls back before the first step of publishing.</summary>
    /// <typeparam name="T">The builder's type.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="callback">What to call.</param>
    /// <returns>The builder.</returns>
    public static T OnBeforePublish<T>(this T builder, Func<BeforePublishEvent, CancellationToken, Task> callback) where T : IDistributedApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Eventing.Subscribe(callback);
        return builder;
    }

    /// <summary>Calls back after the last step of publishing, if none has failed.</summary>
    /// <typeparam name="T">The builder's type.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="callback">What to call.</param>
    /// <returns>The builder.</returns>
    public static T OnAfterPublish<T>(this T builder, Func<AfterPublishEvent, CancellationToken, Task> callback) where T : IDistributedApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Eventing.Subscribe(callback);
        return builder;
    }

    /// <summary>Calls back at the start, so that a resource that is not a process can begin its work.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="callback">What to call.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> OnInitializeResource<T>(this IResourceBuilder<T> builder, Func<T, InitializeResourceEvent, CancellationToken, Task> callback) where T : IResource
        => builder.On(callback);

    /// <summary>Calls back when the endpoints of the resource have their addresses.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="callback">What to call.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> OnResourceEndpointsAllocated<T>(this IResourceBuilder<T> builder, Func<T, ResourceEndpointsAllocatedEvent, CancellationToken, Task> callback) where T : IResourceWithEndpoints
        => builder.On(callback);

    /// <summary>Calls back when the connection string of the resource can be read.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="callback">What to call.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> OnConnectionStringAvailable<T>(this IResourceBuilder<T> builder, Func<T, ConnectionStringAvailableEvent, CancellationToken, Task> callback) where T : IResourceWithConnectionString
        => builder.On(callback);

    /// <summary>Calls back each time the resource is about to be started.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="callback">What to call; an exception keeps the resource from starting.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> OnBeforeResourceStarted<T>(this IResourceBuilder<T> builder, Func<T, BeforeResourceStartedEvent, CancellationToken, Task> callback) where T : IResource
        => builder.On(callback);

    /// <summary>Calls back each time the resource runs and is healthy for the first time since it was started.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="callback">What to call; those that wait for the resource wait for it as well.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> OnResourceReady<T>(this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback) where T : IResource
        => builder.On(callback);

    /// <summary>Calls back when the resource has reached a terminal state.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="callback">What to call.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> OnResourceStopped<T>(this IResourceBuilder<T> builder, Func<T, ResourceStoppedEvent, CancellationToken, Task> callback) where T : IResource
        => builder.On(callback);

    private static IResourceBuilder<T> On<T, TEvent>(this IResourceBuilder<T> builder, Func<T, TEvent, CancellationToken, Task> callback)
        where T : IResource
        where TEvent : IDistributedApplicationResourceEvent
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(callback);
        var resource = builder.Resource;
        builder.ApplicationBuilder.Eventing.Subscribe<TEvent>(resource, (@event, cancellationToken) => callback(resource, @event, cancellationToken));
        return builder;
    }
}
