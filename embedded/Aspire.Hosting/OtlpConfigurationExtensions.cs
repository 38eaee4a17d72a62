using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The protocols of OTLP.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC.</summary>
    Grpc = 0,

    /// <summary>Protocol Buffers over HTTP.</summary>
    HttpProtobuf = 1,

    /// <summary>JSON over HTTP.</summary>
    HttpJson = 2,
}

/// <summary>Tells resources where to send their telemetry.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>Gives a resource the OpenTelemetry variables: its name and identity, and the endpoint when the app host knows one.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="configuration">The app host's configuration.</param>
    /// <param name="environment">The app host's environment.</param>
    public static void AddOtlpEnvironment(IResource resource, IConfiguration configuration, IHostEnvironment environment) => Add(resource, configuration, environment, protocol: null);

    /// <summary>Gives a resource the OpenTelemetry variables: its name and identity, and the endpoint when the app host knows one.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="configuration">The app host's configuration.</param>
    /// <param name="environment">The app host's environment.</param>
    /// <param name="protocol">The protocol it needs.</param>
    public static void AddOtlpEnvironment(IResource resource, IConfiguration configuration, IHostEnvironment environment, OtlpProtocol protocol)
        => Add(resource, configuration, environment, protocol);

    /// <summary>Gives the resource the OpenTelemetry variables: its name and identity, and the endpoint when the app host knows one.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder) where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddOtlpEnvironment(builder.Resource, builder.ApplicationBuilder.Configuration, builder.ApplicationBuilder.Environment);
        return builder;
    }

    /// <summary>Gives the resource the OpenTelemetry variables: its name and identity, and the endpoint when the app host knows one.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="protocol">The protocol it needs.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol) where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddOtlpEnvironment(builder.Resource, builder.ApplicationBuilder.Configuration, builder.ApplicationBuilder.Environment, protocol);
        return builder;
    }

    private static void Add(IResource resource, IConfiguration configuration, IHostEnvironment environment, OtlpProtocol? protocol)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(environment);

        foreach (var earlier in resource.Annotations.OfType<OtlpExporterAnnotation>().ToArray())
        {
            resource.Annotations.Remove(earlier);
        }

        resource.Annotations.Add(new OtlpExporterAnnotation { RequiredProtocol = protocol });
        resource.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            if (context.ExecutionContext.IsPublishMode)
            {
                return;
            }

            var variables = context.EnvironmentVariables;
            variables["OTEL_SERVICE_NAME"] = resource.Name;
            variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={ServiceInstanceAnnotation.Of(resource)}";
            if (OtlpSettings.Find(configuration, resource.TryGetLastAnnotation<OtlpExporterAnnotation>(out var exporter) ? exporter.RequiredProtocol : null) is { } collector)
            {
                variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = new HostUrl(collector.Url);
                variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = collector.Protocol;
                if (collector.Headers is { } headers)
                {
                    variables["OTEL_EXPORTER_OTLP_HEADERS"] = headers;
                }
            }

            if (environment.IsDevelopment())
            {
                // What is being developed should show its telemetry at once and completely.
                variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
                variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
                variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
                variables["OTEL_TRACES_SAMPLER"] = "always_on";
                variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            }
        }));
    }
}
