using System.Globalization;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Display;

/// <summary>Names of those that are called but send no telemetry, such as a database: the resource with the called port, or what the span says of it.</summary>
internal sealed class Peers
{
    private readonly Dictionary<int, string> _byPort = [];

    /// <param name="model">The resources of the app host; their ports as they are now.</param>
    public Peers(DistributedApplicationModel model)
    {
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                if (endpoint.AllocatedEndpoint is { } allocated)
                {
                    _byPort.TryAdd(allocated.Port, resource.Name);
                }
            }
        }
    }

    /// <summary>The name; null when the span does not say.</summary>
    public string? Of(Span span)
    {
        if (span.Attribute("peer.service") is { Length: > 0 } service)
        {
            return service;
        }

        var address = span.Attribute("server.address") ?? span.Attribute("net.peer.name");
        var port = span.Attribute("server.port") ?? span.Attribute("net.peer.port");
        if (address is "localhost" or "127.0.0.1" or "::1" or "[::1]"
            && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && _byPort.TryGetValue(number, out var resource))
        {
            return resource;
        }

        if ((span.Attribute("db.system.name") ?? span.Attribute("db.system")) is { Length: > 0 } system)
        {
            return (span.Attribute("db.namespace") ?? span.Attribute("db.name")) is { Length: > 0 } database ? $"{system} {database}" : system;
        }

        return address is not { Length: > 0 } ? null : port is { Length: > 0 } ? $"{address}:{port}" : address;
    }
}
