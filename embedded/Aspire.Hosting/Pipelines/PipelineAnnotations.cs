using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>The resource brings steps.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineStepAnnotation : IResourceAnnotation
{
    private readonly Func<PipelineStepFactoryContext, Task<IEnumerable<PipelineStep>>> _factory;

    /// <summary>Creates an annotation.</summary>
    /// <param name="factory">Makes the step.</param>
    public PipelineStepAnnotation(Func<PipelineStepFactoryContext, PipelineStep> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _factory = context => Task.FromResult<IEnumerable<PipelineStep>>([factory(context)]);
    }

    /// <summary>Creates an annotation.</summary>
    /// <param name="factory">Makes the steps.</param>
    public PipelineStepAnnotation(Func<PipelineStepFactoryContext, IEnumerable<PipelineStep>> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _factory = context => Task.FromResult(factory(context));
    }

    /// <summary>Creates an annotation.</summary>
    /// <param name="factory">Makes the step.</param>
    public PipelineStepAnnotation(Func<PipelineStepFactoryContext, Task<PipelineStep>> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _factory = async context => [await factory(context)];
    }

    /// <summary>Creates an annotation.</summary>
    /// <param name="factory">Makes the steps.</param>
    public PipelineStepAnnotation(Func<PipelineStepFactoryContext, Task<IEnumerable<PipelineStep>>> factory)
        => _factory = factory ?? throw new ArgumentNullException(nameof(factory));

    /// <summary>Makes the steps.</summary>
    /// <param name="context">What they are made from.</param>
    /// <returns>The steps.</returns>
    public Task<IEnumerable<PipelineStep>> CreateStepsAsync(PipelineStepFactoryContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return _factory(context);
    }
}

/// <summary>The resource orders steps.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineConfigurationAnnotation : IResourceAnnotation
{
    /// <summary>Creates an annotation.</summary>
    /// <param name="callback">What is called before any step runs.</param>
    public PipelineConfigurationAnnotation(Action<PipelineConfigurationContext> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = context =>
        {
            callback(context);
            return Task.CompletedTask;
        };
    }

    /// <summary>Creates an annotation.</summary>
    /// <param name="callback">What is called before any step runs.</param>
    public PipelineConfigurationAnnotation(Func<PipelineConfigurationContext, Task> callback)
        => Callback = callback ?? throw new ArgumentNullException(nameof(callback));

    /// <summary>What is called before any step runs.</summary>
    public Func<PipelineConfigurationContext, Task> Callback { get; }
}
