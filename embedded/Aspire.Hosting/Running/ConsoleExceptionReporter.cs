using System.Reflection;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

/// <summary>
/// Says in a sentence what is wrong with the model or its configuration, where the runtime would print a stack trace that helps
/// nobody. Other exceptions keep theirs: they are faults in code.
/// </summary>
internal static class ConsoleExceptionReporter
{
    private static int _installed;

    /// <summary>Takes over unhandled exceptions of the app host's own process; in any other (a test host) nothing happens.</summary>
    public static void Install(Assembly? appHost)
    {
        if (appHost is null || appHost != Assembly.GetEntryAssembly() || EntryPointHooks.Current is not null || Interlocked.Exchange(ref _installed, 1) != 0)
        {
            return;
        }

        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (unhandled.ExceptionObject is Exception exception && Describe(exception) is { } message)
            {
                Console.Out.Flush();
                Console.Error.WriteLine(message);
                Environment.Exit(1);
            }
        };
    }

    /// <summary>What to say to the person who runs the app host; null when the exception is not meant for them.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        TargetInvocationException { InnerException: { } inner } => Describe(inner),
        DistributedApplicationException => exception.Message,
        OptionsValidationException => exception.Message,
        _ => null,
    };
}
