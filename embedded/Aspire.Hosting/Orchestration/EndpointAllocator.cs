using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Gives the endpoints of processes their ports.</summary>
internal sealed class EndpointAllocator(PortReservations ports, IConfiguration configuration, ResourceLoggerService loggers)
{
    // Tests run several app hosts at once: the ports that the model fixes for people would collide.
    private readonly bool _randomize = configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false);

    /// <summary>Gives every endpoint of a resource an address that it keeps for as long as the app host runs.</summary>
    /// <exception cref="DistributedApplicationException">A port cannot be had.</exception>
    public void Allocate(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is null).ToArray())
        {
            Allocate(resource, endpoint);
        }
    }

    private void Allocate(IResource resource, EndpointAnnotation endpoint)
    {
        var preferred = PreferredPort(resource, endpoint);
        int port;
        try
        {
            port = ports.Reserve(preferred, endpoint.FallBackWhenPortTaken);
        }
        catch (PortUnavailableException exception)
        {
            throw new DistributedApplicationException($"Endpoint '{endpoint.Name}' of resource '{resource.Name}' has no port. {exception.Message}", exception);
        }

        if (preferred is { } wanted && wanted != port)
        {
            loggers.GetLogger(resource).LogWarning("Port {Preferred} is taken: endpoint '{Endpoint}' uses port {Port}.", wanted, endpoint.Name, port);
        }

        var inContainer = ContainerRuntime.RunsInContainer(resource);
        var targetPort = (inContainer ? endpoint.TargetPort ?? port : port).ToString(CultureInfo.InvariantCulture);
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, KnownHostNames.Localhost, port, targetPort);

        var containers = KnownNetworkIdentifiers.DefaultAspireContainerNetwork;
        endpoint.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(containers, new AllocatedEndpoint(
            endpoint, KnownHostNames.DockerDesktopHostBridge, port, EndpointBindingMode.SingleAddress, targetPort, containers));
    }

    private int? PreferredPort(IResource resource, EndpointAnnotation endpoint)
    {
        var port = endpoint.Port is null or 0 || (_randomize && endpoint.IsProxied) ? null : endpoint.Port;
        if (resource is ContainerResource || endpoint.TargetPort is null or 0)
        {
            return port;
        }

        // The program insists on its port, and there is no proxy that could offer it under another.
        return port is null || port == endpoint.TargetPort
            ? endpoint.TargetPort
            : throw new DistributedApplicationException(
                $"Endpoint '{endpoint.Name}' of resource '{resource.Name}' has port {port} and target port {endpoint.TargetPort}: there is no proxy between them here. Give only one of the two, or tell the program its port with the env parameter.");
    }
}
