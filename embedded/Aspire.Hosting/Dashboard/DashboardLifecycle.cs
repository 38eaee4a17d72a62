using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Starts the dashboard beside the resources, and stops it after them. Its ports are settled first, since the resources are told where to send
/// their telemetry; they do not wait until it listens, for whoever sends telemetry tries again.
/// </summary>
internal sealed class DashboardLifecycle(
    Type implementation, IServiceProvider services, IConfiguration configuration, IHostEnvironment environment, DistributedApplicationOptions options, PortReservations ports, ILogger<DashboardLifecycle> logger) : IHostedService, IDisposable
{
    private const string AssemblyName = "Aspire.Dashboard";

    // 128 bits: nobody guesses it, however often they may try.
    private const int SecretBytes = 16;

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<Uri?> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _starting = Task.CompletedTask;

    /// <summary>Completes when the dashboard listens, with the address where a browser signs in; null when it could not be started.</summary>
    public Task<Uri?> Started => _started.Task;

    /// <summary>What listens; null before it does.</summary>
    internal IDashboard? Dashboard { get; private set; }

    /// <summary>Adds the dashboard to an application, if it is to have one and there is one.</summary>
    public static void Add(IServiceCollection services, ConfigurationManager configuration, DistributedApplicationOptions options)
    {
        if (options.DisableDashboard || !DashboardOptions.IsEnabled(configuration) || FindImplementation() is not { } implementation)
        {
            return;
        }

        configuration.AddInMemoryCollection(
        [
            new(DashboardOptions.BrowserTokenKey, configuration[DashboardOptions.BrowserTokenKey] ?? configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? NewSecret()),
            new(DashboardOptions.OtlpApiKeyKey, configuration[DashboardOptions.OtlpApiKeyKey] ?? NewSecret()),
        ]);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DashboardLifecycle>(provider, implementation));
        services.AddHostedService(provider => provider.GetRequiredService<DashboardLifecycle>());
        // Each request for a page would be a line of the console.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error).AddFilter("Grpc", LogLevel.Warning));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = DashboardOptions.Read(configuration, options.DashboardApplicationName ?? environment.ApplicationName);
        settings = settings with
        {
            FrontendUrl = Reserve(settings.FrontendUrl, DashboardOptions.FrontendUrlKey, fallBackWhenTaken: false),
            OtlpGrpcUrl = Reserve(settings.OtlpGrpcUrl, DashboardOptions.OtlpGrpcUrlKey, fallBackWhenTaken: true),
            OtlpHttpUrl = Reserve(settings.OtlpHttpUrl, DashboardOptions.OtlpHttpUrlKey, fallBackWhenTaken: true),
        };
        // What the resources' environments are made from.
        configuration[DashboardOptions.OtlpGrpcUrlKey] = Text(settings.OtlpGrpcUrl);
        configuration[DashboardOptions.OtlpHttpUrlKey] = Text(settings.OtlpHttpUrl);
        _starting = Task.Run(async () => _started.SetResult(await StartAsync(settings)), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _starting;
        if (Dashboard is not null)
        {
            await Dashboard.DisposeAsync();
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<Uri?> StartAsync(DashboardOptions settings)
    {
        try
        {
            Dashboard = (IDashboard)Activator.CreateInstance(implementation, nonPublic: true)!;
            await Dashboard.StartAsync(settings, services, _stopping.Token);
            return settings.SignInUrl;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // The system runs without it.
            logger.LogError(exception, "The dashboard could not be started. The resources run on without it; {Setting}=false leaves it out.", DashboardOptions.EnabledKey);
            return null;
        }
    }

    // An app host has it by its reference to Aspire.Hosting.AppHost; a program that refers to Aspire.Hosting alone has no dashboard.
    private static Type? FindImplementation()
    {
        try
        {
            return Array.Find(Assembly.Load(AssemblyName).GetTypes(), type => type.IsClass && type.IsAssignableTo(typeof(IDashboard)));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private Uri Reserve(Uri url, string setting, bool fallBackWhenTaken)
    {
        try
        {
            return new UriBuilder(url) { Port = ports.Reserve(url.Port, fallBackWhenTaken) }.Uri;
        }
        catch (PortUnavailableException exception)
        {
            throw new DistributedApplicationException($"The dashboard cannot listen on {Text(url)}: {exception.Message} Or set {setting} to another URL (port 0 for any free one), or {DashboardOptions.EnabledKey} to false.", exception);
        }
    }

    private static string Text(Uri url) => url.GetLeftPart(UriPartial.Authority).ToString(CultureInfo.InvariantCulture);

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
}
