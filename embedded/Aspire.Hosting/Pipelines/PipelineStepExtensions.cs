using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>Orders several steps at once.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public static class PipelineStepExtensions
{
    /// <summary>Makes the steps come after another.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="step">The other step; none when null.</param>
    /// <returns>The steps.</returns>
    public static IEnumerable<PipelineStep> DependsOn(this IEnumerable<PipelineStep> steps, PipelineStep? step) => Each(steps, s => Add(s.DependsOnSteps, step));

    /// <summary>Makes the steps come after others.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="targetSteps">The other steps.</param>
    /// <returns>The steps.</returns>
    public static IEnumerable<PipelineStep> DependsOn(this IEnumerable<PipelineStep> steps, IEnumerable<PipelineStep> targetSteps)
    {
        ArgumentNullException.ThrowIfNull(targetSteps);
        return Each(steps, s => Add(s.DependsOnSteps, [.. targetSteps]));
    }

    /// <summary>Makes the steps come after another.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="stepName">The other step.</param>
    /// <returns>The steps.</returns>
    public static IEnumerable<PipelineStep> DependsOn(this IEnumerable<PipelineStep> steps, string stepName)
    {
        ArgumentException.ThrowIfNullOrEmpty(stepName);
        return Each(steps, s => s.DependsOn(stepName));
    }

    /// <summary>Makes the steps come before another.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="step">The other step; none when null.</param>
    /// <returns>The steps.</returns>
    public static IEnumerable<PipelineStep> RequiredBy(this IEnumerable<PipelineStep> steps, PipelineStep? step) => Each(steps, s => Add(s.RequiredBySteps, step));

    /// <summary>Makes the steps come before others.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="targetSteps">The other steps.</param>
    /// <returns>The steps.</returns>
    public static IEnumerable<PipelineStep> RequiredBy(this IEnumerable<PipelineStep> steps, IEnumerable<PipelineStep> targetSteps)
    {
        ArgumentNullException.ThrowIfNull(targetSteps);
        return Each(steps, s => Add(s.RequiredBySteps, [.. targetSteps]));
    }

    /// <summary>Makes the steps come before another.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="stepName">The other step.</param>
    /// <returns>The steps.</returns>
    public static IEnumerable<PipelineStep> RequiredBy(this IEnumerable<PipelineStep> steps, string stepName)
    {
        ArgumentException.ThrowIfNullOrEmpty(stepName);
        return Each(steps, s => s.RequiredBy(stepName));
    }

    private static IEnumerable<PipelineStep> Each(IEnumerable<PipelineStep> steps, Action<PipelineStep> apply)
    {
        ArgumentNullException.ThrowIfNull(steps);
        foreach (var step in steps)
        {
            apply(step);
        }

        return steps;
    }

    private static void Add(List<string> names, params ReadOnlySpan<PipelineStep?> steps)
    {
        foreach (var step in steps)
        {
            if (step is not null)
            {
                names.Add(step.Name);
            }
        }
    }
}
