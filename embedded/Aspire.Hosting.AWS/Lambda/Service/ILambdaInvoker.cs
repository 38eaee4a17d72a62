using System.Diagnostics;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// Lambda's synchronous invocation (<c>Invoke</c> with invocation type <c>RequestResponse</c>,
/// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html), for whoever is in the app host.
/// </summary>
internal interface ILambdaInvoker
{
    /// <summary>Invokes a function and waits for what comes of it.</summary>
    /// <param name="functionName">The function: the name of its resource.</param>
    /// <param name="request">The event. The invocation owns its payload from now on, whatever happens.</param>
    /// <param name="cancellationToken">Gives up waiting. The function goes on, as it does in the cloud when a caller leaves.</param>
    /// <returns>What came of it, which the caller disposes. Nothing that a function does is thrown.</returns>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    ValueTask<InvokeResult> InvokeAsync(string functionName, InvokeRequest request, CancellationToken cancellationToken);
}

/// <summary>What makes a function run (https://opentelemetry.io/docs/specs/semconv/registry/attributes/faas/, <c>faas.trigger</c>).</summary>
internal enum FunctionTrigger
{
    /// <summary>Somebody invokes it.</summary>
    Other,

    /// <summary>An HTTP request.</summary>
    Http,
}

/// <summary>One event for a function.</summary>
/// <param name="Payload">The event, JSON in UTF-8.</param>
internal readonly record struct InvokeRequest(Payload Payload)
{
    /// <summary>The value of <c>X-Amzn-Trace-Id</c> that the function gets; null when the service is to make one.</summary>
    public string? TraceId { get; init; }

    /// <summary>The span that invokes; none when the caller has none, or <see cref="TraceId"/> says it.</summary>
    public ActivityContext Parent { get; init; }

    /// <summary>What makes the function run.</summary>
    public FunctionTrigger Trigger { get; init; }

    /// <summary>Whether the app host only asks how the function is: that is not recorded.</summary>
    public bool IsProbe { get; init; }

    /// <summary>The client context, JSON; null when there is none.</summary>
    public string? ClientContext { get; init; }
}

/// <summary>What came of an invocation.</summary>
internal enum InvokeStatus
{
    /// <summary>The payload is what the function returned.</summary>
    Succeeded,

    /// <summary>The function failed, ended, ran over its deadline or returned too much: the payload is the error, JSON with <c>errorType</c> and <c>errorMessage</c>.</summary>
    FunctionError,

    /// <summary>Every execution environment that the function may have is busy (<c>TooManyRequestsException</c>, 429).</summary>
    Throttled,

    /// <summary>The event is larger than Lambda takes (<c>RequestTooLargeException</c>, 413).</summary>
    RequestTooLarge,

    /// <summary>There is no such function, or it does not run (<c>ResourceNotFoundException</c>, 404).</summary>
    FunctionNotFound,

    /// <summary>The service itself cannot run the function on this machine (<c>ServiceException</c>, 500).</summary>
    ServiceFailed,
}

/// <summary>What came of an invocation. Disposing it gives its payload back.</summary>
internal sealed class InvokeResult : IDisposable
{
    /// <summary>What came of it.</summary>
    public required InvokeStatus Status { get; init; }

    /// <summary>The invocation's id (<c>x-amzn-RequestId</c>).</summary>
    public required string RequestId { get; init; }

    /// <summary>What the function returned, or its error; null when the function was not called.</summary>
    public Payload? Payload { get; init; }

    /// <summary>Why the function was not called, in a sentence.</summary>
    public string? Message { get; init; }

    /// <inheritdoc />
    public void Dispose() => Payload?.Dispose();
}
