using Aspire.Dashboard.ApiReference;
using Aspire.Dashboard.Components;
using Aspire.Dashboard.Otlp;
using Aspire.Dashboard.Security;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Aspire.Dashboard.Hosting;

/// <summary>The web server of the dashboard's pages. The ports for telemetry are a server of their own, so that neither answers on the other's.</summary>
internal sealed class DashboardServer : IDashboard
{
    // A tab that has lost its connection finds its state again for this long.
    private static readonly TimeSpan DisconnectedCircuitRetention = TimeSpan.FromMinutes(1);
    private const int DisconnectedCircuits = 10;
    private const int LargestBrowserMessage = 64 << 10;
    private const int LargestBody = 1 << 20;

    private WebApplication? _application;
    private OtlpServer? _otlp;

    /// <summary>The server's services; for tests.</summary>
    internal IServiceProvider Services => _application!.Services;

    public async Task StartAsync(DashboardOptions options, IServiceProvider services, CancellationToken cancellationToken)
    {
        // The name says which file lists the scripts that start with Blazor: Aspire.Dashboard.modules.json.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Aspire.Dashboard", EnvironmentName = "Production" });
        // Nothing of the app host's configuration is the web server's: URLs there are those of other things.
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.ListenLocalhost(options.FrontendUrl.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });

        builder.Services.AddSingleton(options);
        // The app host's own, as instances: the container of the dashboard does not dispose of them.
        builder.Services.AddSingleton(services.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton(services.GetRequiredService<DistributedApplicationModel>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceNotificationService>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceLoggerService>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceCommandService>());
        builder.Services.AddTelemetry(services.GetRequiredService<IConfiguration>());
        builder.Services.AddSignIn(options);
        // A name that leads here by DNS is not ours (DNS rebinding).
        builder.Services.Configure<HostFilteringOptions>(filtering => filtering.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = DisconnectedCircuits;
            circuits.DisconnectedCircuitRetentionPeriod = DisconnectedCircuitRetention;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestBrowserMessage);
        builder.Services.AddFluentUIComponents();
        builder.Services.AddSingleton<ApiProxy>();
        builder.Services.AddSingleton<ApiDescriptions>();
        var assets = new EmbeddedAssets();
        builder.Environment.WebRootFileProvider = assets;

        var app = _application = builder.Build();
        app.UseHostFiltering();
        app.UseSecurityHeaders();
        app.UseOriginCheck();
        app.UseEmbeddedAssets(assets);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapSignIn(options);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(blazor => blazor.ContentSecurityFrameAncestorsPolicy = null);
        app.MapApiProxy();
        app.MapApiReference();
        // Also an address that leads nowhere is answered with the frame, which says so and leads on.
        app.MapFallback(static () => new RazorComponentResult<App> { StatusCode = StatusCodes.Status404NotFound });
        _otlp = new OtlpServer(options, app.Services.GetRequiredService<TelemetryStore>(), services.GetRequiredService<ILoggerFactory>());
        await Task.WhenAll(_otlp.StartAsync(cancellationToken), app.StartAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (_otlp is not null)
        {
            await _otlp.DisposeAsync();
        }

        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }
}
