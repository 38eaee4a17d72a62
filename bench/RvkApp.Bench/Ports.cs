using System.Net;
using System.Net.Sockets;

namespace RvkApp.Bench;

/// <summary>TCP ports of this machine.</summary>
internal static class Ports
{
    /// <summary>A port that was free a moment ago, for programs that must be told one.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
