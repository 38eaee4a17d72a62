using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>What a run of the pipeline works with.</summary>
/// <param name="model">The application's model.</param>
/// <param name="executionContext">What is done with the model.</param>
/// <param name="serviceProvider">The application's services.</param>
/// <param name="logger">The pipeline's log.</param>
/// <param name="cancellationToken">Gives up.</param>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PipelineContext(
    DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext, IServiceProvider serviceProvider, ILogger logger, CancellationToken cancellationToken)
{
    /// <summary>The application's model.</summary>
    public DistributedApplicationModel Model { get; } = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>What is done with the model.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext ?? throw new ArgumentNullException(nameof(executionContext));

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; } = serviceProvider ?? throw new ArgumentNullException(nameof(serviceProvider));

    /// <summary>The pipeline's log.</summary>
    public ILogger Logger { get; } = logger ?? throw new ArgumentNullException(nameof(logger));

    /// <summary>Cancelled when publishing is given up.</summary>
    public CancellationToken CancellationToken { get; set; } = cancellationToken;

    /// <summary>What is said at the end.</summary>
    public PipelineSummary Summary { get; } = new();
}

/// <summary>What a step works with.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PipelineStepContext
{
    /// <summary>What the whole run works with.</summary>
    public required PipelineContext PipelineContext { get; init; }

    /// <summary>Where the step says how far it is.</summary>
    public required IReportingStep ReportingStep { get; init; }

    /// <summary>The application's model.</summary>
    public DistributedApplicationModel Model => PipelineContext.Model;

    /// <summary>What is done with the model.</summary>
    public DistributedApplicationExecutionContext ExecutionContext => PipelineContext.ExecutionContext;

    /// <summary>The application's services.</summary>
    public IServiceProvider Services => PipelineContext.Services;

    /// <summary>The step's log.</summary>
    public ILogger Logger => field ??= new ReportingStepLogger(ReportingStep, PipelineLogLevel.From(Services));

    /// <summary>Cancelled when publishing is given up.</summary>
    public CancellationToken CancellationToken => PipelineContext.CancellationToken;

    /// <summary>What is said at the end.</summary>
    public PipelineSummary Summary => PipelineContext.Summary;
}

/// <summary>What a resource's step is made from.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineStepFactoryContext
{
    /// <summary>What the whole run works with.</summary>
    public required PipelineContext PipelineContext { get; init; }

    /// <summary>The resource.</summary>
    public required IResource Resource { get; init; }
}

/// <summary>What a callback that orders the steps sees.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineConfigurationContext
{
    /// <summary>The application's model.</summary>
    public required DistributedApplicationModel Model { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>All steps.</summary>
    public required IReadOnlyList<PipelineStep> Steps { get; init; }

    /// <summary>The steps with a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The steps.</returns>
    public IEnumerable<PipelineStep> GetSteps(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return [.. Steps.Where(s => s.Tags.Contains(tag))];
    }

    /// <summary>The steps of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The steps.</returns>
    public IEnumerable<PipelineStep> GetSteps(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return [.. Steps.Where(s => s.Resource == resource)];
    }

    /// <summary>The steps of a resource with a tag.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>The steps.</returns>
    public IEnumerable<PipelineStep> GetSteps(IResource resource, string tag)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(tag);
        return [.. Steps.Where(s => s.Resource == resource && s.Tags.Contains(tag))];
    }
}
