using System.Net.Sockets;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static Aspire.Dashboard.Tests.Telemetry.Records;

namespace Aspire.Dashboard.Tests.Telemetry;

public class TelemetryServicesTests
{
    [Fact]
    public void Limits_come_from_the_configuration()
    {
        using var services = Build(new() { ["Dashboard:TelemetryLimits:MaxLogCount"] = "5", ["Dashboard:TelemetryLimits:MetricsRetention"] = "00:10:00" });

        var limits = services.GetRequiredService<TelemetryStore>().Limits;

        Assert.Equal((5, TimeSpan.FromMinutes(10), 10_000), (limits.MaxLogCount, limits.MetricsRetention, limits.MaxTraceCount));
    }

    [Theory]
    [InlineData("MaxLogCount", "many", "from 1 to 1000000")]
    [InlineData("MaxTraceBytes", "0", "from 65536 to")]
    [InlineData("MetricsRetention", "00:00:01", "from 00:01:00 to")]
    public void A_limit_out_of_its_range_is_an_error_that_says_the_range(string name, string value, string range)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Build(new() { ["Dashboard:TelemetryLimits:" + name] = value }));

        Assert.Contains($"Dashboard:TelemetryLimits:{name} is '{value}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_to_the_address_of_a_resource_of_the_model_is_a_call_to_it()
    {
        var mongo = new Server("mongo");
        var endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: "tcp");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 27017);
        mongo.Annotations.Add(endpoint);
        using var services = Build([], mongo);
        var store = services.GetRequiredService<TelemetryStore>();
        TelemetryAttribute port = new("server.port", "27017");

        store.AddSpans([
            Span("api", 1, 1, kind: SpanKind.Client, attributes: [new("server.address", "127.0.0.1"), port]),
            Span("api", 1, 2, kind: SpanKind.Client, attributes: [new("server.address", "elsewhere"), port]),
            Span("api", 1, 3, kind: SpanKind.Client, attributes: [new("db.namespace", "mongo")]),
            Span("api", 1, 4, kind: SpanKind.Client, attributes: [new("peer.service", "MONGO")])]);

        Assert.Equal([new TrafficEdge("api", "mongo", 0.2, 0)], store.GetTraffic(TimeSpan.FromSeconds(10)));
    }

    private static ServiceProvider Build(Dictionary<string, string?> settings, params IResource[] resources) => new ServiceCollection()
        .AddSingleton(new DistributedApplicationModel(new ResourceCollection(resources)))
        .AddTelemetry(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .BuildServiceProvider();

    private sealed class Server(string name) : Resource(name);
}
