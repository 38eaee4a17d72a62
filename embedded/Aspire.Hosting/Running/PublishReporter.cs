using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Tells the person at the console how far publishing is: a line for each change and, on a terminal, below them what is under way.</summary>
internal sealed class PublishReporter(PublishDisplay display, LogLevel minimum) : IPipelineActivityReporter
{
    public Task<IReportingStep> CreateStepAsync(string title, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(title);
        return Task.FromResult<IReportingStep>(new Step(title, display, minimum));
    }

    public Task CompletePublishAsync(PublishCompletionOptions? options = null, CancellationToken cancellationToken = default)
    {
        foreach (var item in options?.PipelineSummary ?? [])
        {
            display.Summarize(item);
        }

        if (options?.CompletionMessage is { Length: > 0 } message)
        {
            display.Close(message, ToneOf(options.CompletionState ?? CompletionState.Completed));
        }

        return Task.CompletedTask;
    }

    [Obsolete("Use CompletePublishAsync(PublishCompletionOptions?, CancellationToken) instead.")]
    public Task CompletePublishAsync(string? completionMessage = null, CompletionState? completionState = null, CancellationToken cancellationToken = default)
        => CompletePublishAsync(new PublishCompletionOptions { CompletionMessage = completionMessage, CompletionState = completionState }, cancellationToken);

    private static RunTone ToneOf(CompletionState state) => state switch
    {
        CompletionState.Completed => RunTone.Good,
        CompletionState.CompletedWithWarning => RunTone.Warning,
        CompletionState.CompletedWithError => RunTone.Bad,
        _ => RunTone.Normal,
    };

    private static string Duration(long start) => string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0}s");

    private sealed class Step : IReportingStep
    {
        private readonly string _name;
        private readonly PublishDisplay _display;
        private readonly LogLevel _minimum;
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly PublishDisplay.Activity _activity;

        public Step(string name, PublishDisplay display, LogLevel minimum)
        {
            _name = name;
            _display = display;
            _minimum = minimum;
            _activity = display.Begin(name);
        }

        public Task<IReportingTask> CreateTaskAsync(string statusText, CancellationToken cancellationToken = default)
            => Task.FromResult<IReportingTask>(new ReportingTask(this, statusText));

        public Task<IReportingTask> CreateTaskAsync(MarkdownString statusText, CancellationToken cancellationToken = default)
            => CreateTaskAsync(PlainMarkdown.Render(statusText.Value), cancellationToken);

        public void Log(LogLevel logLevel, string message)
        {
            if (logLevel >= _minimum && logLevel != LogLevel.None)
            {
                var (prefix, tone) = logLevel switch
                {
                    >= LogLevel.Error => ("error: ", RunTone.Bad),
                    LogLevel.Warning => ("warning: ", RunTone.Warning),
                    LogLevel.Information => ("", RunTone.Normal),
                    _ => ("", RunTone.Quiet),
                };
                _display.Line(_name, prefix + message, tone);
            }
        }

        public void Log(LogLevel logLevel, MarkdownString message) => Log(logLevel, PlainMarkdown.Render(message.Value));

        [Obsolete("Use Log(LogLevel, string) or Log(LogLevel, MarkdownString) instead.")]
        public void Log(LogLevel logLevel, string message, bool enableMarkdown) => Log(logLevel, enableMarkdown ? PlainMarkdown.Render(message) : message);

        public Task CompleteAsync(string completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default)
        {
            var reason = completionText is { Length: > 0 } ? $": {completionText}" : "";
            var text = completionState switch
            {
                CompletionState.CompletedWithError => $"failed after {Duration(_start)}{reason}",
                CompletionState.CompletedWithWarning => $"done in {Duration(_start)}, with a warning{reason}",
                _ => $"done in {Duration(_start)}{reason}",
            };
            _display.End(_activity, text, ToneOf(completionState));
            return Task.CompletedTask;
        }

        public Task CompleteAsync(MarkdownString completionText, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default)
            => CompleteAsync(PlainMarkdown.Render(completionText.Value), completionState, cancellationToken);

        public ValueTask DisposeAsync()
        {
            _display.Forget(_activity);
            return ValueTask.CompletedTask;
        }

        private sealed class ReportingTask : IReportingTask
        {
            private readonly Step _step;
            private string _status;

            public ReportingTask(Step step, string status)
            {
                _step = step;
                _status = status;
                step._display.BeginTask(step._activity, this, status);
            }

            public Task UpdateAsync(string statusText, CancellationToken cancellationToken = default)
            {
                _status = statusText;
                _step._display.BeginTask(_step._activity, this, statusText);
                return Task.CompletedTask;
            }

            public Task UpdateAsync(MarkdownString statusText, CancellationToken cancellationToken = default) => UpdateAsync(PlainMarkdown.Render(statusText.Value), cancellationToken);

            public Task CompleteAsync(string? completionMessage = null, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default)
            {
                var text = (completionMessage, completionState) switch
                {
                    ({ Length: > 0 } message, CompletionState.CompletedWithError) => $"{_status}: failed: {message}",
                    (_, CompletionState.CompletedWithError) => $"{_status}: failed",
                    ({ Length: > 0 } message, _) => message,
                    _ => $"{_status}: done",
                };
                _step._display.EndTask(_step._activity, this, text, completionState == CompletionState.Completed ? RunTone.Normal : ToneOf(completionState));
                return Task.CompletedTask;
            }

            public Task CompleteAsync(MarkdownString completionMessage, CompletionState completionState = CompletionState.Completed, CancellationToken cancellationToken = default)
                => CompleteAsync(PlainMarkdown.Render(completionMessage.Value), completionState, cancellationToken);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
