using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>Hands what Kestrel logs for a resource on to the resource's log, whatever its category.</summary>
/// <param name="log">The resource's log.</param>
internal sealed class ResourceLoggerProvider(ILogger log) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => log;

    public void Dispose()
    {
        // The log is the resource's.
    }
}
