using System.Diagnostics.Metrics;
using OpenTelemetry.Exporter;

namespace RvkApp.ServiceDefaults;

/// <summary>
/// How telemetry is sent. What that costs is not part of what the service does: its requests are not in the service's <c>http.client.*</c> metrics, where each export would
/// be counted by the next. (Its spans are suppressed by the SDK.) It has none of the resilience of the service's own clients either: the exporter has its own.
/// </summary>
internal static class ExporterHttpClient
{
    /// <summary>Has an exporter use it.</summary>
    public static void Use(OtlpExporterOptions options) => options.HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { MeterFactory = Unrecorded.Factory })
    {
        Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
    };

    /// <summary>Makes meters of a name that nobody collects: providers find meters by name, whoever has made them.</summary>
    private sealed class Unrecorded : IMeterFactory
    {
        public static readonly Unrecorded Factory = new();

        private readonly Meter _meter = new("RvkApp.ServiceDefaults.Exporter");

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose()
        {
            // It is there for as long as the process is, as are its users.
        }
    }
}
