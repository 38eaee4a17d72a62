using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Registers what runs the model.</summary>
internal static class OrchestratorServiceCollectionExtensions
{
    public static void AddOrchestrator(this IDistributedApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => OrchestratorOptions.From(provider.GetRequiredService<IConfiguration>(), builder.AppHostDirectory));
        services.AddSingleton<ProcessSupervisorOptions>();
        services.AddSingleton(provider => new ProcessSupervisor(
            provider.GetRequiredService<ILogger<ProcessSupervisor>>(), provider.GetRequiredService<ProcessSupervisorOptions>()));
        services.AddSingleton(_ => new PortReservations());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ApplicationOutcome>();
        services.AddSingleton<EndpointAllocator>();
        services.AddSingleton<ResourceHealthMonitor>();
        services.AddSingleton<ProcessFactory>();
        services.AddSingleton<ResourceRunnerServices>();
        services.AddSingleton<ContainerProcesses>();
        services.AddSingleton<PassiveResources>();
        services.AddSingleton<ResourceOutputForwarder>();
        services.AddSingleton<Orchestrator>();
        services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
        services.AddOptions<HostOptions>().Configure<OrchestratorOptions>((host, options) => host.ShutdownTimeout = options.ShutdownTimeout);
    }
}
