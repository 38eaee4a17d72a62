using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RvkApp.Api.Platform.Http;

/// <summary>What the service says about itself at its root.</summary>
internal sealed record ServiceDescription(string Name, string Version, string Status, string Environment, string Documentation)
{
    public const string ServiceName = "RvkApp School Management API";

    public static readonly string ServiceVersion =
        typeof(ServiceDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}

internal static class ServiceDescriptionEndpoint
{
    /// <summary>Maps <c>GET /</c>. It needs no database: "running" says that the process answers, <c>/health</c> says whether it can work.</summary>
    public static void MapServiceDescription(this IEndpointRouteBuilder routes)
        => routes.MapGet("/", Describe).WithName("GetService").WithTags("Service").WithSummary("What this service is");

    private static Ok<ServiceDescription> Describe(IHostEnvironment environment) => TypedResults.Ok(new ServiceDescription(
        ServiceDescription.ServiceName, ServiceDescription.ServiceVersion, "running", environment.EnvironmentName, "/api-docs"));
}
