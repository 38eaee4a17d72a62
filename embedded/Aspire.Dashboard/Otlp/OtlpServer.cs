using Aspire.Dashboard.Telemetry;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Dashboard.Otlp;

/// <summary>
/// Takes telemetry on the two ports of OTLP, of which one speaks gRPC (HTTP/2 without TLS) and the other HTTP/1.1. A server of its own: no page is served on
/// these ports, and no telemetry is taken on the pages' port.
/// </summary>
internal sealed class OtlpServer(DashboardOptions options, TelemetryStore store, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>Far more than there are processes; a request holds up to <see cref="TelemetryLimits.MaxDecompressedBytes"/>.</summary>
    private const int MaxConnections = 256;
    private const int MaxStreamsPerConnection = 16;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private WebApplication? _application;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="DistributedApplicationException">A port cannot be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Aspire.Dashboard", EnvironmentName = "Production" });
        // Nothing of the app host's configuration is meant for this server.
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = store.Limits.MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
            kestrel.ListenLocalhost(options.OtlpGrpcUrl.Port, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.ListenLocalhost(options.OtlpHttpUrl.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });

        builder.Services.AddSingleton(loggers);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        var receiver = new TelemetryReceiver(store);
        builder.Services.AddSingleton(new OtlpGrpc(receiver));
        builder.Services.AddSingleton<Grpc.AspNetCore.Server.Model.IServiceMethodProvider<OtlpGrpc>, OtlpGrpc.Methods>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.IgnoreUnknownServices = true;
            grpc.MaxReceiveMessageSize = store.Limits.MaxRequestBytes;
            grpc.CompressionProviders = [new OtlpGrpc.BoundedCompression("gzip", store.Limits), new OtlpGrpc.BoundedCompression("deflate", store.Limits)];
        });

        var app = _application = builder.Build();
        var access = new OtlpAccess(options);
        app.Use(access.InvokeAsync);
        app.UseRouting();
        app.MapGrpcService<OtlpGrpc>();
        new OtlpHttp(receiver).Map(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException($"Telemetry cannot be taken at {options.OtlpGrpcUrl} and {options.OtlpHttpUrl}: {exception.Message} "
                + $"Choose other ports with {DashboardOptions.OtlpGrpcUrlKey} and {DashboardOptions.OtlpHttpUrlKey}.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }
}
