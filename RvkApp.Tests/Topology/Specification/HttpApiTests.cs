using System.Text.Json;
using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The HTTP API, the only public entry point.</summary>
public sealed class HttpApiTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    [Fact]
    public void The_api_is_an_http_api_that_can_be_called()
    {
        Assert.Equal("HTTP", Template.HttpApi["ProtocolType"].Text);
        Assert.False(Template.HttpApi["DisableExecuteApiEndpoint"].IsTrue, "Without its own endpoint, and without a domain name, nothing can call the API.");
    }

    [Fact]
    public void Every_method_of_every_path_goes_to_the_function_and_nothing_else_does()
        => Assert.Equal(["ANY /", "ANY /{proxy+}"], Template.OfType("AWS::ApiGatewayV2::Route").Select(r => r["RouteKey"].Text).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("ANY /")]
    [InlineData("ANY /{proxy+}")]
    public void A_route_invokes_the_function(string key)
    {
        var route = Template.Single("AWS::ApiGatewayV2::Route", "RouteKey", key);
        var integration = route["Target"].Target;

        Assert.Same(Template.HttpApi, route["ApiId"].Target);
        Assert.Same(Template.HttpApi, integration["ApiId"].Target);
        Assert.Equal($"integrations/${{{integration.LogicalId}}}", route["Target"].Text);
        Assert.Equal("AWS_PROXY", integration["IntegrationType"].Text);
        Assert.Equal("2.0", integration["PayloadFormatVersion"].Text);
        Assert.Contains(Template.ApiFunction, integration["IntegrationUri"].Targets);
    }

    [Fact]
    public void The_gateway_waits_no_shorter_than_the_function_may_take()
        => Assert.InRange(Template.Single("AWS::ApiGatewayV2::Integration")["TimeoutInMillis"] is { Exists: true } timeout ? timeout.Number : 30_000, 29_000, 30_000);

    [Fact]
    public void The_stage_serves_the_api_under_its_root_at_once()
    {
        var stage = Template.Single("AWS::ApiGatewayV2::Stage");

        Assert.Same(Template.HttpApi, stage["ApiId"].Target);
        Assert.Equal("$default", stage["StageName"].Text);
        Assert.True(stage["AutoDeploy"].IsTrue, "Without AutoDeploy a stage serves nothing until somebody makes a deployment.");
    }

    [Fact]
    public void The_stage_is_throttled()
    {
        var settings = Template.Single("AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"];

        Assert.InRange(settings["ThrottlingRateLimit"].Number, 1, 10_000);
        Assert.InRange(settings["ThrottlingBurstLimit"].Number, 1, 5_000);
    }

    [Theory]
    [InlineData("$context.requestId")]
    [InlineData("$context.identity.sourceIp")]
    [InlineData("$context.httpMethod")]
    [InlineData("$context.routeKey")]
    [InlineData("$context.status")]
    [InlineData("$context.responseLength")]
    [InlineData("$context.integrationErrorMessage")]
    public void The_access_log_says_who_asked_what_and_what_came_of_it(string field)
    {
        var format = Template.Single("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]["Format"].Text;

        using var line = JsonDocument.Parse(format);
        Assert.Contains(line.RootElement.EnumerateObject(), member => member.Value.ToString() == field);
    }

    [Fact]
    public void The_access_log_goes_to_a_log_group_of_the_stack()
        => Assert.Equal("AWS::Logs::LogGroup", Template.Single("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]["DestinationArn"].Target.Type);

    [Theory]
    [InlineData("AllowMethods", "GET")]
    [InlineData("AllowMethods", "POST")]
    [InlineData("AllowMethods", "PUT")]
    [InlineData("AllowMethods", "DELETE")]
    [InlineData("AllowHeaders", "authorization")]
    [InlineData("AllowHeaders", "content-type")]
    public void Cors_lets_a_browser_use_the_api(string property, string value)
        => Assert.Contains(value, Template.HttpApi["CorsConfiguration"][property].Items.Select(i => i.Text), StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Cors_never_lets_every_origin_in()
    {
        var cors = Template.HttpApi["CorsConfiguration"];

        Assert.True(cors.Exists, "The API has no CORS configuration.");
        Assert.DoesNotContain(cors["AllowOrigins"].Items, origin => origin.Text.Contains('*', StringComparison.Ordinal));
        Assert.False(cors["AllowCredentials"].IsTrue, "The API takes bearer tokens and no cookies.");
    }

    [Theory]
    [InlineData("AWS::ApiGateway::RestApi")]
    [InlineData("AWS::ElasticLoadBalancingV2::LoadBalancer")]
    [InlineData("AWS::ElasticLoadBalancing::LoadBalancer")]
    [InlineData("AWS::Lambda::Url")]
    [InlineData("AWS::CloudFront::Distribution")]
    [InlineData("AWS::EC2::Instance")]
    [InlineData("AWS::AppRunner::Service")]
    [InlineData("AWS::GlobalAccelerator::Accelerator")]
    public void There_is_no_other_public_entry_point(string type) => Assert.Empty(Template.OfType(type));
}
