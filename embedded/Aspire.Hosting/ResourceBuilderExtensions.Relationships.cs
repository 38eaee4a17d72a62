using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Notes a relationship to another resource.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="resource">The other resource.</param>
    /// <param name="type">The kind of relationship.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource resource, string type) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(type);
        return builder.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Any(r => r.Resource == resource && r.Type == type)
            ? builder
            : builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));
    }

    /// <summary>Notes a relationship to another resource.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="resourceBuilder">The other resource's builder.</param>
    /// <param name="type">The kind of relationship.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder, string type) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resourceBuilder);
        return builder.WithRelationship(resourceBuilder.Resource, type);
    }

    /// <summary>Notes that the resource uses another.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="resource">The other resource.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, IResource resource) where T : IResource
        => builder.WithRelationship(resource, KnownRelationshipTypes.Reference);

    /// <summary>Notes that the resource uses another.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="resourceBuilder">The other resource's builder.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> resourceBuilder) where T : IResource
        => builder.WithRelationship(resourceBuilder, KnownRelationshipTypes.Reference);

    /// <summary>Notes that the resource uses those an expression is made from.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="expression">The expression.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, ReferenceExpression expression) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(expression);
        RelateToReferences(builder, expression);
        return builder;
    }

    /// <summary>Notes that the resource belongs to another.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="parent">The other resource's builder.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent) where T : IResource
        => builder.WithRelationship(parent, KnownRelationshipTypes.Parent);

    /// <summary>Notes that the resource belongs to another.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="parent">The other resource.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent) where T : IResource
        => builder.WithRelationship(parent, KnownRelationshipTypes.Parent);

    /// <summary>Notes that another resource belongs to this one.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="child">The other resource's builder.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithChildRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> child) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(child);
        child.WithRelationship(builder.Resource, KnownRelationshipTypes.Parent);
        return builder;
    }

    /// <summary>Notes that another resource belongs to this one.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="child">The other resource.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithChildRelationship<T>(this IResourceBuilder<T> builder, IResource child) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithChildRelationship(builder.ApplicationBuilder.CreateResourceBuilder(child));
    }

    /// <summary>Chooses the environment the resource is published to, for a model that has several.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="computeEnvironmentResource">The environment.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithComputeEnvironment<T>(this IResourceBuilder<T> builder, IResourceBuilder<IComputeEnvironmentResource> computeEnvironmentResource) where T : IComputeResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(computeEnvironmentResource);
        return builder.WithAnnotation(new ComputeEnvironmentAnnotation(computeEnvironmentResource.Resource), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Leaves the resource out of what is published.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> ExcludeFromManifest<T>(this IResourceBuilder<T> builder) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(ManifestPublishingCallbackAnnotation.Ignore, ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Gives the resource an icon.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="iconName">The name of a Fluent UI icon.</param>
    /// <param name="iconVariant">Its variant.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithIconName<T>(this IResourceBuilder<T> builder, string iconName, IconVariant iconVariant = IconVariant.Filled) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(iconName);
        return builder.WithAnnotation(new ResourceIconAnnotation(iconName, iconVariant));
    }

    /// <summary>Finds the resources a value is made from: an endpoint's owner, the resource of a connection string, a parameter…</summary>
    private static void RelateToReferences<T>(IResourceBuilder<T> builder, object value) where T : IResource
    {
        foreach (var resource in ReferencedResources(value, []))
        {
            if (!ReferenceEquals(resource, builder.Resource))
            {
                builder.WithReferenceRelationship(resource);
            }
        }
    }

    private static IEnumerable<IResource> ReferencedResources(object value, HashSet<object> seen)
    {
        if (!seen.Add(value))
        {
            yield break;
        }

        switch (value)
        {
            case IResourceBuilder<IResource> resourceBuilder:
                yield return resourceBuilder.Resource;
                break;
            case IResource resource:
                yield return resource;
                break;
            case IValueWithReferences with:
                foreach (var inner in with.References.SelectMany(r => ReferencedResources(r, seen)))
                {
                    yield return inner;
                }

                break;
        }
    }
}
