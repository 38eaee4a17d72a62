using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Telemetry;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>What a function is made of.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Process">The process of an environment, without what is the environment's own.</param>
/// <param name="RuntimeApi">Host and port of the Runtime API.</param>
/// <param name="Settings">Its limits.</param>
/// <param name="JsonLog">Whether Lambda's own log lines are JSON.</param>
internal sealed record LambdaFunctionDefinition(string Name, string Arn, ProcessSpec Process, string RuntimeApi, LambdaSettings Settings, bool JsonLog);

/// <summary>
/// A function that runs: its environments and the invocations that wait for one. What it hands over (an event to an environment, a result to a caller), it hands
/// over outside of its lock, since whoever gets it goes on on the same thread.
/// </summary>
internal sealed partial class LambdaFunction : IRunningResource
{
    private static readonly EnvironmentState[] States = [EnvironmentState.Starting, EnvironmentState.Ready, EnvironmentState.Running, EnvironmentState.Responded];

    private static readonly int StartLimit = Environment.ProcessorCount;

    private readonly LambdaFunctionDefinition _definition;
    private readonly LambdaService _service;
    private readonly InProcessContext _context;
    private readonly DeploymentPackage? _package;
    private readonly ResourceTelemetry? _resourceTelemetry;
    private readonly FunctionLog _log;
    private readonly Lock _lock = new();
    private readonly List<ExecutionEnvironment> _environments = [];
    private readonly Stack<ExecutionEnvironment> _ready = new();
    private readonly Queue<LambdaInvocation> _waiting = new();
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly EnvironmentDisplay _display;
    private readonly HashSet<Task> _runs = [];
    private int _starting;
    private int _inFlight;
    private int _lastNumber;
    private int _failedStarts;
    private bool _backingOff;
    private bool _stopped;
    private volatile bool _debugging;

    public LambdaFunction(LambdaFunctionDefinition definition, LambdaService service, InProcessContext context, DeploymentPackage? package, ResourceTelemetry? telemetry)
    {
        _definition = definition;
        _service = service;
        _context = context;
        _package = package;
        _debugging = definition.Settings.Debugging;
        _resourceTelemetry = telemetry;
        Telemetry = telemetry is null ? null : new FunctionTelemetry(telemetry, CountByState);
        _log = new FunctionLog(context.WriteLine, definition.Settings, definition.JsonLog, Telemetry?.Logger);
        _display = new EnvironmentDisplay(context);
        StartTimeUtc = DateTime.UtcNow;
    }

    public string Name => _definition.Name;

    public string Arn => _definition.Arn;

    /// <summary>Records what it does; null when nobody collects that.</summary>
    public FunctionTelemetry? Telemetry { get; }

    public LambdaSettings Settings => _definition.Settings;

    public DateTime StartTimeUtc { get; }

    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>Whether a debugger is, or will be, attached: one environment, never stopped, without deadlines.</summary>
    public bool Debugging
    {
        get => _debugging;
        set
        {
            _debugging = value;
            Thaw();
        }
    }

    private int EnvironmentLimit => _debugging ? 1 : Settings.EnvironmentLimit;

    private bool Freezes => Settings.Freeze && !_debugging && !OperatingSystem.IsWindows();

    private TimeSpan Timeout => _debugging ? TimeSpan.FromDays(1) : Settings.Timeout;

    /// <summary>Writes a line of the service's own to the function's log.</summary>
    public void Note(string text) => _context.WriteLine(new ProcessOutputLine(DateTime.UtcNow, text, IsError: true));

    /// <summary>Takes an event, hands it to an environment that is ready or has it wait for one.</summary>
    /// <returns>Null, or why it is not taken.</returns>
    public InvokeStatus? Submit(LambdaInvocation invocation)
    {
        ExecutionEnvironment? environment;
        Handover handover;
        lock (_lock)
        {
            if (_stopped)
            {
                return InvokeStatus.FunctionNotFound;
            }

            if (_inFlight >= Settings.Concurrency)
            {
                return InvokeStatus.Throttled;
            }

            _inFlight++;
            environment = TakeReady();
            if (environment is null)
            {
                _waiting.Enqueue(invocation);
                StartWhereNeeded();
                return null;
            }

            handover = Assign(environment, invocation);
        }

        Deliver(handover);
        return null;
    }

    /// <summary>An environment asks for its next event.</summary>
    /// <returns>The event, null when the request is out of date; or what is wrong with asking now.</returns>
    public (Task<LambdaInvocation?>? Next, string? Refusal) Next(ExecutionEnvironment environment, TaskCompletionSource<LambdaInvocation?> waiter)
    {
        Handover? handover = null;
        TaskCompletionSource<LambdaInvocation?>? outdated = null;
        var started = false;
        lock (_lock)
        {
            switch (environment.State)
            {
                case EnvironmentState.Running:
                    return (null, "Running");
                case EnvironmentState.Ended:
                    return (null, "Ended");
                case EnvironmentState.Ready:
                    // It has lost the connection on which it asked, or does not wait as long as we do.
                    outdated = environment.Waiter;
                    break;
                case EnvironmentState.Starting when !environment.IsAttached:
                    started = true;
                    _starting--;
                    _failedStarts = 0;
                    environment.InitDeadlineTick = null;
                    environment.InitDuration = TimeProvider.System.GetElapsedTime(environment.StartTimestamp);
                    environment.ColdStart = Telemetry is null ? null : new ColdStart(environment.InitDuration.Value, DateTime.UtcNow);
                    break;
            }

            environment.Waiter = waiter;
            if (started && environment.Invocation is { } own)
            {
                handover = Assign(environment, own);
            }
            else if (_waiting.TryDequeue(out var first))
            {
                handover = Assign(environment, first);
            }
            else
            {
                environment.Invocation = null;
                MakeReady(environment);
            }

            StartWhereNeeded();
        }

        outdated?.TrySetResult(null);
        if (started)
        {
            if (environment.ColdStart is { } coldStart)
            {
                Telemetry?.Started(coldStart.Duration);
            }

            environment.Initialized.TrySetResult(null);
            _display.Changed(Snapshot);
        }

        if (handover is { } given)
        {
            Deliver(given);
        }

        return (waiter.Task, null);
    }

    /// <summary>The connection on which an environment asked for its next event is gone.</summary>
    public void Abandon(ExecutionEnvironment environment, TaskCompletionSource<LambdaInvocation?> waiter)
    {
        lock (_lock)
        {
            if (environment.Waiter != waiter)
            {
                return;
            }

            // It stays ready, without anything to hand an event to: see TakeReady.
            environment.Waiter = null;
            if (environment.IsAttached)
            {
                Remove(environment);
            }
        }

        waiter.TrySetResult(null);
    }

    /// <summary>Looks whether an environment may answer this invocation now.</summary>
    /// <returns>The invocation; or null and the state that forbids it, or null and null when it is not the environment's.</returns>
    public (LambdaInvocation? Invocation, string? Refusal) Find(ExecutionEnvironment environment, ReadOnlySpan<char> requestId)
    {
        lock (_lock)
        {
            if (environment.Invocation is not { IsStarted: true } invocation || !requestId.Equals(invocation.RequestId, StringComparison.OrdinalIgnoreCase) || environment.State == EnvironmentState.Starting)
            {
                return (null, null);
            }

            return environment.State == EnvironmentState.Running ? (invocation, null) : (null, environment.State.ToString());
        }
    }

    /// <summary>An environment answers.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="invocation">What it answers.</param>
    /// <param name="status">Whether it returned or failed.</param>
    /// <param name="payload">The answer, which the invocation owns from now on.</param>
    /// <param name="error">What is reported as the reason when it failed.</param>
    /// <returns>False when it has been answered meanwhile.</returns>
    public bool Respond(ExecutionEnvironment environment, LambdaInvocation invocation, InvokeStatus status, Payload payload, InvocationError? error)
    {
        TimeSpan? init;
        lock (_lock)
        {
            if (environment.State != EnvironmentState.Running || environment.Invocation != invocation)
            {
                payload.Dispose();
                return false;
            }

            environment.State = EnvironmentState.Responded;
            environment.RespondedTick = Environment.TickCount64;
            (init, environment.InitDuration) = (environment.InitDuration, null);
            _inFlight--;
            if (environment.IsAttached)
            {
                // It is known by its invocation only; the next event is asked for by what looks like another.
                Remove(environment);
            }
        }

        _log.Report(environment, invocation, init, error);
        invocation.Error = error;
        invocation.Finish(status, payload);
        return true;
    }

    /// <summary>What the function's own process has written.</summary>
    private void OnOutput(ExecutionEnvironment environment, ProcessOutputLine line) => _log.Output(environment, line, environment.Invocation?.Tail);

    // Under the lock.
    private ExecutionEnvironment? TakeReady()
    {
        while (_ready.TryPop(out var environment))
        {
            environment.IsListed = false;
            if (environment is { State: EnvironmentState.Ready, Waiter: not null })
            {
                return environment;
            }
        }

        return null;
    }

    // Under the lock.
    private void MakeReady(ExecutionEnvironment environment)
    {
        environment.State = EnvironmentState.Ready;
        environment.IdleTick = Environment.TickCount64;
        if (!environment.IsListed)
        {
            environment.IsListed = true;
            _ready.Push(environment);
        }

        if (!environment.IsAttached)
        {
            // Not at once: stopping and waking costs as much as a small invocation, and under load the next event comes in no time.
            environment.FreezeTick = Freezes ? environment.IdleTick + (long)Settings.FreezeDelay.TotalMilliseconds : null;
            _service.Deadlines.Schedule(environment.FreezeTick ?? environment.IdleTick + (long)Settings.IdleTimeout.TotalMilliseconds);
        }
    }

    // Under the lock, so that whoever hands it an event wakes it after this.
    private static void Freeze(ExecutionEnvironment environment)
    {
        environment.FreezeTick = null;
        environment.IsFrozen = environment.Process?.Suspend() ?? false;
    }

    // Under the lock.
    private Handover Assign(ExecutionEnvironment environment, LambdaInvocation invocation)
    {
        var handover = new Handover(environment, invocation, environment.Waiter, environment.IsFrozen);
        environment.Waiter = null;
        environment.IsFrozen = false;
        environment.State = EnvironmentState.Running;
        environment.Invocation = invocation;
        invocation.AssignTo(environment, environment.ColdStart);
        environment.ColdStart = null;
        if (!invocation.IsStarted)
        {
            invocation.Start(Timeout);
        }

        _service.Deadlines.Schedule(invocation.DeadlineTick);
        return handover;
    }

    private void Deliver(Handover handover)
    {
        if (handover.IsFrozen)
        {
            handover.Environment.Process?.Resume();
        }

        _log.Start(handover.Environment, handover.Invocation);
        handover.Waiter?.TrySetResult(handover.Invocation);
    }

    private void Thaw()
    {
        lock (_lock)
        {
            foreach (var environment in _environments)
            {
                environment.FreezeTick = null;
                if (environment.IsFrozen)
                {
                    environment.IsFrozen = false;
                    environment.Process?.Resume();
                }
            }
        }
    }

    private IReadOnlyList<(EnvironmentState State, int Count)> CountByState()
    {
        lock (_lock)
        {
            // States without an environment too, or a line would stay where it was last.
            return [.. States.Select(state => (state, _environments.Count(e => e.State == state)))];
        }
    }

    private IReadOnlyList<EnvironmentDescription> Snapshot()
    {
        lock (_lock)
        {
            return [.. _environments.Where(e => !e.IsAttached).Select(e => new EnvironmentDescription(e.Number, e.Process?.Id, e.State))];
        }
    }

    /// <summary>An event for an environment, decided on under the lock and handed over outside of it.</summary>
    private readonly record struct Handover(ExecutionEnvironment Environment, LambdaInvocation Invocation, TaskCompletionSource<LambdaInvocation?>? Waiter, bool IsFrozen);
}
