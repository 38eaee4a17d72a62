namespace RvkApp.Tests.Topology;

/// <summary>The function and the HTTP API before it.</summary>
public class ApiTests(SynthesizedTopology topology)
{
    [Fact]
    public async Task The_function_has_the_specified_size_and_package()
    {
        var function = (await topology.DefaultAsync()).Api;

        Assert.Equal("512", function.Text("MemorySize"));
        Assert.Equal("30", function.Text("Timeout"));
        Assert.Equal("200", function.Text("ReservedConcurrentExecutions"));
        Assert.Equal("rvk-school-mgmt-api", function.Text("FunctionName"));
        Assert.EndsWith(".zip", function.Text("Code.S3Key"), StringComparison.Ordinal);
        Assert.Null(function["PackageType"]);
    }

    [Fact]
    public async Task The_function_is_in_the_application_subnets()
    {
        var template = await topology.DefaultAsync();

        Assert.Equal(["10.0.2.0/24", "10.0.3.0/24"], template.Api.Texts("VpcConfig.SubnetIds").Select(subnet => template[subnet.Trim('$', '{', '}')].Text("CidrBlock")));
    }

    [Theory]
    [InlineData("Mongo__Host", "mongo.local")]
    [InlineData("Mongo__Port", "27017")]
    [InlineData("Mongo__Database", "school")]
    [InlineData("Mongo__UserName", "admin")]
    [InlineData("Secrets__MongoPassword", "${MongoPassword}")]
    [InlineData("Secrets__JwtSigningKey", "${JwtSigningKey}")]
    [InlineData("Secrets__AdminPassword", "")]
    public async Task The_function_is_told_where_things_are_and_no_secret(string variable, string value)
        => Assert.Equal(value, (await topology.DefaultAsync()).Api.Text($"Environment.Variables.{variable}"));

    [Fact]
    public async Task The_http_api_sends_every_path_to_the_function()
    {
        var template = await topology.DefaultAsync();
        var api = template.Only("ApiGatewayV2::Api");
        var integration = template.Only("ApiGatewayV2::Integration");

        Assert.Equal("HTTP", api.Text("ProtocolType"));
        Assert.Equal(["ANY /", "ANY /{proxy+}"], template.All("ApiGatewayV2::Route").Select(route => route.Text("RouteKey")).Order(StringComparer.Ordinal));
        Assert.All(template.All("ApiGatewayV2::Route"), route => Assert.Equal($"integrations/${{{integration.Id}}}", route.Text("Target")));
        Assert.Equal("AWS_PROXY", integration.Text("IntegrationType"));
        Assert.Equal("2.0", integration.Text("PayloadFormatVersion"));
        Assert.Equal($"${{{template.Api.Id}.Arn}}", integration.Text("IntegrationUri"));
        Assert.InRange(int.Parse(integration.Text("TimeoutInMillis"), System.Globalization.CultureInfo.InvariantCulture), 29_000, 30_000);
    }

    [Fact]
    public async Task Only_this_http_api_may_invoke_the_function()
    {
        var template = await topology.DefaultAsync();
        var permission = template.Only("Lambda::Permission");

        Assert.Equal("apigateway.amazonaws.com", permission.Text("Principal"));
        Assert.Equal("lambda:InvokeFunction", permission.Text("Action"));
        Assert.Equal($"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{template.Only("ApiGatewayV2::Api").Id}}}/*", permission.Text("SourceArn"));
        Assert.Empty(template.All("Lambda::Url"));
        Assert.DoesNotContain(template.Resources, resource => resource.Type.Contains("LoadBalancer", StringComparison.Ordinal) || resource.Type.Contains("CloudFront", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_stage_is_throttled_and_logs_each_access()
    {
        var template = await topology.DefaultAsync();
        var stage = template.Only("ApiGatewayV2::Stage");

        Assert.Equal("$default", stage.Text("StageName"));
        Assert.Equal("true", stage.Text("AutoDeploy"));
        Assert.Equal("100", stage.Text("DefaultRouteSettings.ThrottlingRateLimit"));
        Assert.Equal("200", stage.Text("DefaultRouteSettings.ThrottlingBurstLimit"));
        Assert.Equal("${AccessLog.Arn}", stage.Text("AccessLogSettings.DestinationArn"));
        var format = System.Text.Json.Nodes.JsonNode.Parse(stage.Text("AccessLogSettings.Format"))!.AsObject();
        Assert.Equal("$context.requestId", format["requestId"]!.GetValue<string>());
        Assert.Equal("$context.status", format["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pages_may_call_from_the_configured_origins_only()
    {
        var closed = (await topology.DefaultAsync()).Only("ApiGatewayV2::Api");
        var open = (await topology.OtherAsync()).Only("ApiGatewayV2::Api");

        Assert.NotNull(closed["CorsConfiguration"]);
        Assert.Empty(closed.Texts("CorsConfiguration.AllowOrigins"));
        Assert.Equal(["https://school.example", "http://localhost:3000"], open.Texts("CorsConfiguration.AllowOrigins"));
        Assert.Equal("false", open.Text("CorsConfiguration.AllowCredentials"));
        Assert.Contains("authorization", open.Texts("CorsConfiguration.AllowHeaders"));
        Assert.Contains("x-total-count", open.Texts("CorsConfiguration.ExposeHeaders"));
    }

    [Fact]
    public async Task Every_option_of_the_function_and_the_stage_is_heard()
    {
        var template = await topology.OtherAsync();

        Assert.Equal(("1024", "20", "50"), (template.Api.Text("MemorySize"), template.Api.Text("Timeout"), template.Api.Text("ReservedConcurrentExecutions")));
        Assert.Equal(("5", "10"), (template.Only("ApiGatewayV2::Stage").Text("DefaultRouteSettings.ThrottlingRateLimit"), template.Only("ApiGatewayV2::Stage").Text("DefaultRouteSettings.ThrottlingBurstLimit")));
        Assert.All(template.All("Logs::LogGroup"), log => Assert.Equal("7", log.Text("RetentionInDays")));
        Assert.All(template.All("EC2::SecurityGroup"), group => Assert.Equal("staging", group.Tags["Environment"]));
        Assert.Equal("16000", template.Named("CloudWatch::Alarm", "AlarmName", "rvk-school-mgmt-api-duration").Text("Threshold"));
        Assert.Equal("ops@school.example", template.Only("SNS::Subscription").Text("Endpoint"));
    }
}
