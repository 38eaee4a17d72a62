using Microsoft.Extensions.Diagnostics.HealthChecks;
using RvkApp.Api.Platform.Lambda;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>Opens the gate soon after the start, so that the first request finds it open.</summary>
internal sealed class DatabaseWarmUp(DatabaseGate gate, IHostApplicationLifetime lifetime) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // In Lambda the start is the time with the most processor, and what runs after it is frozen: the database is reached before the first
    // request is taken, or not at all until a request needs it.
    private static readonly TimeSpan InitializationPatience = TimeSpan.FromSeconds(5);

    private Task _opening = Task.CompletedTask;

    /// <summary>In Lambda: begins to open the gate, while everything else starts.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (LambdaEnvironment.IsLambda)
        {
            _opening = gate.EnterAsync(cancellationToken).AsTask().WaitAsync(InitializationPatience, cancellationToken);
        }

        return Task.CompletedTask;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
        => LambdaEnvironment.IsLambda ? Task.CompletedTask : base.StartAsync(cancellationToken);

    /// <summary>In Lambda: waits for the gate. The application counts as started, and takes its first request, only after this.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _opening;
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or TimeoutException)
        {
            // The gate has logged it; requests that need no database are answered all the same.
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Listening comes first; the driver's start would compete with it for the processor.
        await WaitForStartAsync(stoppingToken);

        for (var pause = FirstPause; !gate.IsOpen; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await gate.EnterAsync(stoppingToken);
            }
            catch (DatabaseUnavailableException)
            {
                // The gate has logged it.
                await Task.Delay(pause, stoppingToken);
            }
        }
    }

    private async Task WaitForStartAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }
}

/// <summary>Ready when indexes, first admin and demo data are in place.</summary>
internal sealed class DatabaseReadinessCheck(DatabaseGate gate) : IHealthCheck
{
    public const string Name = "school";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await gate.EnterAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DatabaseUnavailableException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception.InnerException);
        }
    }
}

/// <summary>Holds a request until the gate lets it through.</summary>
internal sealed class DatabaseGateFilter(DatabaseGate gate) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        await gate.EnterAsync(context.HttpContext.RequestAborted);
        return await next(context);
    }
}
