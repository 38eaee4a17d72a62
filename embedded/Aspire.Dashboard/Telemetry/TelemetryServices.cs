using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Dashboard.Telemetry;

/// <summary>The store of telemetry as a service.</summary>
internal static class TelemetryServices
{
    /// <summary>Adds the store with the limits of the app host's configuration; it knows the peers of calls by the <see cref="DistributedApplicationModel"/> among the services.</summary>
    /// <exception cref="InvalidOperationException">A limit is no number, or out of its range.</exception>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TelemetryLimits.Read(configuration));
        services.AddSingleton<IPeerResolver>(static s => new PeerResolver(s.GetRequiredService<DistributedApplicationModel>(), TimeProvider.System));
        services.AddSingleton(static s => new TelemetryStore(s.GetRequiredService<TelemetryLimits>(), s.GetRequiredService<IPeerResolver>(), TimeProvider.System, s.GetService<ILogger<TelemetryStore>>()));
        return services;
    }
}
