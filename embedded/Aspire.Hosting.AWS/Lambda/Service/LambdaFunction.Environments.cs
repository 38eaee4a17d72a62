using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <content>Environments are started, and what comes of that.</content>
internal sealed partial class LambdaFunction
{
    /// <summary>How long an environment that has answered may take to ask for its next event before another is started in its place.</summary>
    private const int ReturnMilliseconds = 50;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How many processes that someone else has started ask for events or handle one.</summary>
    public int AttachedCount
    {
        get
        {
            lock (_lock)
            {
                return _environments.Count(e => e.IsAttached);
            }
        }
    }

    /// <summary>Starts the environments that are there from the beginning.</summary>
    /// <exception cref="DistributedApplicationException">One of them cannot start; why. That it takes too long is no reason.</exception>
    public async Task PrewarmAsync(CancellationToken cancellationToken)
    {
        List<ExecutionEnvironment> started = [];
        lock (_lock)
        {
            for (var count = 0; count < Math.Min(Settings.Prewarmed, EnvironmentLimit); count++)
            {
                started.Add(StartEnvironment(reserved: null));
            }
        }

        foreach (var environment in started)
        {
            // After a timeout the function is active all the same: the next event starts it again, with the invocation's time.
            if (await environment.Initialized.Task.WaitAsync(cancellationToken).ConfigureAwait(false) is { } reason && environment.Verdict is null)
            {
                throw new DistributedApplicationException($"Lambda function '{Name}' does not start: {reason}");
            }
        }
    }

    /// <summary>An environment for a process that someone else has started, for example an IDE. It is as good as one of ours, but cannot be ended.</summary>
    /// <returns>Null when there are too many.</returns>
    public ExecutionEnvironment? Attach()
    {
        lock (_lock)
        {
            if (_stopped || AttachedCount >= Settings.MaxEnvironments)
            {
                return null;
            }

            var environment = new ExecutionEnvironment(this, ++_lastNumber, isAttached: true);
            _environments.Add(environment);
            return environment;
        }
    }

    /// <summary>The environment of a process that someone else has started which handles an invocation.</summary>
    public ExecutionEnvironment? FindAttached(ReadOnlySpan<char> requestId)
    {
        lock (_lock)
        {
            foreach (var environment in _environments)
            {
                if (environment.IsAttached && environment.Invocation is { } invocation && requestId.Equals(invocation.RequestId, StringComparison.OrdinalIgnoreCase))
                {
                    return environment;
                }
            }

            return null;
        }
    }

    /// <summary>A runtime says that it cannot start.</summary>
    /// <returns>False when it has started already.</returns>
    public bool FailInit(ExecutionEnvironment environment, Payload error)
    {
        lock (_lock)
        {
            if (environment.State != EnvironmentState.Starting || environment.InitError is not null)
            {
                return false;
            }

            // It ends by itself after that, or by the timeout for starting.
            environment.InitError = error;
            return true;
        }
    }

    // Under the lock. More wait than are about to be served, and there is room.
    private bool NeedsAnother()
        => !_stopped && _waiting.Count > _starting && _starting < StartLimit && _environments.Count(e => !e.IsAttached) < EnvironmentLimit && _waiting.Count > _starting + CountReturning();

    // Under the lock. What has answered asks for its next event right after. Only where it does not is another environment started, or one request after
    // the other would be enough for two environments.
    private int CountReturning()
    {
        var (count, since) = (0, Environment.TickCount64 - ReturnMilliseconds);
        foreach (var environment in _environments)
        {
            if (environment is { State: EnvironmentState.Responded, IsAttached: false } && environment.RespondedTick > since)
            {
                count++;
                _service.Deadlines.Schedule(environment.RespondedTick + ReturnMilliseconds);
            }
        }

        return count;
    }

    // Under the lock.
    private void StartWhereNeeded()
    {
        while (!_backingOff && NeedsAnother())
        {
            if (_failedStarts > 0)
            {
                // What ends as soon as it is started does so the next time too, at the cost of a processor.
                _backingOff = true;
                Track(BackOffAsync(Pause(_failedStarts)));
                return;
            }

            StartEnvironment(reserved: null);
        }
    }

    private async Task BackOffAsync(TimeSpan pause)
    {
        await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            _backingOff = false;
            if (NeedsAnother())
            {
                StartEnvironment(reserved: null);
            }
        }
    }

    // Under the lock.
    private ExecutionEnvironment StartEnvironment(LambdaInvocation? reserved)
    {
        var environment = new ExecutionEnvironment(this, ++_lastNumber, isAttached: false) { Invocation = reserved, IsSecondStart = reserved is not null };
        _environments.Add(environment);
        _service.Add(environment);
        _starting++;
        if (reserved is not null)
        {
            // Lambda starts once more, on the invocation's account, when starting has failed.
            reserved.Start(Timeout);
            environment.InitDeadlineTick = reserved.DeadlineTick;
        }
        else if (!_debugging)
        {
            environment.InitDeadlineTick = Environment.TickCount64 + (long)Settings.InitTimeout.TotalMilliseconds;
        }

        if (environment.InitDeadlineTick is { } due)
        {
            _service.Deadlines.Schedule(due);
        }

        // It outlives the invocation that it is started for, and whatever goes with that.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            Track(Task.Run(() => RunAsync(environment)));
        }

        return environment;
    }

    // Under the lock.
    private void Track(Task run)
    {
        _runs.RemoveWhere(task => task.IsCompleted);
        _runs.Add(run);
    }

    private async Task RunAsync(ExecutionEnvironment environment)
    {
        ProcessExit exit;
        try
        {
            await using var process = await _context.Supervisor.StartAsync(SpecOf(environment), line => OnOutput(environment, line), _stopping.Token).ConfigureAwait(false);
            bool unwanted;
            lock (_lock)
            {
                environment.Process = process;
                // It may have been sentenced while it was being started.
                unwanted = _stopped || environment.Verdict is not null;
            }

            _log.Line(environment, string.Create(CultureInfo.InvariantCulture, $"Execution environment {environment.Number} starts in process {process.Id}."));
            if (unwanted)
            {
                await process.KillAsync().ConfigureAwait(false);
            }

            _display.Changed(Snapshot);
            exit = await process.Exited.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ProcessStartException or ObjectDisposedException or OperationCanceledException)
        {
            OnNotStarted(environment, exception.Message);
            return;
        }

        OnExited(environment, exit);
        _display.Changed(Snapshot);
    }

    private ProcessSpec SpecOf(ExecutionEnvironment environment)
    {
        var variables = new Dictionary<string, string>(_definition.Process.Environment)
        {
            ["AWS_LAMBDA_RUNTIME_API"] = $"{_definition.RuntimeApi}/{Name}/{environment.Id}",
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy/MM/dd}/[$LATEST]{environment.Id}"),
        };
        if (variables.TryGetValue(FunctionTelemetry.AttributesVariable, out var attributes))
        {
            variables[FunctionTelemetry.AttributesVariable] = FunctionTelemetry.AttributesOf(environment, attributes);
        }

        return _definition.Process with { Name = string.Create(CultureInfo.InvariantCulture, $"{Name}-{environment.Number}"), Environment = variables };
    }

    private void OnNotStarted(ExecutionEnvironment environment, string reason)
    {
        LambdaInvocation? invocation;
        lock (_lock)
        {
            _starting--;
            _failedStarts++;
            Remove(environment);
            invocation = environment.Invocation ?? (_waiting.TryDequeue(out var first) ? first : null);
            _inFlight -= invocation is null ? 0 : 1;
            StartWhereNeeded();
        }

        invocation?.Finish(InvokeStatus.ServiceFailed, payload: null, reason);
        environment.Initialized.TrySetResult(reason);
    }

    private void OnExited(ExecutionEnvironment environment, ProcessExit exit)
    {
        var error = environment.Verdict ?? InvocationError.Exited(exit);
        LambdaInvocation? failed = null;
        TimeSpan? init;
        var starting = false;
        lock (_lock)
        {
            init = environment.InitDuration;
            switch (environment.State)
            {
                case EnvironmentState.Starting:
                    starting = true;
                    _starting--;
                    _failedStarts++;
                    failed = environment.Invocation;
                    break;
                case EnvironmentState.Running:
                    failed = environment.Invocation;
                    break;
            }

            Remove(environment);
            _inFlight -= failed is null ? 0 : 1;
            if (starting && failed is null && !_stopped && _waiting.TryDequeue(out var first))
            {
                StartEnvironment(first);
            }

            StartWhereNeeded();
        }

        environment.Waiter?.TrySetResult(null);
        if (starting)
        {
            _log.InitReport(environment, TimeProvider.System.GetElapsedTime(environment.StartTimestamp), environment.IsSecondStart, error);
        }

        if (failed is not null)
        {
            Fail(environment, failed, init, error);
        }

        environment.Initialized.TrySetResult(DescribeFailedStart(environment, exit));
        environment.InitError?.Dispose();
    }

    private void Fail(ExecutionEnvironment environment, LambdaInvocation invocation, TimeSpan? init, InvocationError error)
    {
        if (error.Type == InvocationError.TimedOut)
        {
            _log.Timeout(environment, invocation, error);
        }
        else
        {
            _log.Crash(environment, invocation, error);
        }

        _log.Report(environment, invocation, init, error);
        invocation.Error = error;
        var payload = environment.InitError is { Length: > 0 } said ? Payload.Of(said.Span) : error.ToPayload(invocation.RequestId);
        invocation.Finish(InvokeStatus.FunctionError, payload);
    }

    private string DescribeFailedStart(ExecutionEnvironment environment, ProcessExit exit)
        => environment.InitError is { Length: > 0 } said ? $"it reported {System.Text.Encoding.UTF8.GetString(said.Span)}"
            : environment.Verdict is not null ? $"it did not ask for its first event within {Settings.InitTimeout.TotalSeconds:0.###} s."
            : $"it ended with {exit} before it asked for its first event.";

    // Under the lock.
    private void Remove(ExecutionEnvironment environment)
    {
        environment.State = EnvironmentState.Ended;
        _environments.Remove(environment);
        _service.Remove(environment);
    }

    private static TimeSpan Pause(int failures)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }
}
