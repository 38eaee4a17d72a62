using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Orchestration;

public class EndpointAllocationTests
{
    // Fixed ports are kept only where they are not randomized, which tests otherwise do.
    private static ActorHost FixedPorts() => new(("DcpPublisher:RandomizePorts", "false"));

    [Fact]
    public async Task A_taken_port_is_an_error_that_names_endpoint_and_resource()
    {
        using var taken = Listen(out var port);
        await using var host = FixedPorts();
        host.AddActor("program", "run").WithHttpEndpoint(port: port);
        host.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => host.Application.StartAsync(TestDeadline.Token()));

        Assert.Contains("'http'", exception.Message);
        Assert.Contains("'program'", exception.Message);
        Assert.Contains($"{port}", exception.Message);
    }

    [Fact]
    public async Task A_taken_port_may_have_a_substitute()
    {
        using var taken = Listen(out var port);
        await using var host = FixedPorts();
        var program = host.AddActor("program", "run").WithHttpEndpoint(port: port).WithEndpoint("http", e => e.FallBackWhenPortTaken = true);

        await host.StartAsync();

        Assert.True(program.GetEndpoint("http").Port > port);
        await host.WaitForLineAsync("program", $"Port {port} is taken");
    }

    [Fact]
    public async Task A_fixed_port_is_used_when_it_is_free()
    {
        int port;
        using (Listen(out port))
        {
        }

        await using var host = FixedPorts();
        var program = host.AddActor("program", "run").WithHttpEndpoint(port: port).WithHttpEndpoint(name: "any", port: 0);

        await host.StartAsync();

        Assert.Equal(port, program.GetEndpoint("http").Port);
        Assert.NotEqual(0, program.GetEndpoint("any").Port);
        Assert.NotEqual(port, program.GetEndpoint("any").Port);
    }

    [Fact]
    public async Task Tests_get_random_ports_where_the_model_fixes_them()
    {
        using var taken = Listen(out var port);
        await using var host = new ActorHost();
        var program = host.AddActor("program", "run").WithHttpEndpoint(port: port);

        await host.StartAsync();

        Assert.NotEqual(port, program.GetEndpoint("http").Port);
    }

    [Fact]
    public async Task Two_different_ports_need_a_proxy_that_is_not_there()
    {
        await using var host = FixedPorts();
        host.AddActor("program", "run").WithHttpEndpoint(port: 5001, targetPort: 5002);
        host.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => host.Application.StartAsync(TestDeadline.Token()));

        Assert.Contains("no proxy", exception.Message);
        Assert.Contains("5001", exception.Message);
    }

    [Fact]
    public async Task A_process_in_place_of_a_container_listens_on_the_outer_port()
    {
        await using var host = new ActorHost();
        var store = host.Builder.AddResource(new StoreResource("store")).WithEndpoint(name: "tcp").WithHttpEndpoint(targetPort: 27017).RunAsActor(host, "serve").WithHttpHealthCheck();
        host.AddActor("program", "env=STORE", "run").WithEnvironment("STORE", store.GetEndpoint("http"));

        await host.StartAsync();
        await host.Notifications.WaitForResourceHealthyAsync("store", TestDeadline.Token());

        var port = store.GetEndpoint("http").Port;
        Assert.NotEqual(27017, port);
        await host.WaitForLineAsync("program", $"STORE=http://localhost:{port}");
        Assert.Equal($"{port}", await store.GetEndpoint("http").Property(EndpointProperty.TargetPort).GetValueAsync(TestDeadline.Token()));
    }

    private static Socket Listen(out int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }
}
