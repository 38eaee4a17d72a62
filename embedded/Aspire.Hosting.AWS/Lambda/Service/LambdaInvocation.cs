using System.Globalization;
using System.Security.Cryptography;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// One invocation, from its acceptance to what comes of it. Whoever waits for it goes on on the thread that completes it, which therefore holds no lock.
/// </summary>
internal sealed class LambdaInvocation(InvokeRequest request, string functionArn, LogTail? tail) : TaskCompletionSource<InvokeResult>
{
    private int _finished;

    /// <summary>The id, as in <c>Lambda-Runtime-Aws-Request-Id</c>.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString();

    public InvokeRequest Request { get; } = request;

    public string FunctionArn { get; } = functionArn;

    public string TraceId { get; } = request.TraceId ?? NewTraceId();

    /// <summary>Collects the log for the caller; null when that was not asked for.</summary>
    public LogTail? Tail { get; } = tail;

    /// <summary>When an environment got it, in milliseconds of <see cref="Environment.TickCount64"/>'s clock.</summary>
    public long StartedTimestamp { get; private set; }

    /// <summary>When the environment is ended, in milliseconds of <see cref="Environment.TickCount64"/>'s clock.</summary>
    public long DeadlineTick { get; private set; }

    /// <summary>The same in milliseconds since 1970.</summary>
    public long DeadlineUnixMilliseconds { get; private set; }

    /// <summary>The time that it has begun to cost.</summary>
    public bool IsStarted => StartedTimestamp != 0;

    /// <summary>Starts the function's timeout.</summary>
    public void Start(TimeSpan timeout)
    {
        var milliseconds = (long)timeout.TotalMilliseconds;
        StartedTimestamp = TimeProvider.System.GetTimestamp();
        DeadlineTick = Environment.TickCount64 + milliseconds;
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
