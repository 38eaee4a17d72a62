using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Orchestration;

/// <summary>Registers what runs the model.</summary>
internal static class OrchestratorServiceCollectionExtensions
{
    public static void AddOrchestrator(this IDistributedApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new OrchestratorOptions());
    }
}
