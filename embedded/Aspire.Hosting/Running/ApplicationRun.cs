using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>A run of an application from its app host's <c>Main</c>: until a signal, or until it is clear that the model cannot come up.</summary>
internal static class ApplicationRun
{
    // What "dotnet run" has set for the app host itself; a child that inherited it would listen on the app host's URLs.
    private static readonly string[] OwnVariables = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    public static async Task RunAsync(DistributedApplication application, CancellationToken cancellationToken)
    {
        var services = application.Services;
        if (services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
        {
            await PublishRun.RunAsync(services, cancellationToken);
            return;
        }

        foreach (var variable in OwnVariables)
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        using var patience = new CancellationTokenSource();
        var interrupted = 0;
        using var interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            // The first Ctrl+C is the host's: it begins the stop. A second one means: at once.
            if (Interlocked.Increment(ref interrupted) == 2)
            {
                patience.Cancel();
            }
        });
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            // The terminal is gone. Stop in order, as for the other signals.
            context.Cancel = true;
            lifetime.StopApplication();
        });
        var dashboard = services.GetService<DashboardLifecycle>();
        await using var reporter = new RunReporter(
            RunOutput.ForConsole(), services.GetRequiredService<ResourceNotificationService>(), services.GetRequiredService<DistributedApplicationModel>(), dashboard);

        var outcome = services.GetRequiredService<ApplicationOutcome>();
        // With a dashboard a person can repair what has failed, and start it, while the rest runs or waits.
        var cannotGoOn = dashboard is null ? outcome.WhenCannotComeUp : Task.Delay(Timeout.InfiniteTimeSpan, lifetime.ApplicationStopping);
        try
        {
            if (await StartAsync(application, cannotGoOn, lifetime, cancellationToken))
            {
                await reporter.ReportStartedAsync(cannotGoOn);
                await WaitForEndAsync(cannotGoOn, lifetime, cancellationToken);
            }
        }
        finally
        {
            reporter.ReportStopping();
            patience.CancelAfter(services.GetRequiredService<OrchestratorOptions>().ShutdownTimeout);
            await application.StopAsync(patience.Token);
        }

        if (outcome.ToException() is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Starts the application.</summary>
    /// <returns>Whether it runs; if not, it has been told to stop or something has failed.</returns>
    private static async Task<bool> StartAsync(DistributedApplication application, Task cannotGoOn, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var start = application.StartAsync(giveUp.Token);

        // Without a dashboard nobody could repair what has failed while the rest waits for it.
        await Task.WhenAny(start, cannotGoOn);
        if (cannotGoOn.IsCompleted)
        {
            await giveUp.CancelAsync();
        }

        try
        {
            await start;
            return !cannotGoOn.IsCompleted;
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The orchestrator may hear of the stop before the token that is linked to it does.
            return false;
        }
    }

    private static async Task WaitForEndAsync(Task cannotGoOn, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await Task.WhenAny(cannotGoOn, Task.Delay(Timeout.InfiniteTimeSpan, ending.Token));
    }
}
