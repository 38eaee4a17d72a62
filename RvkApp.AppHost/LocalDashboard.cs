using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace RvkApp.AppHost;

/// <summary>Where the dashboard listens, by the settings that Aspire has for it. Whatever is configured for them directly wins.</summary>
internal static class LocalDashboard
{
    /// <summary>Has the dashboard and its ports for telemetry follow <c>Ports:Dashboard</c> and <c>Ports:Otlp</c>.</summary>
    public static void Configure(IConfigurationManager configuration, PortSettings ports)
    {
        // The key that every application with a dashboard has. Without one nobody takes telemetry there: each request would wait for its export.
        if (configuration["AppHost:OtlpApiKey"] is null)
        {
            return;
        }

        Dictionary<string, string?> urls = new()
        {
            ["ASPNETCORE_URLS"] = Url(ports.Dashboard),
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Url(ports.Otlp),
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = Url(ports.Otlp + 1),
        };
        // First means least: every other source is asked before this one.
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = urls });
    }

    private static string Url(int? port) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port ?? 0}");
}
