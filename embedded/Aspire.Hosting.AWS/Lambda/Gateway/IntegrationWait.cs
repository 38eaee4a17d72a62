namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>How long a function is waited for: until a time is over or the client has left. One instance serves one wait after another.</summary>
internal sealed class IntegrationWait : IDisposable
{
    private CancellationTokenSource _source = new();
    private CancellationTokenRegistration _registration;
    private CancellationToken _aborted;

    /// <summary>Whether the wait ended because the client left.</summary>
    public bool ClientLeft => _aborted.IsCancellationRequested;

    /// <summary>Begins a wait.</summary>
    /// <returns>What ends it.</returns>
    public CancellationToken Begin(TimeSpan timeout, CancellationToken aborted)
    {
        _aborted = aborted;
        _registration = aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        _source.CancelAfter(timeout);
        return _source.Token;
    }

    /// <summary>Ends a wait.</summary>
    public void End()
    {
        _registration.Dispose();
        if (!_source.TryReset())
        {
            _source.Dispose();
            _source = new CancellationTokenSource();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _source.Dispose();
}
