using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Gateway;

/// <summary>The API in the model, and its life.</summary>
public sealed class GatewayModelTests
{
    [Fact]
    public void An_API_is_an_executable_with_endpoints_http_and_https()
    {
        var builder = DistributedApplicationTestingBuilder.Create();

        var gateway = builder.AddAWSAPIGatewayEmulator("gateway", APIGatewayType.HttpV2, new APIGatewayEmulatorOptions { HttpPort = 5001, HttpsPort = 5002, DisableHttpsEndpoint = false });

        Assert.IsType<ExecutableResource>(gateway.Resource, exactMatch: false);
        Assert.Equal([("http", 5001), ("https", 5002)], gateway.Resource.Annotations.OfType<EndpointAnnotation>().Select(e => (e.Name, e.Port!.Value)));
        Assert.True(gateway.Resource.IsExcludedFromPublish());
    }

    [Fact]
    public void The_HTTPS_endpoint_may_be_left_out()
    {
        var builder = DistributedApplicationTestingBuilder.Create();

        var gateway = builder.AddAWSAPIGatewayEmulator("gateway", APIGatewayType.HttpV2, new APIGatewayEmulatorOptions { DisableHttpsEndpoint = true });

        Assert.Equal(["http"], gateway.Resource.Annotations.OfType<EndpointAnnotation>().Select(e => e.Name));
    }

    [Theory]
    [InlineData(APIGatewayType.Rest)]
    [InlineData(APIGatewayType.HttpV1)]
    public void Other_types_are_not_supported(APIGatewayType type)
    {
        var builder = DistributedApplicationTestingBuilder.Create();

        var exception = Assert.Throws<NotSupportedException>(() => builder.AddAWSAPIGatewayEmulator("gateway", type));

        Assert.Contains($"APIGatewayType.{type}", exception.Message, StringComparison.Ordinal);
        Assert.Empty(builder.Resources);
    }

    [Fact]
    public void A_route_is_a_relationship_to_its_function()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var function = builder.CreateResourceBuilder(new LambdaProjectResource("fn"));

        var gateway = builder.AddAWSAPIGatewayEmulator("gateway", APIGatewayType.HttpV2).WithReference(function, Method.Get, "/a").WithReference(function, Method.Get, "/b");

        var relationship = Assert.Single(gateway.Resource.Annotations.OfType<ResourceRelationshipAnnotation>());
        Assert.Same(function.Resource, relationship.Resource);
        Assert.Equal(KnownRelationshipTypes.Reference, relationship.Type);
    }

    [Fact]
    public void Two_routes_for_the_same_requests_are_an_error_that_names_both()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var gateway = builder.AddAWSAPIGatewayEmulator("gateway", APIGatewayType.HttpV2).WithReference(builder.CreateResourceBuilder(new LambdaProjectResource("one")), Method.Get, "/a/{x}");

        var exception = Assert.Throws<DistributedApplicationException>(() => gateway.WithReference(builder.CreateResourceBuilder(new LambdaProjectResource("two")), Method.Get, "/a/{y}"));

        Assert.Contains("'GET /a/{x}' to function 'one' and 'GET /a/{y}' to function 'two'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_API_has_at_most_300_routes()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var function = builder.CreateResourceBuilder(new LambdaProjectResource("fn"));
        var gateway = builder.AddAWSAPIGatewayEmulator("gateway", APIGatewayType.HttpV2);
        for (var i = 0; i < 300; i++)
        {
            gateway.WithReference(function, Method.Get, $"/{i}");
        }

        Assert.Contains("300", Assert.Throws<DistributedApplicationException>(() => gateway.WithReference(function, Method.Get, "/300")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_is_not_published()
    {
        using var cloud = new Cloud();
        var function = cloud.AddFunction();
        cloud.Builder.AddAWSAPIGatewayEmulator("gateway", APIGatewayType.HttpV2).WithReference(function, Method.Any, "/{proxy+}");

        await cloud.PublishAsync();

        Assert.DoesNotContain(cloud.Template["Resources"]!.AsObject(), resource => ((string)resource.Value!["Type"]!).StartsWith("AWS::ApiGateway", StringComparison.Ordinal));
        Assert.NotEmpty(cloud.PropertiesOf("AWS::Lambda::Function"));
    }

    [Fact]
    public async Task An_API_listens_on_the_loopback_addresses_only()
    {
        await using var api = await TestApi.StartAsync();

        using var four = new System.Net.Sockets.TcpClient();
        await four.ConnectAsync("127.0.0.1", api.Port, TestDeadline.Token());
        var listeners = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == api.Port).ToArray();

        Assert.NotEmpty(listeners);
        Assert.All(listeners, listener => Assert.True(System.Net.IPAddress.IsLoopback(listener.Address), listener.ToString()));
    }

    [Fact]
    public async Task An_API_is_stopped_and_started_by_its_commands()
    {
        await using var api = await TestApi.StartAsync();
        var commands = api.Application.ResourceCommands;

        Assert.True((await commands.ExecuteCommandAsync("gateway", KnownResourceCommands.StopCommand, TestDeadline.Token())).Success);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => api.Client.GetAsync("/", TestDeadline.Token()));
        Assert.True((await commands.ExecuteCommandAsync("gateway", KnownResourceCommands.StartCommand, TestDeadline.Token())).Success);
        Assert.True((await commands.ExecuteCommandAsync("gateway", KnownResourceCommands.RestartCommand, TestDeadline.Token())).Success);

        Assert.Equal(200, (await api.SendRawAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task Requests_under_way_are_answered_before_it_stops()
    {
        var called = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var api = await TestApi.StartAsync(new TestFunctions { Answer = async (_, _) => { called.SetResult(); await answer.Task; return TestFunctions.Returns("\"done\""); } });
        var request = api.Client.GetStringAsync("/", TestDeadline.Token());
        await called.Task.InTimeAsync();

        var stop = api.Application.StopAsync(TestDeadline.Token());
        answer.SetResult();

        Assert.Equal("done", await request.InTimeAsync());
        await stop.InTimeAsync();
    }
}
