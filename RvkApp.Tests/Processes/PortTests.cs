using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Processes;

/// <summary>MongoDB's port is told to whoever needs it, so one that is taken is no reason not to start.</summary>
public class PortTests
{
    [Fact]
    public async Task A_mongodb_port_that_is_taken_gives_way_to_a_free_one_after_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var home = new TemporaryDirectory();
        await using var host = AppHostProcess.Start(home.Path, home["volumes"], [$"--Ports:Mongo={port}"]);

        await host.WaitForApiAsync();

        var used = int.Parse((await host.WaitForOutputAsync(@"mongo\s+tcp://localhost:(\d+)", TimeSpan.FromSeconds(10))).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(used, port + 1, port + 100);
        host.Signal(Signal.Interrupt);
        Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(20)));
    }
}
