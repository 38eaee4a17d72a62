using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>What an execution environment does.</summary>
internal enum EnvironmentState
{
    /// <summary>It has not asked for an event yet.</summary>
    Starting,

    /// <summary>It waits for an event.</summary>
    Ready,

    /// <summary>It handles an event.</summary>
    Running,

    /// <summary>It has answered, and not asked for the next event yet.</summary>
    Responded,

    /// <summary>It is over; its process may still be there.</summary>
    Ended,
}

/// <summary>
/// A process that takes one event after the other from the Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html). Its
/// members but for <see cref="Id"/>, <see cref="Label"/> and <see cref="Function"/> are the function's, which changes them under its lock.
/// </summary>
/// <param name="function">The function.</param>
/// <param name="number">Tells it apart in the log.</param>
/// <param name="isAttached">Whether it is a process that someone else has started, of which nothing is known but that it asks for events.</param>
internal sealed class ExecutionEnvironment(LambdaFunction function, int number, bool isAttached)
{
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromSeconds(1);

    private long _memoryTimestamp;
    private long _memory;

    /// <summary>Names it in the address of its Runtime API.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public LambdaFunction Function { get; } = function;

    public int Number { get; } = number;

    /// <summary>What its lines in the function's log begin with.</summary>
    public string Label { get; } = isAttached ? "[attached] " : string.Create(CultureInfo.InvariantCulture, $"[{number}] ");

    public bool IsAttached { get; } = isAttached;

    public EnvironmentState State { get; set; }

    /// <summary>Its process, once that is started.</summary>
    public ISupervisedProcess? Process { get; set; }

    /// <summary>Whether its process is stopped.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Whether it is among those that the function may hand an event to.</summary>
    public bool IsListed { get; set; }

    /// <summary>Its request for the next event, while that waits.</summary>
    public TaskCompletionSource<LambdaInvocation?>? Waiter { get; set; }

    /// <summary>The event that it handles or has answered last; while it starts, the one that it is started for after a failed start.</summary>
    public LambdaInvocation? Invocation { get; set; }

    /// <summary>Whether it is started for <see cref="Invocation"/>, after a start without one failed.</summary>
    public bool IsSecondStart { get; init; }

    public long StartTimestamp { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>When starting has taken too long, by <see cref="Environment.TickCount64"/>; null when it may take as long as it wants.</summary>
    public long? InitDeadlineTick { get; set; }

    /// <summary>How long it took to start, until that has been reported.</summary>
    public TimeSpan? InitDuration { get; set; }

    /// <summary>The same for the telemetry, until its first event has it.</summary>
    public ColdStart? ColdStart { get; set; }

    /// <summary>What the runtime has said about why it cannot start.</summary>
    public Payload? InitError { get; set; }

    /// <summary>Why it was ended by the service.</summary>
    public InvocationError? Verdict { get; set; }

    /// <summary>When it is stopped unless an event comes, by <see cref="Environment.TickCount64"/>; null when it is stopped already, or never is.</summary>
    public long? FreezeTick { get; set; }

    /// <summary>When it answered last, by <see cref="Environment.TickCount64"/>.</summary>
    public long RespondedTick { get; set; }

    /// <summary>When it ran out of work, by <see cref="Environment.TickCount64"/>.</summary>
    public long IdleTick { get; set; }

    /// <summary>Completes when it has asked for its first event, or has ended before: then with the reason.</summary>
    public TaskCompletionSource<string?> Initialized { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsDue(long now) => State switch
    {
        EnvironmentState.Running or EnvironmentState.Responded => Invocation is { } invocation && invocation.DeadlineTick <= now,
        EnvironmentState.Starting => InitDeadlineTick <= now,
        _ => false,
    };

    /// <summary>When <see cref="IsDue"/> may become true, or the time to end it for idleness comes.</summary>
    public long? NextTick(TimeSpan idleTimeout) => State switch
    {
        EnvironmentState.Running or EnvironmentState.Responded => Invocation?.DeadlineTick,
        EnvironmentState.Starting => InitDeadlineTick,
        EnvironmentState.Ready when !IsAttached => FreezeTick ?? IdleTick + (long)idleTimeout.TotalMilliseconds,
        _ => null,
    };

    /// <summary>The most memory that its process has used, in MB; looked at once a second at most, since it costs more than a small invocation.</summary>
    public long PeakMemoryMegabytes()
    {
        if (Process is not { } process)
        {
            return 0;
        }

        var last = Volatile.Read(ref _memoryTimestamp);
        if (last != 0 && TimeProvider.System.GetElapsedTime(last) < MemoryInterval)
        {
            return Volatile.Read(ref _memory);
        }

        Volatile.Write(ref _memoryTimestamp, TimeProvider.System.GetTimestamp());
        try
        {
            using var system = System.Diagnostics.Process.GetProcessById(process.Id);
            Volatile.Write(ref _memory, Math.Max(Volatile.Read(ref _memory), system.PeakWorkingSet64 >> 20));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has just ended: what was seen last stands.
        }

        return Volatile.Read(ref _memory);
    }
}
