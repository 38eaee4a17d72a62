using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Loopback ports for the lifetime of an AppHost.</summary>
internal sealed class PortReservations : IDisposable
{
    private readonly HashSet<int> _reserved = [];

    /// <summary>Reserves a port.</summary>
    public int Reserve(int? preferred, bool fallBackWhenTaken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, preferred ?? 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _reserved.Add(port);
        return port;
    }

    /// <summary>Gives all ports back.</summary>
    public void Dispose()
    {
    }
}
