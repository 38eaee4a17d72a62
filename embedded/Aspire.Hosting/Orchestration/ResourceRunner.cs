using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>What every runner uses.</summary>
internal sealed record ResourceRunnerServices(
    ProcessSupervisor Supervisor,
    ProcessFactory Processes,
    ContainerProcesses Containers,
    ResourceNotificationService Notifications,
    ResourceLoggerService Loggers,
    IDistributedApplicationEventing Eventing,
    ApplicationOutcome Outcome,
    OrchestratorOptions Options,
    TimeProvider TimeProvider,
    IHostApplicationLifetime Lifetime,
    IServiceProvider Provider);

/// <summary>
/// The life of one resource that is a process: waiting, starting, running, restarted after a crash, stopped. Starting and stopping
/// may be asked for from anywhere; one at a time is carried out.
/// </summary>
internal sealed class ResourceRunner(IResource resource, IReadOnlyList<IResource> children, bool isAwaitedForCompletion, ResourceRunnerServices services) : IDisposable
{
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ResourceState _state = new(resource, children, services);
    private readonly ILogger _log = services.Loggers.GetLogger(resource);
    private Run? _run;
    private bool _hasComeUp;

    public IResource Resource => resource;

    private bool IsPartOfStart => !_hasComeUp && !resource.HasAnnotationOfType<ExplicitStartupAnnotation>();

    /// <summary>Starts the resource; if it waits for others, it does not any more.</summary>
    /// <param name="waitForDependencies">Whether it waits for what the model says first.</param>
    /// <param name="cancellationToken">Gives up before anything is started.</param>
    /// <returns>A task of a task: the outer one completes when the start is under way, the inner one when the resource runs, has failed, or was stopped.</returns>
    public async Task<Task> StartAsync(bool waitForDependencies, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_run is { Completed.IsCompleted: false } present)
            {
                present.SkipWaits.TrySetResult();
                return present.Settled.Task;
            }

            services.Outcome.Recovered(resource.Name);
            var run = _run = new Run();
            run.Completed = Task.Run(() => RunAsync(run, waitForDependencies), CancellationToken.None);
            return run.Settled.Task;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the resource: asks its process to end, and kills it after the grace period.</summary>
    /// <param name="cancellationToken">Ends the grace period.</param>
    /// <returns>A task that completes when it has stopped.</returns>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Not with the token: a stop that is in a hurry is still a stop.
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_run is not { Completed.IsCompleted: false } run)
            {
                return;
            }

            await _state.StoppingAsync();
            await using var hurry = cancellationToken.UnsafeRegister(static state => ((Run)state!).Impatience.Cancel(), run);
            await run.Stopping.CancelAsync();
            await run.Completed;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the resource and starts it again, without waiting for others.</summary>
    public async Task<Task> RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        return await StartAsync(waitForDependencies: false, cancellationToken);
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>What came of the last start.</summary>
    public ExecuteCommandResult StartResult()
        => services.Notifications.TryGetCurrentState(resource.Name, out var current) && current.Snapshot.State?.Text == KnownResourceStates.FailedToStart
            ? CommandResults.Failure(ResourceFailure.Describe(current, services.Loggers))
            : CommandResults.Success();

    private async Task RunAsync(Run run, bool waitForDependencies)
    {
        var waits = waitForDependencies;
        try
        {
            if (waits)
            {
                await WaitForDependenciesAsync(run);
                waits = false;
            }

            await RunUntilEndAsync(run);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested || services.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped while it waited, was being started, or was about to be restarted.
            if (waits && services.Outcome.WhenCannotComeUp.IsCompleted)
            {
                // The failure that ended the run was faster here than through what this resource waits for.
                services.Outcome.NotStarted(resource.Name, "the run ended while it waited.", IsPartOfStart);
            }

            await _state.ExitedAsync(exitCode: null);
        }
        catch (DependencyFailedException exception)
        {
            _log.LogError("{Message}", exception.Message);
            services.Outcome.NotStarted(resource.Name, exception.Message, IsPartOfStart);
            await _state.FailedToStartAsync(exitCode: null, exception.ShortMessage);
        }
        catch (Exception exception)
        {
            var known = exception is DistributedApplicationException or ProcessStartException;
            _log.LogError(known ? null : exception, "{Resource} failed to start: {Message}", resource.Name, exception.Message);
            await FailAsync(exitCode: null, known ? exception.Message : $"{exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            run.Settled.TrySetResult();
        }

        await PublishStoppedAsync();
    }

    private async Task WaitForDependenciesAsync(Run run)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(run.Stopping.Token);
        var wait = services.Notifications.WaitForDependenciesAsync(resource, waiting.Token);
        if (await Task.WhenAny(wait, run.SkipWaits.Task) == wait)
        {
            await wait;
            return;
        }

        _log.LogInformation("Started without waiting any longer.");
        await waiting.CancelAsync();
        await wait.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private async Task RunUntilEndAsync(Run run)
    {
        var stopping = run.Stopping.Token;
        var backoff = new RestartBackoff(services.Options.Restart, services.TimeProvider);
        var cameUp = false;
        while (true)
        {
            await using var process = await LaunchAsync(stopping);
            var started = services.TimeProvider.GetTimestamp();
            backoff.OnStarted();
            run.Settled.TrySetResult();

            if (!await EndsByItselfAsync(process, stopping))
            {
                var stopped = await process.StopAsync(services.Options.StopGracePeriod, run.Impatience.Token);
                await RemoveLeftoverContainerAsync(stopped);
                await _state.ExitedAsync(stopped.ExitCode);
                return;
            }

            var exit = await process.Exited;
            await RemoveLeftoverContainerAsync(exit);
            cameUp |= HasComeUp(started);
            _hasComeUp |= cameUp;
            switch (ProcessEnding.Of(exit, cameUp, isAwaitedForCompletion))
            {
                case ProcessEnding.Kind.Finished:
                    await _state.FinishedAsync(exit.ExitCode);
                    return;

                case ProcessEnding.Kind.FailedToStart:
                    _log.LogError("{Resource} failed to start: {Exit}.", resource.Name, exit);
                    await FailAsync(exit.ExitCode, $"it ended with {exit} while starting.");
                    return;
            }

            var decision = backoff.OnCrashed();
            if (decision.GaveUp)
            {
                _log.LogError("{Resource} crashed with {Exit} and is given up after {Crashes} crashes. Start it again with its start command.", resource.Name, exit, decision.CrashesInWindow);
                await FailAsync(exit.ExitCode, $"it is given up after {decision.CrashesInWindow} crashes, the last with {exit}.");
                return;
            }

            _log.LogWarning("{Resource} crashed with {Exit} and starts again in {Seconds:0.#} s.", resource.Name, exit, decision.Delay.TotalSeconds);
            await _state.RestartingAsync(exit.ExitCode);
            await Task.Delay(decision.Delay, services.TimeProvider, stopping);
        }
    }

    /// <summary>A container does not end with the client that runs it when that is killed.</summary>
    private async Task RemoveLeftoverContainerAsync(ProcessExit exit)
    {
        if (exit.Signal is null || !ContainerRuntime.RunsInContainer(resource) || services.Containers.RemovalOf(resource) is not { } removal)
        {
            return;
        }

        try
        {
            await using var process = await services.Supervisor.StartAsync(removal, WriteLine, CancellationToken.None);
            await process.Exited.WaitAsync(RemovalTimeout);
        }
        catch (Exception exception) when (exception is ProcessStartException or TimeoutException)
        {
            _log.LogError("The container of {Resource} may still run: {Message} Remove it with: {Command}", resource.Name, exception.Message, string.Join(' ', [removal.FileName, .. removal.Arguments]));
        }
    }

    private async Task<IRunningResource> LaunchAsync(CancellationToken stopping)
    {
        await _state.StartingAsync();
        await services.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services.Provider), stopping);
        var spec = await services.Processes.CreateAsync(resource, stopping);
        var running = resource.TryGetLastAnnotation<InProcessAnnotation>(out var inProcess)
            ? await inProcess.Start(InProcess(spec, stopping))
            : await services.Supervisor.StartAsync(spec, WriteLine, stopping);
        await _state.RunningAsync(spec, running);
        return running;
    }

    private InProcessContext InProcess(ProcessSpec spec, CancellationToken stopping) => new()
    {
        Resource = resource,
        Process = spec,
        Endpoints = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(e => e.AllocatedEndpoint).OfType<AllocatedEndpoint>()],
        Supervisor = services.Supervisor,
        WriteLine = WriteLine,
        Notifications = services.Notifications,
        Services = services.Provider,
        Logger = _log,
        CancellationToken = stopping,
    };

    private void WriteLine(ProcessOutputLine line) => services.Loggers.AddOutput(resource.Name, line.TimestampUtc, line.Text, line.IsError);

    private static async Task<bool> EndsByItselfAsync(IRunningResource process, CancellationToken stopping)
    {
        try
        {
            await process.Exited.WaitAsync(stopping);
            // A process that ends while it is told to stop has been stopped.
            return !stopping.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whether the resource did what it is for: it was ready or, without health checks to tell, ran for a while.</summary>
    private bool HasComeUp(long started)
        => resource.HasAnnotationOfType<HealthCheckAnnotation>()
            ? services.Notifications.TryGetCurrentState(resource.Name, out var current) && current.Snapshot.ResourceReadyEvent is not null
            : services.TimeProvider.GetElapsedTime(started) >= services.Options.StartedAfter;

    private Task FailAsync(int? exitCode, string reason)
    {
        // Noted before it is published: what waits for this resource fails because of it, not the other way round.
        services.Outcome.Failed(resource.Name, ResourceFailure.Describe(resource, reason, services.Loggers), IsPartOfStart);
        return _state.FailedToStartAsync(exitCode, reason);
    }

    private async Task PublishStoppedAsync()
    {
        foreach (var stopped in (IEnumerable<IResource>)[resource, .. children])
        {
            if (services.Notifications.TryGetCurrentState(stopped.Name, out var last))
            {
                try
                {
                    await services.Eventing.PublishAsync(new ResourceStoppedEvent(stopped, services.Provider, last), CancellationToken.None);
                }
                catch (Exception exception)
                {
                    // The resource has stopped whatever its subscribers make of it.
                    _log.LogError(exception, "A subscriber of the stopped event of '{Resource}' failed.", stopped.Name);
                }
            }
        }
    }

    /// <summary>One start and what follows from it until the resource has ended.</summary>
    private sealed class Run
    {
        public CancellationTokenSource Stopping { get; } = new();

        public CancellationTokenSource Impatience { get; } = new();

        public TaskCompletionSource SkipWaits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Completed { get; set; } = Task.CompletedTask;
    }
}
