using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>Hands a step's reports on to whoever shows them, and remembers what they mean for the run: a step that says that it failed has failed.</summary>
internal sealed class StepProgress(IReportingStep shown) : IReportingStep
{
    private readonly Lock _lock = new();
    private readonly List<TaskProgress> _tasks = [];
    private bool _ended;
    private string? _error;

    /// <summary>Why the step failed, as far as it has said so itself.</summary>
    public string? Error
    {
        get
        {
            lock (_lock)
            {
                return _error ?? _tasks.FirstOrDefault(t => t.Error is not null)?.Error;
            }
        }
    }

    public async Task<IReportingTask> CreateTaskAsync(string statusText, CancellationToken cancellationToken = default)
        => Add(await shown.CreateTaskAsync(statusText, cancellationToken), statusText);

    public async Task<IReportingTask> CreateTaskAsync(MarkdownString statusText, CancellationToken cancellationToken = default)
        => Add(await shown.CreateTaskAsync(statusText, cancellationToken), statusText.Value);

    public void Log(LogLevel logLevel, string message) => shown.Log(logLevel, message);

    public void Log(LogLevel logLevel, MarkdownString message) => shown.Log(logLevel, message);

    [Obsolete("Use Log(LogLevel, string) or Log(LogLevel, MarkdownString) instead.")]
    public void Log(LogLevel logLevel, string message, bool enableMarkdown) => shown.Log(logLevel, message, enableMarkdown);

    public Task CompleteAsync(string completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default)
        => End(completionText, completionState) ? shown.CompleteAsync(completionText, completionState, cancellationToken) : Task.CompletedTask;

    public Task CompleteAsync(MarkdownString completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default)
        => End(completionText.Value, completionState) ? shown.CompleteAsync(completionText, completionState, cancellationToken) : Task.CompletedTask;

    /// <summary>Ends what the step has left open.</summary>
    /// <param name="error">Why it failed; null when it ran to its end.</param>
    public async Task EndAsync(string? error)
    {
        TaskProgress[] tasks;
        lock (_lock)
        {
            tasks = [.. _tasks];
        }

        foreach (var task in tasks)
        {
            await task.EndAsync(error is null ? CompletionState.Completed : CompletionState.CompletedWithError);
        }

        var state = (error ?? Error) is not null ? CompletionState.CompletedWithError
            : tasks.Any(t => t.State == CompletionState.CompletedWithWarning) ? CompletionState.CompletedWithWarning
            : CompletionState.Completed;
        await CompleteAsync(error ?? Error ?? "", state, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => shown.DisposeAsync();

    private TaskProgress Add(IReportingTask task, string statusText)
    {
        var progress = new TaskProgress(task, statusText);
        lock (_lock)
        {
            _tasks.Add(progress);
        }

        return progress;
    }

    private bool End(string text, CompletionState state)
    {
        lock (_lock)
        {
            if (state == CompletionState.CompletedWithError)
            {
                _error ??= text is { Length: > 0 } ? text : "the step says so, without a reason.";
            }

            var first = !_ended;
            _ended |= state != CompletionState.InProgress;
            return first;
        }
    }

    /// <summary>The same for a task of a step.</summary>
    private sealed class TaskProgress(IReportingTask shown, string statusText) : IReportingTask
    {
        private int _ended;
        private string _status = statusText;

        public CompletionState State { get; private set; }

        public string? Error { get; private set; }

        public Task UpdateAsync(string statusText, CancellationToken cancellationToken = default)
        {
            _status = statusText;
            return shown.UpdateAsync(statusText, cancellationToken);
        }

        public Task UpdateAsync(MarkdownString statusText, CancellationToken cancellationToken = default)
        {
            _status = statusText.Value;
            return shown.UpdateAsync(statusText, cancellationToken);
        }

        public Task CompleteAsync(string? completionMessage = null, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default)
            => End(completionMessage, completionState) ? shown.CompleteAsync(completionMessage, completionState, cancellationToken) : Task.CompletedTask;

        public Task CompleteAsync(MarkdownString completionMessage, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default)
            => End(completionMessage.Value, completionState) ? shown.CompleteAsync(completionMessage, completionState, cancellationToken) : Task.CompletedTask;

        /// <summary>Ends the task as its step ended, unless it has ended by itself.</summary>
        public async Task EndAsync(CompletionState state)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                // That the step failed is its own error, not this task's.
                State = state;
                await shown.CompleteAsync((string?)null, state, CancellationToken.None);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync(CompletionState.Completed);
            await shown.DisposeAsync();
        }

        private bool End(string? message, CompletionState state)
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0)
            {
                return false;
            }

            State = state;
            Error = state == CompletionState.CompletedWithError ? message ?? $"{_status}: failed." : null;
            return true;
        }
    }
}
