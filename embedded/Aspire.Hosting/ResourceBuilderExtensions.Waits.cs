using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Starts the resource only when another runs and is healthy.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="dependency">The other resource's builder.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DistributedApplicationException">It is the resource itself, or what that belongs to.</exception>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
        => builder.Wait(dependency, WaitType.WaitUntilHealthy, waitBehavior: null);

    /// <summary>Starts the resource only when another runs and is healthy.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="dependency">The other resource's builder.</param>
    /// <param name="waitBehavior">What happens when it cannot become so.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DistributedApplicationException">It is the resource itself, or what that belongs to.</exception>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior) where T : IResourceWithWaitSupport
        => builder.Wait(dependency, WaitType.WaitUntilHealthy, waitBehavior);

    /// <summary>Starts the resource only when another runs.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="dependency">The other resource's builder.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DistributedApplicationException">It is the resource itself, or what that belongs to.</exception>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
        => builder.Wait(dependency, WaitType.WaitUntilStarted, waitBehavior: null);

    /// <summary>Starts the resource only when another runs.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="dependency">The other resource's builder.</param>
    /// <param name="waitBehavior">What happens when it cannot become so.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DistributedApplicationException">It is the resource itself, or what that belongs to.</exception>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior) where T : IResourceWithWaitSupport
        => builder.Wait(dependency, WaitType.WaitUntilStarted, waitBehavior);

    /// <summary>Starts the resource only when another has ended with a certain exit code.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="dependency">The other resource's builder.</param>
    /// <param name="exitCode">The exit code.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DistributedApplicationException">It is the resource itself, or what that belongs to.</exception>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0) where T : IResourceWithWaitSupport
        => builder.Wait(dependency, WaitType.WaitForCompletion, waitBehavior: null, exitCode);

    /// <summary>Starts the resource only when told to.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ExplicitStartupAnnotation(), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<T> Wait<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitType waitType, WaitBehavior? waitBehavior, int exitCode = 0)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dependency);

        var resource = dependency.Resource;
        if (ReferenceEquals(builder.Resource, resource))
        {
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' cannot wait for itself.");
        }

        if (builder.Resource is IResourceWithParent { Parent: var parent } && ReferenceEquals(parent, resource))
        {
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' cannot wait for '{resource.Name}', which it belongs to.");
        }

        if (waitType != WaitType.WaitForCompletion && resource is IResourceWithParent { Parent: var owner })
        {
            // What belongs to a server may have no health check of its own: the server's counts as well.
            AddWait(builder, owner, waitType, waitBehavior, exitCode);
        }

        AddWait(builder, resource, waitType, waitBehavior, exitCode);
        return builder.WithRelationship(resource, KnownRelationshipTypes.WaitFor);
    }

    private static void AddWait<T>(IResourceBuilder<T> builder, IResource resource, WaitType waitType, WaitBehavior? waitBehavior, int exitCode) where T : IResourceWithWaitSupport
        => builder.WithAnnotation(new WaitAnnotation(resource, waitType, exitCode) { WaitBehavior = waitBehavior });
}
