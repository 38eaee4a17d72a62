using System.Diagnostics;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// What can end an operation early: its time limit (maxTimeMS), a kill, the server's shutdown. Long loops call
/// <see cref="Check"/> for every document.
/// </summary>
internal sealed class OperationContext
{
    private const int ClockEvery = 64;

    private readonly long _deadline;
    private readonly CancellationToken _shutdown;
    private int _killed;
    private int _checks;

    /// <summary>
    /// <para><paramref name="maxTime"/>: Null or zero for none.</para>
    /// </summary>
    public OperationContext(TimeSpan? maxTime = null, CancellationToken shutdown = default)
    {
        _deadline = maxTime is TimeSpan limit && limit > TimeSpan.Zero
            ? Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency)
            : long.MaxValue;
        _shutdown = shutdown;
    }

    /// <summary>No limit.</summary>
    public static OperationContext None { get; } = new();

    public void Kill() => Volatile.Write(ref _killed, 1);

    /// <exception cref="MongoError">MaxTimeMSExpired (50), Interrupted (11601) or InterruptedAtShutdown (11600).</exception>
    public void Check()
    {
        if (Volatile.Read(ref _killed) != 0)
        {
            throw new MongoError(ErrorCode.Interrupted, "operation was interrupted");
        }
        if (++_checks % ClockEvery == 1)
        {
            CheckClock();
        }
    }

    /// <summary>The same without skipping the look at the clock.</summary>
    public void CheckClock()
    {
        if (_deadline != long.MaxValue && Stopwatch.GetTimestamp() > _deadline)
        {
            throw new MongoError(ErrorCode.MaxTimeMSExpired, "operation exceeded time limit");
        }
        if (_shutdown.IsCancellationRequested)
        {
            throw new MongoError(ErrorCode.InterruptedAtShutdown, "interrupted at shutdown");
        }
    }
}
