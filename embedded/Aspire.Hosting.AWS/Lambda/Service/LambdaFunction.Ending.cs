using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <content>Environments are ended: for their deadlines, for idleness, and with the function.</content>
internal sealed partial class LambdaFunction
{
    /// <summary>Ends what is over its time.</summary>
    /// <returns>When to look again, by <see cref="Environment.TickCount64"/>.</returns>
    public long? EndOverdue(long now)
    {
        List<(ExecutionEnvironment Environment, LambdaInvocation? Invocation, InvocationError? Error, TimeSpan? Init)> ended = [];
        long? next = null;
        lock (_lock)
        {
            foreach (var environment in _environments.ToArray())
            {
                if (environment.IsDue(now))
                {
                    ended.Add(Condemn(environment));
                }
                else if (environment.State == EnvironmentState.Ready && environment.FreezeTick <= now)
                {
                    Freeze(environment);
                    next = Math.Min(next ?? long.MaxValue, environment.IdleTick + (long)Settings.IdleTimeout.TotalMilliseconds);
                }
                else if (environment is { State: EnvironmentState.Ready, IsAttached: false } && environment.IdleTick + (long)Settings.IdleTimeout.TotalMilliseconds <= now)
                {
                    environment.State = EnvironmentState.Ended;
                    ended.Add((environment, null, null, null));
                }
                else if (environment.NextTick(Settings.IdleTimeout) is { } tick)
                {
                    next = Math.Min(next ?? long.MaxValue, tick);
                }
            }

            StartWhereNeeded();
        }

        foreach (var (environment, invocation, error, init) in ended)
        {
            if (invocation is not null && error is not null)
            {
                _log.Timeout(environment, invocation, error);
                _log.Report(environment, invocation, init, error);
                invocation.Error = error;
                invocation.Finish(InvokeStatus.FunctionError, error.ToPayload(invocation.RequestId));
            }

            _ = environment.Process?.KillAsync();
        }

        return next;
    }

    /// <summary>Ends all environments because the Runtime API is gone; with the next event after it is back there are new ones.</summary>
    public async Task EndEnvironmentsAsync()
    {
        LambdaInvocation[] waiting;
        ExecutionEnvironment[] environments;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
            _inFlight -= waiting.Length;
            environments = [.. _environments];
        }

        foreach (var invocation in waiting)
        {
            invocation.Finish(InvokeStatus.ServiceFailed, payload: null, "The Lambda service emulator was stopped.");
        }

        await Task.WhenAll(environments.Select(EndAsync)).ConfigureAwait(false);
    }

    public async Task<ProcessExit> StopAsync(TimeSpan gracePeriod, CancellationToken cancellationToken)
    {
        LambdaInvocation[] waiting;
        ExecutionEnvironment[] environments;
        Task[] runs;
        lock (_lock)
        {
            _stopped = true;
            waiting = [.. _waiting];
            _waiting.Clear();
            environments = [.. _environments];
            runs = [.. _runs];
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var invocation in waiting)
        {
            invocation.Finish(InvokeStatus.FunctionNotFound, payload: null, $"The function '{Name}' was stopped before it took the event.");
        }

        // Lambda gives a function without extensions no time either: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (shutdown phase).
        await Task.WhenAll(environments.Select(EndAsync)).ConfigureAwait(false);
        await Task.WhenAll(runs).ConfigureAwait(false);
        // Not before: an environment that has just started would be told that there is no such function, and crash for all to read.
        _service.Remove(this);
        await _display.DisposeAsync().ConfigureAwait(false);
        _package?.Dispose();
        if (_resourceTelemetry is not null)
        {
            await _resourceTelemetry.DisposeAsync().ConfigureAwait(false);
        }

        var exit = new ProcessExit(0, null);
        _exited.TrySetResult(exit);
        return await _exited.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);

    private async Task EndAsync(ExecutionEnvironment environment)
    {
        if (environment.IsAttached)
        {
            LambdaInvocation? running;
            TaskCompletionSource<LambdaInvocation?>? waiter;
            lock (_lock)
            {
                running = environment.State == EnvironmentState.Running ? environment.Invocation : null;
                (waiter, environment.Waiter) = (environment.Waiter, null);
                Remove(environment);
            }

            waiter?.TrySetResult(null);
            if (running is not null)
            {
                running.Error = new InvocationError(InvocationError.RuntimeExit, "Runtime exited without providing a reason");
                running.Finish(InvokeStatus.FunctionError, running.Error.ToPayload(running.RequestId));
            }

            return;
        }

        if (environment.Process is { } process)
        {
            await process.KillAsync().ConfigureAwait(false);
        }
    }

    // Under the lock.
    private (ExecutionEnvironment Environment, LambdaInvocation? Invocation, InvocationError? Error, TimeSpan? Init) Condemn(ExecutionEnvironment environment)
    {
        var starting = environment.State == EnvironmentState.Starting;
        var error = InvocationError.Timeout(starting && environment.Invocation is null ? Settings.InitTimeout : Settings.Timeout);
        var invocation = environment.State == EnvironmentState.Responded ? null : environment.Invocation;
        environment.Verdict = error;
        if (starting)
        {
            // What it is started for learns of it when the process has ended, as of any other failed start.
            environment.InitDeadlineTick = null;
            return (environment, null, null, null);
        }

        environment.State = EnvironmentState.Ended;
        if (invocation is not null)
        {
            _inFlight--;
        }

        var init = environment.InitDuration;
        if (environment.IsAttached)
        {
            Remove(environment);
        }

        return (environment, invocation, error, init);
    }
}
