using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>The steps that publish the model.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IDistributedApplicationPipeline
{
    /// <summary>Adds a step.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="action">What it does.</param>
    /// <param name="dependsOn">The name of a step it comes after, or a sequence of names.</param>
    /// <param name="requiredBy">The name of a step it comes before, or a sequence of names.</param>
    void AddStep(string name, Func<PipelineStepContext, Task> action, object? dependsOn = null, object? requiredBy = null);

    /// <summary>Adds a step.</summary>
    /// <param name="step">The step.</param>
    void AddStep(PipelineStep step);
}

/// <summary>A step that publishes something.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineStep
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required Func<PipelineStepContext, Task> Action { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The names of the steps it comes after.</summary>
    public List<string> DependsOnSteps { get; init; } = [];

    /// <summary>The names of the steps it comes before.</summary>
    public List<string> RequiredBySteps { get; init; } = [];

    /// <summary>Words to find it by.</summary>
    public List<string> Tags { get; init; } = [];

    /// <summary>The resource it publishes.</summary>
    public IResource? Resource { get; set; }

    /// <summary>Makes it come after another step.</summary>
    /// <param name="stepName">The other step.</param>
    public void DependsOn(string stepName) => DependsOnSteps.Add(stepName ?? throw new ArgumentNullException(nameof(stepName)));

    /// <summary>Makes it come after another step.</summary>
    /// <param name="step">The other step.</param>
    public void DependsOn(PipelineStep step) => DependsOnSteps.Add((step ?? throw new ArgumentNullException(nameof(step))).Name);

    /// <summary>Makes it come before another step.</summary>
    /// <param name="stepName">The other step.</param>
    public void RequiredBy(string stepName) => RequiredBySteps.Add(stepName ?? throw new ArgumentNullException(nameof(stepName)));

    /// <summary>Makes it come before another step.</summary>
    /// <param name="step">The other step.</param>
    public void RequiredBy(PipelineStep step) => RequiredBySteps.Add((step ?? throw new ArgumentNullException(nameof(step))).Name);
}

/// <summary>What a step works with.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PipelineStepContext
{
    internal PipelineStepContext(DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext, IServiceProvider services, ILogger logger, CancellationToken cancellationToken)
    {
        Model = model;
        ExecutionContext = executionContext;
        Services = services;
        Logger = logger;
        CancellationToken = cancellationToken;
    }

    /// <summary>The application's model.</summary>
    public DistributedApplicationModel Model { get; }

    /// <summary>What is done with the model.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The step's log.</summary>
    public ILogger Logger { get; }

    /// <summary>Cancelled when publishing is given up.</summary>
    public CancellationToken CancellationToken { get; }
}

/// <inheritdoc cref="IDistributedApplicationPipeline"/>
internal sealed class DistributedApplicationPipeline : IDistributedApplicationPipeline
{
    private readonly List<PipelineStep> _steps = [];

    public IReadOnlyList<PipelineStep> Steps => _steps;

    public void AddStep(string name, Func<PipelineStepContext, Task> action, object? dependsOn = null, object? requiredBy = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(action);
        AddStep(new PipelineStep { Name = name, Action = action, DependsOnSteps = Names(dependsOn), RequiredBySteps = Names(requiredBy) });
    }

    public void AddStep(PipelineStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (_steps.Any(s => s.Name == step.Name))
        {
            throw new InvalidOperationException($"There already is a pipeline step '{step.Name}'.");
        }

        _steps.Add(step);
    }

    private static List<string> Names(object? value) => value switch
    {
        null => [],
        string name => [name],
        IEnumerable<string> names => [.. names],
        _ => throw new ArgumentException($"A '{value.GetType().Name}' does not name a step: use a string or a sequence of strings.", nameof(value)),
    };
}
