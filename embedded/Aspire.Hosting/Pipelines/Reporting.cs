using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>How far something is.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public enum CompletionState
{
    /// <summary>Not at its end.</summary>
    InProgress = 0,

    /// <summary>Done.</summary>
    Completed = 1,

    /// <summary>Done, with a reservation.</summary>
    CompletedWithWarning = 2,

    /// <summary>Failed.</summary>
    CompletedWithError = 3,
}

/// <summary>Text in Markdown.</summary>
/// <param name="value">The text.</param>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class MarkdownString(string value)
{
    /// <summary>The text.</summary>
    public string Value { get; } = value ?? throw new ArgumentNullException(nameof(value));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Says how far publishing is.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IPipelineActivityReporter
{
    /// <summary>Begins a step.</summary>
    /// <param name="title">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The step.</returns>
    Task<IReportingStep> CreateStepAsync(string title, CancellationToken cancellationToken = default);

    /// <summary>Begins a step that belongs to another.</summary>
    /// <param name="title">Its name.</param>
    /// <param name="parentStepId">The other step.</param>
    /// <param name="hierarchyLevel">How deep it is below the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The step.</returns>
    Task<IReportingStep> CreateStepAsync(string title, string? parentStepId, int hierarchyLevel, CancellationToken cancellationToken = default) => CreateStepAsync(title, cancellationToken);

    /// <summary>Says that publishing is at its end.</summary>
    /// <param name="options">How it ended, and the summary.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when that is said.</returns>
    Task CompletePublishAsync(PublishCompletionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Says that publishing is at its end.</summary>
    /// <param name="completionMessage">What there is to say.</param>
    /// <param name="completionState">How it ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when that is said.</returns>
    [Obsolete("Use CompletePublishAsync(PublishCompletionOptions?, CancellationToken) instead.")]
    Task CompletePublishAsync(string? completionMessage = null, CompletionState? completionState = null, CancellationToken cancellationToken = default);
}

/// <summary>How publishing ended.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PublishCompletionOptions
{
    /// <summary>What there is to say.</summary>
    public string? CompletionMessage { get; set; }

    /// <summary>How it ended; from the steps when null.</summary>
    public CompletionState? CompletionState { get; set; }

    /// <summary>The summary.</summary>
    public IReadOnlyList<PipelineSummaryItem>? PipelineSummary { get; set; }
}

/// <summary>Says how far a step is.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IReportingStep : IAsyncDisposable
{
    /// <summary>Begins a task of the step.</summary>
    /// <param name="statusText">What is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The task.</returns>
    Task<IReportingTask> CreateTaskAsync(string statusText, CancellationToken cancellationToken = default);

    /// <summary>Begins a task of the step.</summary>
    /// <param name="statusText">What is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The task.</returns>
    Task<IReportingTask> CreateTaskAsync(MarkdownString statusText, CancellationToken cancellationToken = default);

    /// <summary>Writes a line.</summary>
    /// <param name="logLevel">How important it is.</param>
    /// <param name="message">The line.</param>
    void Log(LogLevel logLevel, string message);

    /// <summary>Writes a line.</summary>
    /// <param name="logLevel">How important it is.</param>
    /// <param name="message">The line.</param>
    void Log(LogLevel logLevel, MarkdownString message);

    /// <summary>Writes a line.</summary>
    /// <param name="logLevel">How important it is.</param>
    /// <param name="message">The line.</param>
    /// <param name="enableMarkdown">Whether it is Markdown.</param>
    [Obsolete("Use Log(LogLevel, string) or Log(LogLevel, MarkdownString) instead.")]
    void Log(LogLevel logLevel, string message, bool enableMarkdown);

    /// <summary>Ends the step. One that ends with an error has failed: what depends on it does not run.</summary>
    /// <param name="completionText">What there is to say.</param>
    /// <param name="completionState">How it ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when that is said.</returns>
    Task CompleteAsync(string completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default);

    /// <summary>Ends the step. One that ends with an error has failed: what depends on it does not run.</summary>
    /// <param name="completionText">What there is to say.</param>
    /// <param name="completionState">How it ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when that is said.</returns>
    Task CompleteAsync(MarkdownString completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default);
}

/// <summary>Says how far a task of a step is.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IReportingTask : IAsyncDisposable
{
    /// <summary>Says what is done now.</summary>
    /// <param name="statusText">What is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when that is said.</returns>
    Task UpdateAsync(string statusText, CancellationToken cancellationToken = default);

    /// <summary>Says what is done now.</summary>
    /// <param name="statusText">What is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when that is said.</returns>
    Task UpdateAsync(MarkdownString statusText, CancellationToken cancellationToken = default);

    /// <summary>Ends the task.</summary>
    /// <param name="completionMessage">What there is to say.</param>
    /// <param name="completionState">How it ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when that is said.</returns>
    Task CompleteAsync(string? completionMessage = null, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default);

    /// <summary>Ends the task.</summary>
    /// <param name="completionMessage">What there is to say.</param>
    /// <param name="completionState">How it ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when that is said.</returns>
    Task CompleteAsync(MarkdownString completionMessage, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default);
}
