using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RvkApp.ServiceDefaults;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the application has: telemetry, health, resilience and service discovery.</summary>
public static class Extensions
{
    /// <summary>Ready to take requests: every health check passes.</summary>
    public const string HealthPath = "/health";

    /// <summary>Alive: the process answers. Only checks with the tag <c>live</c> count, none of which leaves the process.</summary>
    public const string AlivePath = "/alive";

    private const string LiveTag = "live";

    // The OpenTelemetry specification's default of OTEL_METRIC_EXPORT_INTERVAL, in milliseconds.
    private const int DefaultMetricInterval = 60_000;

    // Named rather than taken from MongoDB.Driver: this project serves services without a database as well.
    private const string MongoDriverActivitySource = "MongoDB.Driver";

    /// <summary>Adds telemetry, health checks, and for every <see cref="HttpClient"/> service discovery and resilience.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();

        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });

        return builder;
    }

    /// <summary>
    /// Adds traces, metrics and logs, exported by OTLP to <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>. Without an endpoint nothing is
    /// collected: instruments that nobody reads would only cost start-up time and memory. In AWS Lambda, which freezes the process between
    /// requests, a request's telemetry is sent before its response.
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return builder;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddOtlpExporter())
            .WithLogging(logging => logging.AddOtlpExporter())
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName)
                .AddSource(MongoDriverActivitySource)
                // Probes arrive every few seconds and would bury the requests that people make.
                .AddAspNetCoreInstrumentation(options => options.Filter = context =>
                    !context.Request.Path.StartsWithSegments(HealthPath) && !context.Request.Path.StartsWithSegments(AlivePath))
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
        builder.Services.ConfigureAll<OtlpExporterOptions>(ExporterHttpClient.Use);

        if (!string.IsNullOrEmpty(builder.Configuration["AWS_LAMBDA_FUNCTION_NAME"]))
        {
            var metricInterval = TimeSpan.FromMilliseconds(
                int.TryParse(builder.Configuration["OTEL_METRIC_EXPORT_INTERVAL"], NumberStyles.None, CultureInfo.InvariantCulture, out var interval) ? interval : DefaultMetricInterval);
            builder.Services.Replace(ServiceDescriptor.Singleton<IHttpContextFactory>(
                services => new FlushingHttpContextFactory(new DefaultHttpContextFactory(services), services, metricInterval)));
        }

        return builder;
    }

    /// <summary>Adds the check <c>self</c>, which passes as long as the process can run it.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        return builder;
    }

    /// <summary>
    /// Maps <see cref="HealthPath"/> and <see cref="AlivePath"/>, in every environment: load balancers and the AppHost ask them in
    /// production too. The answers name the checks and their states, never the reason of a failure, which the log has.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath, new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync }).WithoutTelemetry();
        app.MapHealthChecks(AlivePath, new HealthCheckOptions
        {
            Predicate = registration => registration.Tags.Contains(LiveTag),
            ResponseWriter = HealthReportWriter.WriteAsync,
        }).WithoutTelemetry();

        return app;
    }

    // What a probe does, such as a ping of the database, would be traces of their own: the request's span is left out, and with it their parent.
    private static void WithoutTelemetry(this IEndpointConventionBuilder endpoints) => endpoints.DisableHttpMetrics().Add(endpoint =>
    {
        if (endpoint.RequestDelegate is { } handle)
        {
            endpoint.RequestDelegate = async context =>
            {
                using (SuppressInstrumentationScope.Begin())
                {
                    await handle(context).ConfigureAwait(false);
                }
            };
        }
    });
}
