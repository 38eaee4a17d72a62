namespace Aspire.Hosting.Pipelines;

/// <summary>One run of a step and of what it depends on: each step once all it comes after are done, independent ones at the same time.</summary>
/// <remarks>
/// Every step of a run serves the one that was asked for. So once a step has failed, those that run may finish, since half a deployment helps nobody,
/// but none begins any more.
/// </remarks>
internal sealed class PipelineExecution(PipelineGraph graph, PipelineContext context, IPipelineActivityReporter reporter)
{
    // What somebody asks for who believes that something comes of it.
    private static readonly string[] Verbs = [WellKnownPipelineSteps.Publish, WellKnownPipelineSteps.Deploy, WellKnownPipelineSteps.Destroy];

    private readonly Lock _lock = new();
    private readonly List<StepFailure> _failures = [];
    private readonly List<string> _notRun = [];

    /// <summary>Runs a step, and before it what it depends on.</summary>
    /// <exception cref="PipelineFailedException">Some steps failed.</exception>
    /// <exception cref="OperationCanceledException">The context's token was cancelled.</exception>
    public async Task RunAsync(string target)
    {
        var steps = graph.ClosureOf(target);
        if (Verbs.Contains(target) && steps.All(BuiltInSteps.IsGathering))
        {
            throw new DistributedApplicationException($"'{target}' has nothing to do: the model has no environment to publish to. Add one, for instance with AddAWSCDKEnvironment.");
        }

        var ends = new Dictionary<string, Task>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            Task[] dependencies = [.. graph.DependenciesOf(step).Select(name => ends[name])];
            ends.Add(step.Name, Task.Run(() => RunAfterAsync(step, dependencies)));
        }

        await Task.WhenAll(ends.Values);
        if (_failures.Count > 0)
        {
            throw new PipelineFailedException(_failures, _notRun, PublishSettings.IncludesExceptionDetails(context.Services));
        }

        context.CancellationToken.ThrowIfCancellationRequested();
    }

    private async Task RunAfterAsync(PipelineStep step, Task[] dependencies)
    {
        await Task.WhenAll(dependencies);
        lock (_lock)
        {
            if (_failures.Count > 0 || context.CancellationToken.IsCancellationRequested)
            {
                if (!BuiltInSteps.IsGathering(step))
                {
                    _notRun.Add(step.Name);
                }

                return;
            }
        }

        try
        {
            if (BuiltInSteps.IsGathering(step))
            {
                return;
            }

            await RunStepAsync(step);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // The whole run has been given up, which its caller knows.
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                _failures.Add(new(step.Name, exception));
            }
        }
    }

    private async Task RunStepAsync(PipelineStep step)
    {
        await using var progress = new StepProgress(await reporter.CreateStepAsync(step.Name, context.CancellationToken));
        using var scope = PipelineLoggerProvider.Enter(progress);
        try
        {
            await step.Action(new PipelineStepContext { PipelineContext = context, ReportingStep = progress });
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            await progress.EndAsync("cancelled");
            throw;
        }
        catch (Exception exception)
        {
            await progress.EndAsync(StepFailure.Describe(exception));
            throw;
        }

        await progress.EndAsync(error: null);
        if (progress.Error is { } error)
        {
            throw new DistributedApplicationException(error);
        }
    }
}

/// <summary>A step that failed.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Exception">Why.</param>
internal sealed record StepFailure(string Step, Exception Exception)
{
    /// <summary>What to say of it: a sentence where somebody has written one for the user, else what kind of fault it is.</summary>
    public static string Describe(Exception exception)
        => ConsoleExceptionReporter.Describe(exception) ?? $"{exception.GetType().Name}: {exception.Message}";
}

/// <summary>Some steps of the pipeline failed.</summary>
internal sealed class PipelineFailedException(IReadOnlyList<StepFailure> failures, IReadOnlyList<string> notRun, bool includeDetails)
    : DistributedApplicationException(Describe(failures, notRun, includeDetails), failures[0].Exception)
{
    /// <summary>The steps that failed, the first to do so first.</summary>
    public IReadOnlyList<StepFailure> Failures { get; } = failures;

    private static string Describe(IReadOnlyList<StepFailure> failures, IReadOnlyList<string> notRun, bool includeDetails)
    {
        var lines = failures.Select(f => $"Step '{f.Step}' failed: {StepFailure.Describe(f.Exception)}{(includeDetails ? $"{Environment.NewLine}{f.Exception}" : "")}").ToList();
        if (notRun.Count > 0)
        {
            lines.Add($"Not run because of that: {string.Join(", ", notRun)}.");
        }

        if (!includeDetails && failures.Any(f => ConsoleExceptionReporter.Describe(f.Exception) is null))
        {
            lines.Add("Where in the code that was, --include-exception-details true shows.");
        }

        return string.Join(Environment.NewLine, lines);
    }
}
