using Amazon.JSII.Runtime;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>
/// The Node.js process that runs the CDK. There is one for the whole process, it starts with the first construct, it answers one call at a time, and the
/// .NET side does not guard it: so whoever works with constructs enters first.
/// </summary>
internal static class JsiiKernel
{
    // jsii prints a page about each version of Node.js it has not been tested with. The first variable lists major versions, the others only have to be set.
    private static readonly (string Name, string Value)[] Silenced =
    [
        ("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", string.Join(',', Enumerable.Range(10, 30))),
        ("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "1"),
        ("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1"),
    ];

    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <summary>Waits until nobody else works with constructs.</summary>
    /// <returns>Ends the turn when disposed.</returns>
    public static async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        foreach (var (name, value) in Silenced)
        {
            if (Environment.GetEnvironmentVariable(name) is null)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        return new End();
    }

    /// <summary>Whether the CDK has refused something. jsii reports what JavaScript throws as an exception of no particular type.</summary>
    public static bool IsFailure(Exception exception) => exception is JsiiException || exception.GetType() == typeof(Exception);

    /// <summary>What the CDK said, without the stack of its JavaScript.</summary>
    public static string Describe(Exception exception)
        => string.Join('\n', exception.Message.Split('\n').Select(line => line.TrimEnd()).TakeWhile(line => !line.TrimStart().StartsWith("at ", StringComparison.Ordinal))).Trim();

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
