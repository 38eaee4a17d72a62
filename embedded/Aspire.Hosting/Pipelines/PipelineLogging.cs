using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Pipelines;

/// <summary>What the command line says about log lines.</summary>
internal static class PipelineLogLevel
{
    /// <summary>The least important level to show.</summary>
    public static LogLevel From(IServiceProvider services) => Parse(services.GetRequiredService<IOptions<PipelineOptions>>().Value.LogLevel);

    /// <summary>Reads a level.</summary>
    /// <exception cref="DistributedApplicationException">It is none.</exception>
    public static LogLevel Parse(string? text) => text switch
    {
        null or "" => LogLevel.Information,
        _ when !int.TryParse(text, out _) && Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) => level,
        _ => throw new DistributedApplicationException($"'{text}' is no log level: --log-level is trace, debug, information, warning, error, critical or none."),
    };
}

/// <summary>Writes into a step's report.</summary>
internal sealed class ReportingStepLogger(IReportingStep step, LogLevel minimum) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var text = formatter(state, exception);
            step.Log(logLevel, exception is null ? text : $"{text} {exception.GetType().Name}: {exception.Message}");
        }
    }
}

/// <summary>Shows what services log while a step runs among the step's own lines. What is logged outside of steps is shown from warnings on.</summary>
internal sealed class PipelineLoggerProvider(LogLevel minimum, RunOutput output) : ILoggerProvider
{
    private static readonly AsyncLocal<IReportingStep?> Current = new();

    /// <summary>Makes a step the one whose code is running here.</summary>
    public static Scope Enter(IReportingStep step)
    {
        Current.Value = step;
        return new Scope();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, minimum, output);

    public void Dispose()
    {
    }

    internal readonly struct Scope : IDisposable
    {
        public void Dispose() => Current.Value = null;
    }

    private sealed class Logger(string category, LogLevel minimum, RunOutput output) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None && (Current.Value is not null || logLevel >= LogLevel.Warning);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            if (Current.Value is { } step)
            {
                new ReportingStepLogger(step, minimum).Log(logLevel, eventId, state, exception, formatter);
            }
            else
            {
                var text = formatter(state, exception);
                output.WriteLine(($"{category}: {(exception is null ? text : $"{text} {exception.GetType().Name}: {exception.Message}")}", logLevel >= LogLevel.Error ? RunTone.Bad : RunTone.Warning));
            }
        }
    }
}
