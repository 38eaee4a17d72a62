using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Telemetry;

/// <summary>Where a resource sends its telemetry.</summary>
/// <param name="Url">The address of the collector, for the protocol.</param>
/// <param name="Protocol">The protocol as <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> names it: <c>grpc</c>, <c>http/protobuf</c> or <c>http/json</c>.</param>
/// <param name="Headers">What is sent with it, as <c>OTEL_EXPORTER_OTLP_HEADERS</c> has it: the key, which is a secret; null when none is asked for.</param>
internal sealed record OtlpSettings(string Url, string Protocol, string? Headers)
{
    public const string Grpc = "grpc";
    public const string HttpProtobuf = "http/protobuf";
    public const string HttpJson = "http/json";

    /// <summary>What the app host's configuration says now.</summary>
    /// <returns>Null when there is no collector for the protocol.</returns>
    public static OtlpSettings? Find(IConfiguration configuration, OtlpProtocol? required)
    {
        var grpc = Address(configuration, "OTLP_ENDPOINT_URL");
        var http = Address(configuration, "OTLP_HTTP_ENDPOINT_URL");
        (string Url, string Protocol)? endpoint = required switch
        {
            OtlpProtocol.HttpProtobuf => http is null ? null : (http, HttpProtobuf),
            OtlpProtocol.HttpJson => http is null ? null : (http, HttpJson),
            OtlpProtocol.Grpc => grpc is null ? null : (grpc, Grpc),
            _ => grpc is not null ? (grpc, Grpc) : http is not null ? (http, HttpProtobuf) : null,
        };
        if (endpoint is not { } found)
        {
            return null;
        }

        return new OtlpSettings(found.Url, found.Protocol, configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key ? $"x-otlp-api-key={key}" : null);
    }

    /// <summary>What the app host's configuration says now for what runs in the app host, which prefers HTTP: its exporter starts sooner than the one for gRPC.</summary>
    public static OtlpSettings? FindForAppHost(IConfiguration configuration)
        => Find(configuration, OtlpProtocol.HttpProtobuf) ?? Find(configuration, OtlpProtocol.Grpc);

    private static string? Address(IConfiguration configuration, string name)
        => configuration[$"ASPIRE_DASHBOARD_{name}"] is { Length: > 0 } url ? url
            : configuration[$"DOTNET_DASHBOARD_{name}"] is { Length: > 0 } older ? older
            : null;
}
