using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Pipelines;

/// <summary>What the command line asks of publishing.</summary>
internal static class PublishSettings
{
    // What may stand on the command line without a value.
    private static readonly HashSet<string> Flags = new(StringComparer.OrdinalIgnoreCase) { "--list-steps", "--include-exception-details", "--clear-cache", "--yes" };

    /// <summary>Gives each flag that stands alone its value: the configuration's reader would take the next argument for it, or drop it.</summary>
    public static string[]? WithFlagValues(string[]? args)
        => args is null ? null : [.. args.SelectMany((argument, i) => Flags.Contains(argument) && (i + 1 == args.Length || args[i + 1].StartsWith('-')) ? [argument, "true"] : (string[])[argument])];

    /// <summary>Whether the steps are only to be listed.</summary>
    public static bool ListsSteps(IConfiguration configuration)
        => string.Equals(configuration["AppHost:Operation"], "inspect", StringComparison.OrdinalIgnoreCase) || Flag(configuration, "ListSteps", "--list-steps");

    /// <summary>Whether a failure is shown with its stack trace.</summary>
    public static bool IncludesExceptionDetails(IServiceProvider services)
        => Flag(services.GetRequiredService<IConfiguration>(), "IncludeExceptionDetails", "--include-exception-details");

    /// <summary>Reads the options.</summary>
    /// <exception cref="DistributedApplicationException">A flag is neither true nor false.</exception>
    public static void Read(PipelineOptions options, IConfiguration configuration)
    {
        options.Step = configuration["Pipeline:Step"];
        options.OutputPath = configuration["Pipeline:OutputPath"];
        options.LogLevel = configuration["Pipeline:LogLevel"];
        options.ClearCache = Flag(configuration, "ClearCache", "--clear-cache");
        options.SkipConfirmation = Flag(configuration, "SkipConfirmation", "--yes");
    }

    private static bool Flag(IConfiguration configuration, string key, string argument) => configuration[$"Pipeline:{key}"] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new DistributedApplicationException($"'{text}' is neither true nor false: {argument} takes one of them, or nothing."),
    };
}
