using System.Net;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard listens, and who may come in. The keys of the configuration are those of Aspire.</summary>
internal sealed record DashboardOptions
{
    public const string FrontendUrlKey = "ASPNETCORE_URLS";
    public const string OtlpGrpcUrlKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    public const string OtlpHttpUrlKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    public const string BrowserTokenKey = "AppHost:BrowserToken";
    public const string OtlpApiKeyKey = "AppHost:OtlpApiKey";

    /// <summary><c>Embedded:Dashboard:Enabled</c>: whether there is a dashboard at all; true by default.</summary>
    public const string EnabledKey = "Embedded:Dashboard:Enabled";

    /// <summary>Where the pages are; the port 0 is any free one.</summary>
    public required Uri FrontendUrl { get; init; }

    /// <summary>Where telemetry is taken over gRPC (HTTP/2 without TLS); the port 0 is any free one.</summary>
    public required Uri OtlpGrpcUrl { get; init; }

    /// <summary>Where telemetry is taken as Protocol Buffers over HTTP/1.1; the port 0 is any free one.</summary>
    public required Uri OtlpHttpUrl { get; init; }

    /// <summary>Who has it may sign in.</summary>
    public required string BrowserToken { get; init; }

    /// <summary>Who sends telemetry has to have it, in the header <c>x-otlp-api-key</c>.</summary>
    public required string OtlpApiKey { get; init; }

    /// <summary>Whether neither is asked for (<c>ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS</c>, <c>DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS</c>).</summary>
    public required bool AllowAnonymous { get; init; }

    /// <summary>What the pages call the application.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>Where a browser signs in. Whoever has it is in: it is for the console only.</summary>
    public Uri SignInUrl => AllowAnonymous ? FrontendUrl : new Uri(FrontendUrl, $"/login?t={Uri.EscapeDataString(BrowserToken)}");

    /// <summary>Whether an application that is configured so has a dashboard.</summary>
    /// <exception cref="DistributedApplicationException">The switch is neither true nor false.</exception>
    public static bool IsEnabled(IConfiguration configuration) => configuration[EnabledKey] switch
    {
        null or "" => true,
        var value when bool.TryParse(value, out var enabled) => enabled,
        var value => throw new DistributedApplicationException($"The setting {EnabledKey} is '{value}': use true or false."),
    };

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The app host's configuration.</param>
    /// <param name="applicationName">What the pages call the application.</param>
    /// <exception cref="DistributedApplicationException">A URL cannot be used: which one, and what it may be.</exception>
    public static DashboardOptions Read(IConfiguration configuration, string applicationName) => new()
    {
        FrontendUrl = Url(configuration, FrontendUrlKey, "http://localhost:18888"),
        OtlpGrpcUrl = Url(configuration, OtlpGrpcUrlKey, "http://localhost:4317"),
        OtlpHttpUrl = Url(configuration, OtlpHttpUrlKey, "http://localhost:4318"),
        BrowserToken = Secret(configuration, BrowserTokenKey),
        OtlpApiKey = Secret(configuration, OtlpApiKeyKey),
        AllowAnonymous = bool.TryParse(configuration["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] ?? configuration["DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"], out var anonymous) && anonymous,
        ApplicationName = applicationName,
    };

    private static Uri Url(IConfiguration configuration, string key, string fallback)
    {
        var value = configuration[key] is { Length: > 0 } urls ? urls.Split(';')[0] : fallback;
        return Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && IsLoopback(url)
            ? url
            : throw new DistributedApplicationException(
                $"The setting {key} is '{value}': the dashboard listens on this machine only, without TLS. Use a URL such as {fallback}, with the port 0 for any free one.");
    }

    private static bool IsLoopback(Uri url)
        => string.Equals(url.Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    private static string Secret(IConfiguration configuration, string key)
        => configuration[key] is { Length: > 0 } secret ? secret : throw new DistributedApplicationException($"The setting {key} is empty: leave it out, and one is made for each run.");
}
