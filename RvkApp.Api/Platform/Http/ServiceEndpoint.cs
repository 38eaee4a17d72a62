using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RvkApp.Api.Platform.Http;

/// <summary>What the service says about itself at its root.</summary>
internal sealed record ServiceResponse(string Name, string Version, string Status, string Environment, string Documentation)
{
    public const string ServiceName = "RvkApp School Management API";

    public static readonly string ServiceVersion =
        typeof(ServiceResponse).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}

internal static class ServiceEndpoint
{
    /// <summary>Maps <c>GET /</c>. It needs no database: "running" says that the process answers, <c>/health</c> says whether it can work.</summary>
    public static void MapService(this IEndpointRouteBuilder routes)
        => routes.MapGet("/", Describe).WithName("GetService").WithTags("Service").WithSummary("What this service is");

    private static Ok<ServiceResponse> Describe(IHostEnvironment environment) => TypedResults.Ok(new ServiceResponse(
        ServiceResponse.ServiceName, ServiceResponse.ServiceVersion, "running", environment.EnvironmentName, "/api-docs"));
}
