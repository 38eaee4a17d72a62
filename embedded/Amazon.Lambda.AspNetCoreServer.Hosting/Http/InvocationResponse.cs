using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>The response to one invocation: status, headers, and who wants to know when it starts and when it is over.</summary>
internal sealed class InvocationResponse : IHttpResponseFeature
{
    private readonly List<(Func<object, Task> Callback, object State)> _starting = [];
    private readonly List<(Func<object, Task> Callback, object State)> _completed = [];
    private Task? _start;
    private int _statusCode = StatusCodes.Status200OK;

    public int StatusCode
    {
        get => _statusCode;
        set
        {
            ThrowIfStarted();
            _statusCode = value;
        }
    }

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    // Superseded by IHttpResponseBodyFeature, which the framework uses.
    [Obsolete("Use IHttpResponseBodyFeature.Stream.")]
    public Stream Body { get; set; } = Stream.Null;

    public bool HasStarted => _start is not null;

    public void OnStarting(Func<object, Task> callback, object state)
    {
        ThrowIfStarted();
        _starting.Add((callback, state));
    }

    public void OnCompleted(Func<object, Task> callback, object state) => _completed.Add((callback, state));

    /// <summary>Calls those who wait for the start, the last registered first, once. From then on status and callbacks are fixed.</summary>
    public Task StartAsync() => _start ??= _starting.Count == 0 ? Task.CompletedTask : CallAsync(_starting);

    /// <summary>Calls those who wait for the end, the last registered first.</summary>
    public Task CompleteAsync() => _completed.Count == 0 ? Task.CompletedTask : CallAsync(_completed);

    /// <summary>Forgets everything, for the next invocation.</summary>
    public void Reset()
    {
        _starting.Clear();
        _completed.Clear();
        _start = null;
        _statusCode = StatusCodes.Status200OK;
        ReasonPhrase = null;
        Headers = new HeaderDictionary();
    }

    /// <summary>Forgets what the application has set, to answer with an error in its place.</summary>
    public void Replace(int statusCode)
    {
        _starting.Clear();
        _start = null;
        _statusCode = statusCode;
        Headers = new HeaderDictionary();
    }

    private void ThrowIfStarted()
    {
        if (HasStarted)
        {
            throw new InvalidOperationException("The response has already started.");
        }
    }

    private static async Task CallAsync(List<(Func<object, Task> Callback, object State)> callbacks)
    {
        for (var i = callbacks.Count - 1; i >= 0; i--)
        {
            await callbacks[i].Callback(callbacks[i].State).ConfigureAwait(false);
        }
    }
}
