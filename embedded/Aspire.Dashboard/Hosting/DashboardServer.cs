using Aspire.Dashboard.Components;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Aspire.Dashboard.Hosting;

/// <summary>The web server of the dashboard: its pages, and the ports for telemetry.</summary>
internal sealed class DashboardServer : IDashboard
{
    private WebApplication? _application;

    public async Task StartAsync(DashboardOptions options, IServiceProvider services, CancellationToken cancellationToken)
    {
        // The name says which file lists the scripts that start with Blazor: Aspire.Dashboard.modules.json.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Aspire.Dashboard", EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(options.FrontendUrl.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.ListenLocalhost(options.OtlpGrpcUrl.Port, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.ListenLocalhost(options.OtlpHttpUrl.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<TelemetryStore>();
        // The app host's own, as instances: the container of the dashboard does not dispose of them.
        builder.Services.AddSingleton(services.GetRequiredService<DistributedApplicationModel>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceNotificationService>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceLoggerService>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceCommandService>());
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddFluentUIComponents();
        builder.Environment.WebRootFileProvider = new EmbeddedAssets();

        var app = _application = builder.Build();
        app.UseStaticFiles();
        app.UseAntiforgery();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        await app.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }
}
