using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Model;

public class EndpointTests
{
    [Theory]
    [InlineData(EndpointProperty.Url, "http://localhost:5080", "{web.bindings.http.url}")]
    [InlineData(EndpointProperty.Host, "localhost", "{web.bindings.http.host}")]
    [InlineData(EndpointProperty.IPV4Host, "127.0.0.1", "{web.bindings.http.host}")]
    [InlineData(EndpointProperty.Port, "5080", "{web.bindings.http.port}")]
    [InlineData(EndpointProperty.Scheme, "http", "{web.bindings.http.scheme}")]
    [InlineData(EndpointProperty.TargetPort, "5080", "{web.bindings.http.targetPort}")]
    [InlineData(EndpointProperty.HostAndPort, "localhost:5080", "{web.bindings.http.host}:{web.bindings.http.port}")]
    [InlineData(EndpointProperty.TlsEnabled, "False", "{web.bindings.http.tlsEnabled}")]
    public async Task Each_part_of_an_address_has_a_value_and_an_expression(EndpointProperty property, string value, string expression)
    {
        using var builder = ModelBuilder.Run();
        var web = builder.AddProgram("web").WithHttpEndpoint();
        web.Allocate("http", 5080);

        var part = web.GetEndpoint("http").Property(property);

        Assert.Equal(value, await part.GetValueAsync(TestDeadline.Token()));
        Assert.Equal(expression, part.ValueExpression);
    }

    [Fact]
    public async Task A_value_is_awaited_until_the_endpoint_has_its_address()
    {
        using var builder = ModelBuilder.Run();
        var web = builder.AddProgram("web").WithHttpEndpoint();
        var endpoint = web.GetEndpoint("http");

        var value = endpoint.GetValueAsync(TestDeadline.Token()).AsTask();
        Assert.False(value.IsCompleted);
        Assert.False(endpoint.IsAllocated);
        Assert.Contains("no address yet", Assert.Throws<InvalidOperationException>(() => endpoint.Url).Message);
        web.Allocate("http", 1234);

        Assert.Equal("http://localhost:1234", await value.InTimeAsync());
        Assert.Equal("http://localhost:1234", endpoint.Url);
        Assert.Equal(1234, endpoint.Port);
        Assert.Equal("localhost", endpoint.Host);
        Assert.True(endpoint.IsAllocated);
    }

    [Fact]
    public void An_endpoint_that_does_not_exist_is_an_error_that_lists_those_that_do()
    {
        using var builder = ModelBuilder.Run();
        var web = builder.AddProgram("web").WithHttpEndpoint().WithHttpEndpoint(name: "admin");
        var endpoint = web.GetEndpoint("grpc");

        Assert.False(endpoint.Exists);
        var message = Assert.Throws<InvalidOperationException>(() => endpoint.Port).Message;
        Assert.Contains("'grpc'", message);
        Assert.Contains("'http', 'admin'", message);
    }

    [Fact]
    public void Naming_an_endpoint_again_changes_what_is_given_and_leaves_the_rest()
    {
        using var builder = ModelBuilder.Run();
        var web = builder.AddProgram("web").WithHttpEndpoint(port: 80, targetPort: 8080).WithHttpEndpoint(port: 81).WithEndpoint("HTTP", e => e.IsExternal = true);

        var endpoint = Assert.Single(web.Resource.Annotations.OfType<EndpointAnnotation>());

        Assert.Equal((81, 8080, "http", true), (endpoint.Port, endpoint.TargetPort, endpoint.UriScheme, endpoint.IsExternal));
    }

    [Fact]
    public void An_endpoint_is_created_by_name_only_when_wanted()
    {
        using var builder = ModelBuilder.Run();
        var web = builder.AddProgram("web");

        web.WithEndpoint("a", e => e.Port = 1, createIfNotExists: false);
        Assert.Empty(web.Resource.Annotations.OfType<EndpointAnnotation>());
        web.WithEndpoint("a", e => e.Port = 1);
        Assert.Equal(1, Assert.Single(web.Resource.Annotations.OfType<EndpointAnnotation>()).Port);
    }

    [Theory]
    [InlineData(null, null, true, null, null)]
    [InlineData(80, null, true, 80, null)]
    [InlineData(null, 90, true, null, 90)]
    [InlineData(80, null, false, 80, 80)]
    [InlineData(null, 90, false, 90, 90)]
    [InlineData(80, 90, false, 80, 90)]
    public void Without_a_proxy_the_two_ports_stand_in_for_each_other(int? port, int? targetPort, bool isProxied, int? expectedPort, int? expectedTarget)
    {
        var endpoint = new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, port: port, targetPort: targetPort, isProxied: isProxied);

        Assert.Equal(expectedPort, endpoint.Port);
        Assert.Equal(expectedTarget, endpoint.TargetPort);
    }

    [Fact]
    public void Defaults_come_from_the_protocol()
    {
        var tcp = new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp);
        var https = new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, uriScheme: "https");

        Assert.Equal(("tcp", "tcp", "tcp", false), (tcp.Name, tcp.UriScheme, tcp.Transport, tcp.TlsEnabled));
        Assert.Equal(("https", "https", "http", true), (https.Name, https.UriScheme, https.Transport, https.TlsEnabled));
        Assert.Throws<NotSupportedException>(() => new EndpointAnnotation(System.Net.Sockets.ProtocolType.Icmp));
    }

    [Fact]
    public void Only_http_endpoints_become_external()
    {
        using var builder = ModelBuilder.Run();
        var web = builder.AddProgram("web").WithHttpEndpoint().WithHttpsEndpoint().WithEndpoint(scheme: "tcp", name: "raw").WithExternalHttpEndpoints();

        Assert.Equal(["http", "https"], web.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsExternal).Select(e => e.Name));
    }

    [Fact]
    public async Task A_container_sees_this_machine_under_another_name()
    {
        using var builder = ModelBuilder.Run();
        var web = builder.AddProgram("web").WithHttpEndpoint();
        var annotation = web.Resource.Annotations.OfType<EndpointAnnotation>().Single();
        web.Allocate("http", 5080);
        var network = KnownNetworkIdentifiers.DefaultAspireContainerNetwork;
        annotation.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(network, new AllocatedEndpoint(annotation, "host.docker.internal", 5080, EndpointBindingMode.SingleAddress, "5080", network));

        var container = builder.AddContainer("proxy", "nginx").WithEnvironment("UPSTREAM", web.GetEndpoint("http"));
        var program = builder.AddProgram("other").WithEnvironment("UPSTREAM", web.GetEndpoint("http"));

        Assert.Equal("http://host.docker.internal:5080", (await ModelBuilder.EnvironmentOf(container))["UPSTREAM"]);
        Assert.Equal("http://localhost:5080", (await ModelBuilder.EnvironmentOf(program))["UPSTREAM"]);
        Assert.Throws<ArgumentException>(() => annotation.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(network, annotation.AllocatedEndpoint!));
    }

    [Fact]
    public async Task A_program_learns_its_port_through_the_variable_it_asks_for()
    {
        using var builder = ModelBuilder.Run();
        var web = builder.AddProgram("web").WithHttpEndpoint(env: "PORT").WithHttpEndpoint(env: "HTTP_PORT");
        web.Allocate("http", 4321);

        var environment = await ModelBuilder.EnvironmentOf(web);

        Assert.Equal("4321", environment["HTTP_PORT"]);
        Assert.False(environment.ContainsKey("PORT"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void An_address_has_a_real_port(int port)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new AllocatedEndpoint(new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp), "localhost", port));
}
