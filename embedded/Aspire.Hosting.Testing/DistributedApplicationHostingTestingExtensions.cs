using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

/// <summary>Reaches the resources of a running application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client for an endpoint of a resource. It does not wait until the resource is ready: use <c>ResourceNotifications.WaitForResourceHealthyAsync</c>.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; its HTTPS or HTTP endpoint when null.</param>
    /// <returns>The client.</returns>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = new Uri(Find(app, resourceName, endpointName, KnownNetworkIdentifiers.LocalhostNetwork).UriString);
        return client;
    }

    /// <summary>The connection string of a resource.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>The connection string.</returns>
    /// <exception cref="ArgumentException">There is no such resource, or it has no connection string.</exception>
    public static ValueTask<string?> GetConnectionStringAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default)
        => Find(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"Resource '{resourceName}' has no connection string.", nameof(resourceName));

    /// <summary>The address of an endpoint of a resource.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; its HTTPS or HTTP endpoint, or its only one, when null.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentException">There is no such resource or endpoint.</exception>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
        => app.GetEndpointForNetwork(resourceName, networkIdentifier: null, endpointName);

    /// <summary>The address of an endpoint of a resource in a network.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="networkIdentifier">The network; this machine's when null.</param>
    /// <param name="endpointName">The endpoint; its HTTPS or HTTP endpoint, or its only one, when null.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentException">There is no such resource or endpoint.</exception>
    public static Uri GetEndpointForNetwork(this DistributedApplication app, string resourceName, NetworkIdentifier? networkIdentifier, string? endpointName = null)
        => new(Find(app, resourceName, endpointName, networkIdentifier ?? KnownNetworkIdentifiers.LocalhostNetwork).UriString);

    private static IResource Find(DistributedApplication app, string resourceName)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrEmpty(resourceName);
        return app.IsStarted || app.IsStarting
            ? app.Services.GetRequiredService<DistributedApplicationModel>().Resources.TryGetByName(resourceName, out var resource)
                ? resource
                : throw new ArgumentException($"There is no resource '{resourceName}'.", nameof(resourceName))
            : throw new InvalidOperationException("The application is not started: call StartAsync first.");
    }

    private static AllocatedEndpoint Find(DistributedApplication app, string resourceName, string? endpointName, NetworkIdentifier network)
    {
        if (Find(app, resourceName) is not IResourceWithEndpoints resource)
        {
            throw new InvalidOperationException($"Resource '{resourceName}' has no endpoints.");
        }

        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        var endpoint = endpointName is not null
            ? endpoints.FirstOrDefault(e => string.Equals(e.Name, endpointName, StringComparison.OrdinalIgnoreCase))
            : endpoints.FirstOrDefault(e => string.Equals(e.Name, "https", StringComparison.OrdinalIgnoreCase))
                ?? endpoints.FirstOrDefault(e => string.Equals(e.Name, "http", StringComparison.OrdinalIgnoreCase))
                ?? (endpoints is [var only] ? only : null);
        if (endpoint is null)
        {
            var names = endpoints.Length == 0 ? "none" : string.Join(", ", endpoints.Select(e => $"'{e.Name}'"));
            throw new ArgumentException($"Resource '{resourceName}' has no endpoint '{endpointName ?? "https or http"}'; it has {names}.", nameof(endpointName));
        }

        return endpoint.AllAllocatedEndpoints.TryGetAllocatedEndpoint(network, out var allocated)
            ? allocated
            : throw new InvalidOperationException($"Endpoint '{endpoint.Name}' of resource '{resourceName}' has no address yet.");
    }
}
