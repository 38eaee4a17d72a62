using System.Diagnostics;
using System.Diagnostics.Metrics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aspire.Hosting.Telemetry;

/// <summary>
/// The telemetry of a resource whose work is done in the app host: it is sent as the resource's own, to the collector that the resource's process would get. There is one for each run of
/// such a resource, and none where there is no collector: then nothing is made, and nothing measured.
/// </summary>
internal sealed class ResourceTelemetry : IAsyncDisposable
{
    // What is left when a resource ends is sent, but nobody waits longer for a collector that does not answer.
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly OpenTelemetrySdk _sdk;
    private int _disposed;

    private ResourceTelemetry(string scope, OtlpSettings collector, bool isDevelopment, ResourceBuilder resource)
    {
        Activities = new ActivitySource(scope);
        Meter = new Meter(scope);
        // As OtlpConfigurationExtensions has it for processes: what is being developed shows its telemetry at once and completely.
        var delay = isDevelopment ? 1000 : 5000;
        var metricInterval = isDevelopment ? 1000 : 60_000;
        _sdk = OpenTelemetrySdk.Create(builder => builder
            .WithTracing(tracing => tracing
                .SetResourceBuilder(resource)
                .SetSampler(isDevelopment ? new AlwaysOnSampler() : new ParentBasedSampler(new AlwaysOnSampler()))
                .AddSource(scope)
                .AddProcessor(new OwnActivityProcessor(Activities, new OtlpTraceExporter(Options(collector, "v1/traces")), delay)))
            .WithMetrics(metrics => metrics
                .SetResourceBuilder(resource)
                .SetExemplarFilter(ExemplarFilterType.TraceBased)
                .AddMeter(scope)
                // Several app hosts may run in one process, and meters are found by name.
                .AddView(instrument => ReferenceEquals(instrument.Meter, Meter) ? null : MetricStreamConfiguration.Drop)
                .AddReader(new PeriodicExportingMetricReader(new OtlpMetricExporter(Options(collector, "v1/metrics")), metricInterval)))
            .WithLogging(
                logging => logging
                    .SetResourceBuilder(resource)
                    .AddProcessor(new BatchLogRecordExportProcessor(new OtlpLogExporter(Options(collector, "v1/logs")), scheduledDelayMilliseconds: delay)),
                options => options.IncludeFormattedMessage = true));
        Logger = _sdk.GetLoggerFactory().CreateLogger(scope);
        // The providers listen from here on, and not from the first use of one.
        _ = _sdk.TracerProvider;
        _ = _sdk.MeterProvider;
    }

    /// <summary>Makes the resource's spans.</summary>
    public ActivitySource Activities { get; }

    /// <summary>Makes the resource's instruments.</summary>
    public Meter Meter { get; }

    /// <summary>Sends log records of the resource, with the current span. They do not come to the console.</summary>
    public ILogger Logger { get; }

    /// <summary>Starts to collect.</summary>
    /// <param name="resource">Who it is.</param>
    /// <param name="services">The app host's services.</param>
    /// <param name="scope">The name of the instrumentation.</param>
    /// <param name="attributes">What else describes the resource, by the semantic conventions.</param>
    /// <returns>Null when the app host knows no collector.</returns>
    public static ResourceTelemetry? Start(IResource resource, IServiceProvider services, string scope, params ReadOnlySpan<KeyValuePair<string, object>> attributes)
    {
        if (OtlpSettings.FindForAppHost(services.GetRequiredService<IConfiguration>()) is not { } collector)
        {
            return null;
        }

        // Not from the environment: its OTEL_ variables would be the app host's own.
        var description = ResourceBuilder.CreateEmpty()
            .AddTelemetrySdk()
            .AddService(resource.Name, serviceInstanceId: ServiceInstanceAnnotation.Of(resource), autoGenerateServiceInstanceId: false)
            .AddAttributes(attributes.ToArray());
        return new ResourceTelemetry(scope, collector, services.GetRequiredService<IHostEnvironment>().IsDevelopment(), description);
    }

    /// <summary>Sends what is left, for two seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // The SDK sends while it is disposed of, and blocks.
        await Task.WhenAny(Task.Run(_sdk.Dispose), Task.Delay(EndPatience)).ConfigureAwait(false);
        Activities.Dispose();
        Meter.Dispose();
    }

    private static OtlpExporterOptions Options(OtlpSettings collector, string path)
    {
        var isHttp = collector.Protocol == OtlpSettings.HttpProtobuf;
        return new OtlpExporterOptions
        {
            Endpoint = isHttp ? new Uri(new Uri(collector.Url.TrimEnd('/') + "/"), path) : new Uri(collector.Url),
            Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            Headers = collector.Headers,
        };
    }

    /// <summary>Exports the activities of one source: those of other app hosts in this process have the same name.</summary>
    private sealed class OwnActivityProcessor(ActivitySource source, BaseExporter<Activity> exporter, int delayMilliseconds)
        : BatchActivityExportProcessor(exporter, scheduledDelayMilliseconds: delayMilliseconds)
    {
        public override void OnEnd(Activity data)
        {
            if (ReferenceEquals(data.Source, source))
            {
                base.OnEnd(data);
            }
        }
    }
}
