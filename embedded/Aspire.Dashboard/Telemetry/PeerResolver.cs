using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Telemetry;

/// <summary>Says which resource a calling span calls.</summary>
internal interface IPeerResolver
{
    /// <summary>The resource's name; null when it is none of the model.</summary>
    string? Resolve(Span span);
}

/// <summary>
/// Knows the resources by <c>peer.service</c>, and by the address and port they listen on (<c>server.address</c>, <c>server.port</c>). A database's name is
/// not looked at: the driver of MongoDB makes a span around the span of the command, and only the latter has the address. A call must count once.
/// </summary>
internal sealed class PeerResolver(DistributedApplicationModel model, TimeProvider time) : IPeerResolver
{
    private volatile Snapshot _endpoints = new(0, null);

    public string? Resolve(Span span)
    {
        string? service = null, address = null, port = null;
        for (var i = 0; i < span.Attributes.Count; i++)
        {
            var attribute = span.Attributes[i];
            switch (attribute.Key)
            {
                case "peer.service":
                    service = attribute.Value;
                    break;
                case "server.address" or "net.peer.name":
                    address = attribute.Value;
                    break;
                case "server.port" or "net.peer.port":
                    port = attribute.Value;
                    break;
            }
        }

        return (service is null ? null : ByName(service))
            ?? (address is null ? null : ByAddress(address, port));
    }

    private string? ByName(string name)
    {
        foreach (var resource in model.Resources)
        {
            if (Filters.Same(resource.Name, name))
            {
                return resource.Name;
            }
        }

        return null;
    }

    private string? ByAddress(string address, string? port)
    {
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        foreach (var (resource, endpoint) in Endpoints())
        {
            if (endpoint.Port == number && (Filters.Same(endpoint.Address, address) || (IsLoopback(endpoint.Address) && IsLoopback(address))))
            {
                return resource;
            }
        }

        return null;
    }

    /// <summary>What is listened on. Looked up at most once a second: spans come much more often than endpoints.</summary>
    private (string Resource, AllocatedEndpoint Endpoint)[] Endpoints()
    {
        var (readAt, endpoints) = _endpoints;
        if (endpoints is null || time.GetElapsedTime(readAt) > TimeSpan.FromSeconds(1))
        {
            endpoints = [.. from resource in model.Resources
                            from annotation in resource.Annotations.OfType<EndpointAnnotation>()
                            let endpoint = annotation.AllocatedEndpoint
                            where endpoint is not null
                            select (resource.Name, endpoint)];
            _endpoints = new Snapshot(time.GetTimestamp(), endpoints);
        }

        return endpoints;
    }

    private static bool IsLoopback(string address) => address is "127.0.0.1" or "::1" or "[::1]" || Filters.Same(address, "localhost");

    private sealed record Snapshot(long ReadAt, (string Resource, AllocatedEndpoint Endpoint)[]? Endpoints);
}
