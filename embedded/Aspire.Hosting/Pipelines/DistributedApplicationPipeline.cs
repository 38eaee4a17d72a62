using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Pipelines;

/// <inheritdoc cref="IDistributedApplicationPipeline"/>
internal sealed class DistributedApplicationPipeline : IDistributedApplicationPipeline
{
    private readonly List<PipelineStep> _steps = [.. BuiltInSteps.Create()];
    private readonly List<Func<PipelineConfigurationContext, Task>> _configurations = [];

    public void AddStep(string name, Func<PipelineStepContext, Task> action, object? dependsOn = null, object? requiredBy = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(action);
        AddStep(new PipelineStep
        {
            Name = name,
            Action = action,
            DependsOnSteps = Names(dependsOn, nameof(dependsOn)),
            RequiredBySteps = Names(requiredBy, nameof(requiredBy)),
        });
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

    public void AddPipelineConfiguration(Func<PipelineConfigurationContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _configurations.Add(callback);
    }

    public async Task ExecuteAsync(PipelineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        await ExecuteAsync(TargetOf(context.Services), context, context.Services.GetRequiredService<IPipelineActivityReporter>());
    }

    /// <summary>The step that the options ask for.</summary>
    public static string TargetOf(IServiceProvider services)
        => services.GetRequiredService<IOptions<PipelineOptions>>().Value.Step is { Length: > 0 } step ? step : WellKnownPipelineSteps.Publish;

    /// <summary>Runs a step, and before it what it depends on.</summary>
    public async Task ExecuteAsync(string target, PipelineContext context, IPipelineActivityReporter reporter)
    {
        var graph = await ResolveAsync(context);
        await new PipelineExecution(graph, context, reporter).RunAsync(target);
    }

    /// <summary>All steps, also those of the resources, after everybody has ordered them.</summary>
    /// <exception cref="DistributedApplicationException">They do not fit together.</exception>
    public async Task<PipelineGraph> ResolveAsync(PipelineContext context)
    {
        // Copies: what is found out about the order in one run must not be a part of the next.
        List<PipelineStep> steps = [.. _steps.Select(Copy)];
        foreach (var resource in context.Model.Resources)
        {
            foreach (var annotation in resource.Annotations.OfType<PipelineStepAnnotation>().ToArray())
            {
                foreach (var step in await annotation.CreateStepsAsync(new PipelineStepFactoryContext { PipelineContext = context, Resource = resource }))
                {
                    step.Resource ??= resource;
                    steps.Add(step);
                }
            }
        }

        var configuration = new PipelineConfigurationContext { Model = context.Model, Services = context.Services, Steps = steps };
        foreach (var callback in _configurations.Concat(context.Model.Resources.SelectMany(r => r.Annotations.OfType<PipelineConfigurationAnnotation>()).Select(a => a.Callback)).ToArray())
        {
            await callback(configuration);
        }

        return PipelineGraph.Create(steps);
    }

    private static PipelineStep Copy(PipelineStep step) => new()
    {
        Name = step.Name,
        Action = step.Action,
        Description = step.Description,
        DependsOnSteps = [.. step.DependsOnSteps],
        RequiredBySteps = [.. step.RequiredBySteps],
        Tags = [.. step.Tags],
        Resource = step.Resource,
    };

    private static List<string> Names(object? value, string parameter) => value switch
    {
        null => [],
        string name => [name],
        IEnumerable<string> names => [.. names],
        _ => throw new ArgumentException($"A '{value.GetType().Name}' does not name a step: use a string or a sequence of strings.", parameter),
    };
}
