using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>A step of publishing.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
[DebuggerDisplay("{Name,nq}")]
public class PipelineStep
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does. It fails by throwing, or by reporting that it has.</summary>
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
