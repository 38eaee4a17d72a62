using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using RvkApp.AppHost.Packaging;
using RvkApp.AppHost.Topology;

namespace RvkApp.AppHost;

/// <summary>What Lambda and API Gateway on this machine have of the cloud: the package that is deployed there, where it is asked for, and the numbers of the topology.</summary>
internal static class LocalCloud
{
    /// <summary>Has the emulators follow the settings of the deployment. Whatever is configured for them directly (<c>Embedded:Lambda</c>, <c>Embedded:ApiGateway</c>) wins.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="settings">The settings of this app host.</param>
    /// <returns>The function's handler.</returns>
    public static string Configure(IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        var numbers = Numbers(settings.Cloud).ToDictionary();
        if (settings.Package is { } package)
        {
            builder.AddLambdaPackager(package);
            numbers["Embedded:Lambda:Package"] = "deployment";
        }

        // First means least: every other source is asked before this one.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = numbers });
        return settings.Package?.Handler ?? LambdaPackage.ProjectHandler;
    }

    /// <summary>Lets pages of the origins that the cloud lets in (<c>Aws:CorsOrigins</c>) call the API here too.</summary>
    public static IResourceBuilder<T> WithCorsOrigins<T>(this IResourceBuilder<T> api, IReadOnlyList<string> origins) where T : IResourceWithEnvironment
    {
        foreach (var (index, origin) in origins.Index())
        {
            api.WithEnvironment($"Cors__Origins__{index}", origin);
        }

        return api;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Numbers(TopologyOptions cloud) =>
    [
        Number("Embedded:Lambda:MemorySize", cloud.LambdaMemory),
        new("Embedded:Lambda:Timeout", TimeSpan.FromSeconds(cloud.LambdaTimeout).ToString("c")),
        Number("Embedded:Lambda:Concurrency", cloud.LambdaConcurrency),
        Number("Embedded:ApiGateway:Throttling:RateLimit", cloud.ThrottleRate),
        Number("Embedded:ApiGateway:Throttling:BurstLimit", cloud.ThrottleBurst),
        .. Texts("Embedded:ApiGateway:Cors:AllowOrigins", cloud.CorsOrigins),
        .. Texts("Embedded:ApiGateway:Cors:AllowMethods", CorsRules.Methods),
        .. Texts("Embedded:ApiGateway:Cors:AllowHeaders", CorsRules.Headers),
        .. Texts("Embedded:ApiGateway:Cors:ExposeHeaders", CorsRules.ExposedHeaders),
        Number("Embedded:ApiGateway:Cors:MaxAge", CorsRules.MaxAge),
    ];

    private static KeyValuePair<string, string?> Number(string key, int value) => new(key, value.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<KeyValuePair<string, string?>> Texts(string key, IReadOnlyList<string> values)
        => values.Select((value, index) => new KeyValuePair<string, string?>($"{key}:{index}", value));
}
