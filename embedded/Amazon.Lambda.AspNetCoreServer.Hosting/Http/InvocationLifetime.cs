using Microsoft.AspNetCore.Http.Features;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>Ends a request shortly before Lambda would end the process, so that there is time left to answer.</summary>
internal sealed class InvocationLifetime : IHttpRequestLifetimeFeature, IDisposable
{
    /// <summary>What is left for answering after the request was aborted.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    private CancellationTokenSource _source = new();

    public CancellationToken RequestAborted { get; set; }

    /// <summary>Whether the deadline came, or the application aborted the request.</summary>
    public bool IsAborted => _source.IsCancellationRequested;

    public void Abort() => _source.Cancel();

    /// <summary>Begins an invocation that has to be over by <paramref name="deadline"/>.</summary>
    public void Begin(DateTimeOffset deadline)
    {
        if (!_source.TryReset())
        {
            _source.Dispose();
            _source = new CancellationTokenSource();
        }

        RequestAborted = _source.Token;
        var left = deadline - DateTimeOffset.UtcNow - Margin;
        if (left <= TimeSpan.Zero)
        {
            _source.Cancel();
        }
        else if (left.TotalMilliseconds < int.MaxValue)
        {
            _source.CancelAfter(left);
        }
    }

    public void Dispose() => _source.Dispose();
}
