using Amazon.JSII.Runtime;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>
/// The Node.js process that runs the CDK. There is one for the whole process, it starts with the first construct, it answers one call at a time, and the
/// .NET side does not guard it: so whoever works with constructs enters first.
/// </summary>
internal static class JsiiKernel
{
    // jsii prints a page about each version of Node.js it has not been tested with.
    private static readonly string[] Silenced =
    [
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION",
    ];

    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <summary>Waits until nobody else works with constructs.</summary>
    /// <returns>Ends the turn when disposed.</returns>
    public static async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        foreach (var variable in Silenced)
        {
            if (Environment.GetEnvironmentVariable(variable) is null)
            {
                Environment.SetEnvironmentVariable(variable, "1");
            }
        }

        return new End();
    }

    /// <summary>Whether the CDK has refused something.</summary>
    public static bool IsFailure(Exception exception) => exception is JsiiException || (exception.InnerException is { } inner && IsFailure(inner));

    /// <summary>What the CDK said, without the stack of its JavaScript.</summary>
    public static string Describe(Exception exception)
    {
        var failure = exception;
        while (failure is not JsiiException && failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure.Message.Split('\n').TakeWhile(line => !line.TrimStart().StartsWith("at ", StringComparison.Ordinal)).Aggregate("", (text, line) => $"{text}{line.TrimEnd()}\n").TrimEnd();
    }

    private sealed class End : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Turn.Release();
            }
        }
    }
}
