using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Pipelines;

/// <summary>The steps every pipeline has: mostly names that others hang on to, each verb after its prerequisites.</summary>
internal static class BuiltInSteps
{
    private static readonly Func<PipelineStepContext, Task> Nothing = _ => Task.CompletedTask;

    /// <summary>Whether the step does nothing but stand for others, so that there is nothing to tell about it.</summary>
    public static bool IsGathering(PipelineStep step) => step.Action == Nothing;

    public static IEnumerable<PipelineStep> Create() =>
    [
        Gather(WellKnownPipelineSteps.ProcessParameters, "Settles the values of parameters. Nobody is asked: a step that needs a value nobody has set says so.",
            requiredBy: [WellKnownPipelineSteps.BuildPrereq, WellKnownPipelineSteps.PublishPrereq, WellKnownPipelineSteps.DeployPrereq]),
        Gather(WellKnownPipelineSteps.BuildPrereq, "What comes before anything is built."),
        Gather(WellKnownPipelineSteps.Build, "Everything that is built."),
        Gather(WellKnownPipelineSteps.PushPrereq, "What comes before anything is pushed to a registry."),
        Gather(WellKnownPipelineSteps.Push, "Everything that is pushed to a registry.", dependsOn: [WellKnownPipelineSteps.PushPrereq]),
        Gather(WellKnownPipelineSteps.PublishPrereq, "What comes before anything is published."),
        Gather(WellKnownPipelineSteps.Publish, "Everything that is published."),
        Gather(WellKnownPipelineSteps.DeployPrereq, "What comes before anything is deployed."),
        Gather(WellKnownPipelineSteps.Deploy, "Everything that is deployed."),
        Gather(WellKnownPipelineSteps.DestroyPrereq, "What comes before anything is removed."),
        Gather(WellKnownPipelineSteps.Destroy, "Everything that is removed."),
        Gather(WellKnownPipelineSteps.BeforeStart, "What comes before the application starts or is published."),
        new()
        {
            Name = WellKnownPipelineSteps.ValidateComputeEnvironments,
            Description = "Checks that each program has one environment to be published to.",
            Action = ValidateComputeEnvironments,
            RequiredBySteps = [WellKnownPipelineSteps.BeforeStart],
        },
        new()
        {
            Name = WellKnownPipelineSteps.Diagnostics,
            Description = "Shows the steps and what each of them comes after.",
            Action = ShowDiagnosticsAsync,
        },
    ];

    private static PipelineStep Gather(string name, string description, List<string>? dependsOn = null, List<string>? requiredBy = null) => new()
    {
        Name = name,
        Description = description,
        Action = Nothing,
        DependsOnSteps = dependsOn ?? [],
        RequiredBySteps = requiredBy ?? [],
    };

    private static Task ValidateComputeEnvironments(PipelineStepContext context)
    {
        IComputeEnvironmentResource[] environments = [.. context.Model.Resources.OfType<IComputeEnvironmentResource>()];
        IComputeResource[] undecided = [.. context.Model.Resources.OfType<IComputeResource>().Where(r => r.GetComputeEnvironment() is null && !r.IsExcludedFromPublish())];
        return environments.Length > 1 && undecided.Length > 0
            ? throw new DistributedApplicationException(
                $"The model has several environments ({Names(environments)}), and nothing says to which of them {Names(undecided)} {(undecided.Length == 1 ? "is" : "are")} published: call WithComputeEnvironment.")
            : Task.CompletedTask;
    }

    private static async Task ShowDiagnosticsAsync(PipelineStepContext context)
    {
        var graph = await ((DistributedApplicationPipeline)context.Services.GetRequiredService<IDistributedApplicationPipeline>()).ResolveAsync(context.PipelineContext);
        context.Summary.Add("Steps", string.Join('\n', StepList.Describe(graph, graph.Ordered)));
    }

    private static string Names(IEnumerable<IResource> resources) => string.Join(", ", resources.Select(r => $"'{r.Name}'"));
}

/// <summary>The steps as a list for people.</summary>
internal static class StepList
{
    /// <summary>A line for each step: its name, what it comes after, what it is for.</summary>
    public static IEnumerable<string> Describe(PipelineGraph graph, IReadOnlyList<PipelineStep> steps)
    {
        var width = steps.Select(s => s.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var step in steps)
        {
            var after = graph.DependenciesOf(step) is { Count: > 0 } dependencies ? $"(after {string.Join(", ", dependencies)})" : "";
            yield return $"{step.Name.PadRight(width)}  {string.Join("  ", new[] { step.Description, after }.Where(t => t is { Length: > 0 }))}".TrimEnd();
        }
    }
}
