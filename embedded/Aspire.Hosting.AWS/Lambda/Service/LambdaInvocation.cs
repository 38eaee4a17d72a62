using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.AWS.Lambda.Gateway;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// One invocation, from its acceptance to what comes of it. Whoever waits for it goes on on the thread that completes it, which therefore holds no lock.
/// </summary>
internal sealed class LambdaInvocation : TaskCompletionSource<InvokeResult>
{
    private readonly FunctionTelemetry? _telemetry;
    private int _finished;

    /// <param name="request">The event.</param>
    /// <param name="function">Whose it is.</param>
    /// <param name="tail">Collects the log for the caller; null when that was not asked for.</param>
    public LambdaInvocation(InvokeRequest request, LambdaFunction function, LogTail? tail)
    {
        Request = request;
        FunctionArn = function.Arn;
        Tail = tail;
        _telemetry = function.Telemetry;
        Span = _telemetry?.Begin(function.Name, request);
        // What the function does is part of the invocation, where that is recorded.
        TraceId = Span is not null ? TraceHeader.Of(Span.Context) : request.TraceId ?? NewTraceId();
    }

    /// <summary>The id, as in <c>Lambda-Runtime-Aws-Request-Id</c>.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString();

    public InvokeRequest Request { get; }

    public string FunctionArn { get; }

    /// <summary>The value of <c>Lambda-Runtime-Trace-Id</c>.</summary>
    public string TraceId { get; }

    /// <summary>Its span; null when it is not recorded.</summary>
    public Activity? Span { get; }

    /// <summary>Collects the log for the caller; null when that was not asked for.</summary>
    public LogTail? Tail { get; }

    /// <summary>When it was accepted, in ticks of <see cref="Stopwatch"/>.</summary>
    public long SubmittedTimestamp { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>What handles it, once that is known.</summary>
    public ExecutionEnvironment? Environment { get; private set; }

    /// <summary>How its environment started, when it is the first event there.</summary>
    public ColdStart? ColdStart { get; private set; }

    /// <summary>Why it failed; null while it has not, and when the function did not say.</summary>
    public InvocationError? Error { get; set; }

    /// <summary>When an environment got it, in ticks of <see cref="Stopwatch"/>.</summary>
    public long StartedTimestamp { get; private set; }

    /// <summary>When the environment is ended, in milliseconds of <see cref="System.Environment.TickCount64"/>'s clock.</summary>
    public long DeadlineTick { get; private set; }

    /// <summary>The same in milliseconds since 1970.</summary>
    public long DeadlineUnixMilliseconds { get; private set; }

    /// <summary>The time that it has begun to cost.</summary>
    public bool IsStarted => StartedTimestamp != 0;

    /// <summary>It is handed to an environment.</summary>
    public void AssignTo(ExecutionEnvironment environment, ColdStart? coldStart) => (Environment, ColdStart) = (environment, coldStart);

    /// <summary>Starts the function's timeout.</summary>
    public void Start(TimeSpan timeout)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        StartedTimestamp = TimeProvider.System.GetTimestamp();
        DeadlineTick = System.Environment.TickCount64 + milliseconds;
        DeadlineUnixMilliseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + milliseconds;
    }

    /// <summary>Ends it, once: later calls are without effect but to give back their payload.</summary>
    public void Finish(InvokeStatus status, Payload? payload, string? message = null)
    {
        if (Interlocked.Exchange(ref _finished, 1) != 0)
        {
            payload?.Dispose();
            return;
        }

        _telemetry?.End(this, status, message);
        var result = new InvokeResult { Status = status, RequestId = RequestId, Payload = payload, Message = message };
        if (!TrySetResult(result))
        {
            // The caller has left.
            result.Dispose();
        }
    }

    // https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader: not sampled, since nothing here takes segments.
    private static string NewTraceId() => string.Create(74, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), static (text, seconds) =>
    {
        Span<byte> random = stackalloc byte[20];
        RandomNumberGenerator.Fill(random);
        "Root=1-".CopyTo(text);
        ((uint)seconds).TryFormat(text[7..], out _, "x8", CultureInfo.InvariantCulture);
        text[15] = '-';
        Convert.TryToHexStringLower(random[..12], text[16..], out _);
        ";Parent=".CopyTo(text[40..]);
        Convert.TryToHexStringLower(random[12..], text[48..], out _);
        ";Sampled=0".CopyTo(text[64..]);
    });
}
