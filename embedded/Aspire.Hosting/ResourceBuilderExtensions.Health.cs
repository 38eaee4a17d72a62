using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Makes a registered health check decide about the resource's health.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="key">The name the check is registered under with <c>builder.Services.AddHealthChecks()</c>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DistributedApplicationException">The resource has that check already.</exception>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(key);
        return builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(a => a.Key == key)
            ? throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' already has a health check '{key}'.")
            : builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>Makes the answer to an HTTP request decide about the resource's health.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="path">The path to request; <c>/</c> when null.</param>
    /// <param name="statusCode">The status that means healthy; 200 when null.</param>
    /// <param name="endpointName">The endpoint to ask; the first HTTP or HTTPS endpoint when null.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, [EndpointName] string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithHttpHealthCheck(endpointName is null ? null : () => builder.GetEndpoint(endpointName), path, statusCode);
    }

    /// <summary>Makes the answer to an HTTP request decide about the resource's health.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="endpointSelector">The endpoint to ask; the first HTTP or HTTPS endpoint when null.</param>
    /// <param name="path">The path to request; <c>/</c> when null.</param>
    /// <param name="statusCode">The status that means healthy; 200 when null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="DistributedApplicationException">The resource has no such endpoint, or it is not an HTTP one.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, Func<EndpointReference>? endpointSelector, string? path = null, int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        var endpoint = (endpointSelector ?? (() => DefaultHttpEndpoint(builder)))();
        if (!endpoint.Exists)
        {
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' has no endpoint '{endpoint.EndpointName}' to check over HTTP: add it before the health check.");
        }

        if (!endpoint.IsHttp && !endpoint.IsHttps)
        {
            throw new DistributedApplicationException($"Endpoint '{endpoint.EndpointName}' of resource '{builder.Resource.Name}' cannot be checked over HTTP: its scheme is '{endpoint.Scheme}'.");
        }

        path ??= "/";
        var expected = statusCode ?? 200;
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{expected}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services => new HttpHealthCheck(services.GetRequiredService<IHttpClientFactory>(), endpoint, path, expected),
            failureStatus: null,
            tags: null,
            timeout: HttpHealthCheck.Timeout));
        return builder.WithHealthCheck(key);
    }

    private static EndpointReference DefaultHttpEndpoint<T>(IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        // Plain HTTP first: a development certificate may be missing or not trusted.
        var endpoints = builder.Resource.GetEndpoints().Where(e => e.IsHttp || e.IsHttps).ToArray();
        return endpoints.FirstOrDefault(e => e.IsHttp) ?? endpoints.FirstOrDefault() ?? builder.GetEndpoint("http");
    }
}
