using System.Net;
using System.Net.Sockets;

namespace RvkApp.AppHost;

/// <summary>The ports on loopback that people and tools are told; <see langword="null"/> is any free one.</summary>
/// <param name="Api"><c>Ports:Api</c>: a link that people keep, so it never moves by itself.</param>
/// <param name="Mongo"><c>Ports:Mongo</c>: the first to try; whoever needs it is told the connection string, so the next free one is as good.</param>
/// <param name="Dashboard"><c>Ports:Dashboard</c>: a link as well.</param>
/// <param name="Otlp"><c>Ports:Otlp</c>: where telemetry is taken over gRPC; over HTTP it is the next one. Resources are told both.</param>
internal sealed record PortSettings(int? Api, int? Mongo, int? Dashboard, int? Otlp)
{
    // Far enough for a machine that runs many of these at once, near enough that the port stays recognisable.
    private const int PortsTried = 100;

    /// <summary>Settles on ports that are free now.</summary>
    /// <returns>The ports.</returns>
    /// <exception cref="DistributedApplicationException">The API's or the dashboard's port is taken.</exception>
    public PortSettings Choose()
    {
        Require(Api, "the API", "Ports:Api");
        Require(Dashboard, "the dashboard", "Ports:Dashboard");

        if (Mongo is not { } first)
        {
            return this;
        }

        var free = Enumerable.Range(first, Math.Min(PortsTried, IPEndPoint.MaxPort + 1 - first)).FirstOrDefault(port => port != Api && IsFree(port));
        return this with { Mongo = free == 0 ? null : free };
    }

    private static void Require(int? port, string what, string setting)
    {
        if (port is { } number && !IsFree(number))
        {
            throw new DistributedApplicationException($"Port {number}, where {what} should listen, is taken by another process: stop that process, or set {setting} to another port (0 for any free one).");
        }
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
