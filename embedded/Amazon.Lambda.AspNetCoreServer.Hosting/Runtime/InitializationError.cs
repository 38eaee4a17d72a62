using Microsoft.Extensions.Logging.Abstractions;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>
/// Tells Lambda why a process ends that never took an invocation, so that the caller sees the reason and not just that the runtime exited.
/// </summary>
internal static class InitializationError
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private static int _state; // 0 before ReportUnhandled, 1 initializing, 2 over

    /// <summary>From now on an exception that nobody catches is posted to <c>init/error</c>, until <see cref="Over"/>.</summary>
    public static void ReportUnhandled(string? runtimeApi)
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
            {
                if (thrown.ExceptionObject is Exception exception)
                {
                    Post(exception, runtimeApi);
                }
            };
        }
    }

    /// <summary>The function takes invocations: what fails now fails an invocation.</summary>
    public static void Over() => Volatile.Write(ref _state, 2);

    private static void Post(FunctionError error, string? runtimeApi)
    {
        using var client = new RuntimeApiClient(runtimeApi, NullLogger.Instance);
        client.FailInitialization(error);
    }

    // The process is about to be torn down, so this waits.
    private static void Post(Exception exception, string? runtimeApi)
    {
        if (Interlocked.Exchange(ref _state, 2) != 1)
        {
            return;
        }

        try
        {
            // A thread of its own, since it may be late: the process must not wait for a Runtime API that is gone.
            if (!Task.Run(() => Post(FunctionError.From(exception), runtimeApi)).Wait(Deadline))
            {
                Console.Error.WriteLine($"The reason could not be reported to the Lambda Runtime API within {Deadline.TotalSeconds} s.");
            }
        }
        catch (Exception unreachable)
        {
            // The exception itself follows on standard error; this must not hide it.
            Console.Error.WriteLine($"The reason could not be reported to the Lambda Runtime API: {unreachable.Message}");
        }
    }
}
