using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using RvkApp.Api.Platform.Lambda;

namespace RvkApp.Api.Platform.Startup;

/// <summary>A configuration value is missing or wrong; the message is the one sentence to show.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);

/// <summary>Ends a start that cannot succeed with one sentence a value on standard error, instead of a stack trace.</summary>
internal static class StartupFailure
{
    public const int ExitCode = 1;

    /// <summary>Runs the application; an exception that is not about its start passes through.</summary>
    public static async Task<int> RunAsync(Func<Task> application)
    {
        try
        {
            await application();
            return 0;
        }
        catch (Exception exception) when (Describe(exception) is { } sentences)
        {
            foreach (var sentence in sentences)
            {
                await Console.Error.WriteLineAsync($"RvkApp.Api cannot start: {sentence}");
            }

            await InitializationReport.SendAsync(exception.GetType().Name, string.Join(' ', sentences));
            return ExitCode;
        }
    }

    /// <summary>What to tell the person who starts the process; null when the exception is not about configuration.</summary>
    public static IReadOnlyList<string>? Describe(Exception exception) => exception switch
    {
        ConfigurationException => [exception.Message],
        OptionsValidationException options => [.. options.Failures.Select(WithoutPrefix)],
        AggregateException { InnerExceptions: var inner } when inner.All(one => Describe(one) is not null) => [.. inner.SelectMany(one => Describe(one)!)],
        // The binder: Failed to convert configuration value 'abc' at 'Jwt:Lifetime' to type 'System.TimeSpan'.
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } => [exception.Message],
        // Kestrel: Failed to bind to address http://127.0.0.1:5080: address already in use.
        IOException { InnerException: AddressInUseException } => [exception.Message + " Choose another with ASPNETCORE_URLS, for example http://127.0.0.1:5081."],
        _ => null,
    };

    // The generated validators put "SigningKey: " before a message; ours name the value as configuration does, "Jwt:SigningKey".
    private static string WithoutPrefix(string failure)
        => failure.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end && failure.AsSpan(0, end).IndexOfAny(' ', ':') < 0
            ? failure[(end + 2)..]
            : failure;
}
