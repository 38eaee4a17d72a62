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

    /// <summary>Whether neither is asked for (<c>DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS</c>, <c>ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS</c>).</summary>
    public required bool AllowAnonymous { get; init; }

    /// <summary>What the pages call the application.</summary>
    public required string ApplicationName { get; init; }

    public static DashboardOptions Read(IConfiguration configuration, string applicationName) => new()
    {
        FrontendUrl = new Uri(configuration[FrontendUrlKey] is { Length: > 0 } urls ? urls.Split(';')[0] : "http://localhost:18888"),
        OtlpGrpcUrl = new Uri(configuration[OtlpGrpcUrlKey] ?? "http://localhost:4317"),
        OtlpHttpUrl = new Uri(configuration[OtlpHttpUrlKey] ?? "http://localhost:4318"),
        BrowserToken = configuration[BrowserTokenKey] ?? throw new InvalidOperationException($"{BrowserTokenKey} is not set."),
        OtlpApiKey = configuration[OtlpApiKeyKey] ?? throw new InvalidOperationException($"{OtlpApiKeyKey} is not set."),
        AllowAnonymous = bool.TryParse(configuration["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] ?? configuration["DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"], out var anonymous) && anonymous,
        ApplicationName = applicationName,
    };
}
