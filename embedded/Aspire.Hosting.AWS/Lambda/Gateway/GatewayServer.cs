using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>A running API: Kestrel in the app host, on the loopback addresses only.</summary>
internal sealed class GatewayServer : IRunningResource
{
    private readonly WebApplication _host;
    private readonly IServer _server;
    private readonly AccessLog _log;
    private readonly ResourceTelemetry? _telemetry;
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<Task> _stop;
    private readonly CancellationTokenSource _force = new();

    private GatewayServer(WebApplication host, AccessLog log, ResourceTelemetry? telemetry)
    {
        _host = host;
        _log = log;
        _telemetry = telemetry;
        _server = host.Services.GetRequiredService<IServer>();
        _stop = new Lazy<Task>(StopServerAsync);
    }

    /// <inheritdoc />
    public DateTime StartTimeUtc { get; } = DateTime.UtcNow;

    /// <inheritdoc />
    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>Starts the API of a resource; it listens when the task completes.</summary>
    /// <exception cref="DistributedApplicationException">A setting is wrong, or there is no certificate for HTTPS.</exception>
    public static async Task<IRunningResource> StartAsync(InProcessContext context)
    {
        var resource = (APIGatewayEmulatorResource)context.Resource;
        var configuration = context.Services.GetRequiredService<IConfiguration>();
        var options = ApiGatewayOptions.From(configuration, resource.Name);
        var telemetry = ResourceTelemetry.Start(resource, context.Services, GatewayTelemetry.Scope);
        var log = new AccessLog(options, context.WriteLine, telemetry?.Logger);
        var application = new GatewayApplication(
            options, resource.Routes, context.Services.GetRequiredService<ILambdaInvoker>(), log, context.Logger, telemetry is null ? null : new GatewayTelemetry(telemetry));
        if (resource.Routes.Count == 0)
        {
            context.Logger.LogWarning("API '{Api}' has no routes: add them with WithReference.", resource.Name);
        }

        GatewayServer gateway;
        try
        {
            gateway = await ListenAsync(() => CreateHost(context, configuration, options), application, log, telemetry, context);
        }
        catch when (telemetry is not null)
        {
            await telemetry.DisposeAsync();
            throw;
        }

        foreach (var endpoint in context.Endpoints)
        {
            context.Logger.LogInformation("API '{Api}' listens on {Address}.", resource.Name, endpoint.UriString);
        }

        return gateway;
    }

    /// <inheritdoc />
    public async Task<ProcessExit> StopAsync(TimeSpan gracePeriod, CancellationToken cancellationToken)
    {
        await using var hurry = cancellationToken.UnsafeRegister(static force => ((CancellationTokenSource)force!).Cancel(), _force);
        if (gracePeriod <= TimeSpan.Zero)
        {
            await _force.CancelAsync();
        }
        else
        {
            _force.CancelAfter(gracePeriod);
        }

        await _stop.Value;
        return await Exited;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero, CancellationToken.None);
        await _host.DisposeAsync();
    }

    private static async Task<GatewayServer> ListenAsync(Func<WebApplication> createHost, GatewayApplication application, AccessLog log, ResourceTelemetry? telemetry, InProcessContext context)
    {
        try
        {
            return await ReservedPort.ListenAsync(StartAsync, context.CancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            throw new DistributedApplicationException($"API '{context.Resource.Name}' cannot listen: {exception.Message}", exception);
        }

        async Task<GatewayServer> StartAsync()
        {
            var gateway = new GatewayServer(createHost(), log, telemetry);
            try
            {
                await gateway._server.StartAsync(application, context.CancellationToken);
                return gateway;
            }
            catch
            {
                await gateway._host.DisposeAsync();
                throw;
            }
        }
    }

    private async Task StopServerAsync()
    {
        // Requests under way get their responses; when the time is over, their connections are cut.
        await _server.StopAsync(_force.Token);
        _log.WriteLeft();
        if (_telemetry is not null)
        {
            await _telemetry.DisposeAsync();
        }

        _exited.TrySetResult(new ProcessExit(0, Signal: null));
    }

    private static WebApplication CreateHost(InProcessContext context, IConfiguration configuration, ApiGatewayOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = configuration["AppHost:Directory"] });
        builder.Logging.AddProvider(new ResourceLoggerProvider(context.Logger)).SetMinimumLevel(LogLevel.Warning);
        // What is done for a request does not block, and hands it on soon: it needs no other thread than the one that has read it.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, context, configuration, options));
        return builder.Build();
    }

    private static void Configure(KestrelServerOptions kestrel, InProcessContext context, IConfiguration configuration, ApiGatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.UTF8;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        // The gateway has the exact bounds and answers in its own words; Kestrel's only keep it from reading without end.
        kestrel.Limits.MaxRequestBodySize = (2L * options.MaxRequestBytes) + 65_536;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 1000;

        // Only the certificate: endpoints that the app host's configuration may have are others'.
        kestrel.Configure(new ConfigurationBuilder().AddInMemoryCollection(configuration.GetSection("Kestrel:Certificates").AsEnumerable(makePathsRelative: true)
            .Select(pair => new KeyValuePair<string, string?>($"Certificates:{pair.Key}", pair.Value))).Build());
        foreach (var endpoint in context.Endpoints)
        {
            kestrel.ListenLocalhost(endpoint.Port, listen =>
            {
                if (endpoint.Endpoint.UriScheme == "https")
                {
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    UseHttps(listen, context.Resource);
                }
                else
                {
                    // Kestrel speaks HTTP/2 without TLS only on ports that speak nothing else.
                    listen.Protocols = HttpProtocols.Http1;
                }
            });
        }
    }

    private static void UseHttps(ListenOptions listen, IResource resource)
    {
        try
        {
            listen.UseHttps();
        }
        catch (InvalidOperationException exception)
        {
            throw new DistributedApplicationException(
                $"The HTTPS endpoint of API '{resource.Name}' has no certificate: run 'dotnet dev-certs https', configure Kestrel:Certificates:Default, or set {nameof(APIGatewayEmulatorOptions)}.{nameof(APIGatewayEmulatorOptions.DisableHttpsEndpoint)}. {exception.Message}", exception);
        }
    }
}
