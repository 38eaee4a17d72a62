using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>The steps that publish and deploy the model.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IDistributedApplicationPipeline
{
    /// <summary>Adds a step.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="action">What it does.</param>
    /// <param name="dependsOn">The name of a step it comes after, or a sequence of names.</param>
    /// <param name="requiredBy">The name of a step it comes before, or a sequence of names.</param>
    /// <exception cref="InvalidOperationException">There already is a step of that name.</exception>
    void AddStep(string name, Func<PipelineStepContext, Task> action, object? dependsOn = null, object? requiredBy = null);

    /// <summary>Adds a step.</summary>
    /// <param name="step">The step.</param>
    /// <exception cref="InvalidOperationException">There already is a step of that name.</exception>
    void AddStep(PipelineStep step);

    /// <summary>Adds a callback that sees all steps, also those of the resources, before any of them runs, and may add to what they depend on.</summary>
    /// <param name="callback">What is called.</param>
    void AddPipelineConfiguration(Func<PipelineConfigurationContext, Task> callback);

    /// <summary>Runs the step that the options ask for, and before it what it depends on.</summary>
    /// <param name="context">What the steps work with.</param>
    /// <returns>A task that completes when all of them have.</returns>
    /// <exception cref="DistributedApplicationException">The steps do not fit together, or some have failed; the message says which, and why.</exception>
    Task ExecuteAsync(PipelineContext context);
}
