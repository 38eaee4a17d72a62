using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>Gives steps to resources.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public static class PipelineStepFactoryExtensions
{
    /// <summary>Gives the resource a step.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="factory">Makes the step.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithPipelineStepFactory<T>(this IResourceBuilder<T> builder, Func<PipelineStepFactoryContext, PipelineStep> factory) where T : IResource
        => Add(builder, new PipelineStepAnnotation(factory));

    /// <summary>Gives the resource steps.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="factory">Makes the steps.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithPipelineStepFactory<T>(this IResourceBuilder<T> builder, Func<PipelineStepFactoryContext, IEnumerable<PipelineStep>> factory) where T : IResource
        => Add(builder, new PipelineStepAnnotation(factory));

    /// <summary>Gives the resource a step.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="factory">Makes the step.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithPipelineStepFactory<T>(this IResourceBuilder<T> builder, Func<PipelineStepFactoryContext, Task<PipelineStep>> factory) where T : IResource
        => Add(builder, new PipelineStepAnnotation(factory));

    /// <summary>Gives the resource steps.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="factory">Makes the steps.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithPipelineStepFactory<T>(this IResourceBuilder<T> builder, Func<PipelineStepFactoryContext, Task<IEnumerable<PipelineStep>>> factory) where T : IResource
        => Add(builder, new PipelineStepAnnotation(factory));

    /// <summary>Gives the resource a step.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="stepName">The step's name.</param>
    /// <param name="callback">What it does.</param>
    /// <param name="dependsOn">The names of the steps it comes after.</param>
    /// <param name="requiredBy">The names of the steps it comes before.</param>
    /// <param name="tags">Words to find it by.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithPipelineStepFactory<T>(
        this IResourceBuilder<T> builder,
        string stepName,
        Func<PipelineStepContext, Task> callback,
        string[]? dependsOn = null,
        string[]? requiredBy = null,
        string[]? tags = null,
        string? description = null) where T : IResource
    {
        ArgumentException.ThrowIfNullOrEmpty(stepName);
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithPipelineStepFactory(context => new PipelineStep
        {
            Name = stepName,
            Action = callback,
            Description = description,
            Resource = context.Resource,
            DependsOnSteps = [.. dependsOn ?? []],
            RequiredBySteps = [.. requiredBy ?? []],
            Tags = [.. tags ?? []],
        });
    }

    /// <summary>Lets the resource order the steps.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="callback">What is called before any step runs.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithPipelineConfiguration<T>(this IResourceBuilder<T> builder, Action<PipelineConfigurationContext> callback) where T : IResource
        => Add(builder, new PipelineConfigurationAnnotation(callback));

    /// <summary>Lets the resource order the steps.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="callback">What is called before any step runs.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithPipelineConfiguration<T>(this IResourceBuilder<T> builder, Func<PipelineConfigurationContext, Task> callback) where T : IResource
        => Add(builder, new PipelineConfigurationAnnotation(callback));

    private static IResourceBuilder<T> Add<T>(IResourceBuilder<T> builder, IResourceAnnotation annotation) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.Annotations.Add(annotation);
        return builder;
    }
}
