using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>Starts the dashboard before the resources, and stops it after them.</summary>
internal sealed class DashboardLifecycle(IServiceProvider services, IConfiguration configuration, IHostEnvironment environment, DistributedApplicationOptions options) : IHostedService
{
    private const string AssemblyName = "Aspire.Dashboard";

    private IDashboard? _dashboard;

    /// <summary>Adds the dashboard to an application that has one.</summary>
    public static void Add(IServiceCollection services, ConfigurationManager configuration)
    {
        configuration.AddInMemoryCollection(
        [
            new(DashboardOptions.BrowserTokenKey, configuration[DashboardOptions.BrowserTokenKey] ?? configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? NewSecret()),
            new(DashboardOptions.OtlpApiKeyKey, configuration[DashboardOptions.OtlpApiKeyKey] ?? NewSecret()),
            new(DashboardOptions.OtlpGrpcUrlKey, configuration[DashboardOptions.OtlpGrpcUrlKey] ?? "http://localhost:4317"),
            new(DashboardOptions.OtlpHttpUrlKey, configuration[DashboardOptions.OtlpHttpUrlKey] ?? "http://localhost:4318"),
        ]);
        services.AddHostedService<DashboardLifecycle>();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = DashboardOptions.Read(configuration, options.DashboardApplicationName ?? environment.ApplicationName);
        var type = Assembly.Load(AssemblyName).GetTypes().Single(t => t.IsClass && t.IsAssignableTo(typeof(IDashboard)));
        _dashboard = (IDashboard)Activator.CreateInstance(type, nonPublic: true)!;
        await _dashboard.StartAsync(settings, services, cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
