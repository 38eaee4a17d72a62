using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.ApplicationLoadBalancerEvents;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Amazon.Lambda.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>What an application finds in HttpContext.Items: the event and https://docs.aws.amazon.com/lambda/latest/dg/csharp-context.html.</summary>
public sealed class LambdaObjectsTests
{
    private static readonly JsonSerializerOptions AsThePackageReads = new() { PropertyNameCaseInsensitive = true };

    [Fact]
    public async Task The_event_of_an_http_api_is_what_a_serializer_makes_of_it()
    {
        var json = Sample.Parse("HttpApi.json");
        json["requestContext"]!["authorizer"] = new JsonObject
        {
            ["jwt"] = new JsonObject { ["claims"] = new JsonObject { ["sub"] = "ada" }, ["scopes"] = new JsonArray("a", "b") },
            ["lambda"] = new JsonObject { ["level"] = 3, ["nothing"] = null },
            ["iam"] = new JsonObject { ["userArn"] = "arn", ["cognitoIdentity"] = new JsonObject { ["amr"] = new JsonArray("foo"), ["identityId"] = "id" } },
        };
        json["requestContext"]!["authentication"] = new JsonObject
        {
            ["clientCert"] = new JsonObject
            {
                ["clientCertPem"] = "PEM",
                ["subjectDN"] = "www.example.com",
                ["issuerDN"] = "Example issuer",
                ["serialNumber"] = "a1:a1",
                ["validity"] = new JsonObject { ["notBefore"] = "May 28 12:30:02 2019 GMT", ["notAfter"] = "Aug  5 09:36:04 2021 GMT" },
            },
        };
        json["body"] = "text";
        await SameAsync<APIGatewayHttpApiV2ProxyRequest>(json.ToJsonString(), LambdaEventSource.HttpApi);
    }

    [Theory]
    [InlineData("""{"claims":null,"scopes":null}""")]
    [InlineData("""{"principalId":"ada","level":3}""")]
    [InlineData("null")]
    public async Task The_event_of_a_rest_api_is_what_a_serializer_makes_of_it(string authorizer)
    {
        var json = Sample.Parse("RestApi.json");
        json["requestContext"]!["authorizer"] = JsonNode.Parse(authorizer);
        json["body"] = "eA==";
        json["isBase64Encoded"] = true;
        await SameAsync<APIGatewayProxyRequest>(json.ToJsonString(), LambdaEventSource.RestApi);
    }

    [Fact]
    public async Task The_event_of_a_load_balancer_is_what_a_serializer_makes_of_it()
        => await SameAsync<ApplicationLoadBalancerRequest>(Sample.Read("LoadBalancer.json"), LambdaEventSource.ApplicationLoadBalancer);

    [Fact]
    public async Task The_claims_of_a_user_pool_are_texts()
    {
        var json = Sample.Parse("RestApi.json");
        json["requestContext"]!["authorizer"] = JsonNode.Parse("""{"claims":{"sub":"ada","n":5}}""");
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(context => context.Response.WriteAsync(string.Join('|', ((APIGatewayProxyRequest)context.Items["LambdaRequestObject"]!).RequestContext!.Authorizer!.Claims))),
            source: LambdaEventSource.RestApi);
        Assert.Equal("[sub, ada]", (await function.InvokeAsync(json.ToJsonString())).Body);
    }

    [Fact]
    public async Task The_context_tells_about_the_invocation()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            var lambda = (ILambdaContext)context.Items[AbstractAspNetCoreFunction.LAMBDA_CONTEXT]!;
            Assert.Same(lambda, context.Items[AbstractAspNetCoreFunction.LAMBDA_CONTEXT]);
            Assert.Equal(context.TraceIdentifier, lambda.AwsRequestId);
            return context.Response.WriteAsync(string.Join('|',
                lambda.InvokedFunctionArn, lambda.TraceId, lambda.TenantId, lambda.RemainingTime > TimeSpan.Zero, lambda.RemainingTime < TimeSpan.FromSeconds(31),
                lambda.Identity?.IdentityId, lambda.Identity?.IdentityPoolId,
                lambda.ClientContext?.Client?.AppTitle, lambda.ClientContext?.Client?.InstallationId, lambda.ClientContext?.Custom?["a"], lambda.ClientContext?.Environment?["locale"]));
        }));
        function.Runtime.Headers["Lambda-Runtime-Cognito-Identity"] = """{"cognitoIdentityId":"us-east-1:1","cognitoIdentityPoolId":"us-east-1:2"}""";
        function.Runtime.Headers["Lambda-Runtime-Client-Context"] = """{"client":{"installation_id":"i","app_title":"school"},"custom":{"a":"b"},"env":{"locale":"en"},"services":{}}""";
        function.Runtime.Headers["Lambda-Runtime-Aws-Tenant-Id"] = "tenant";

        Assert.Equal(
            "arn:aws:lambda:us-east-2:123456789012:function:api|Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0|tenant|True|True|us-east-1:1|us-east-1:2|school|i|b|en",
            (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    [Fact]
    public async Task Without_its_headers_the_context_has_no_client_and_no_identity()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            var lambda = (ILambdaContext)context.Items["LambdaContext"]!;
            return context.Response.WriteAsync($"{lambda.Identity is null}|{lambda.ClientContext is null}|{lambda.TraceId}|{lambda.TenantId}|{lambda.MemoryLimitInMB}");
        }));
        function.Runtime.TraceId = null;
        Assert.Equal("True|True|||0", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    [Fact]
    public async Task The_context_s_logger_writes_where_the_application_logs()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            var log = ((ILambdaContext)context.Items["LambdaContext"]!).Logger;
            log.LogWarning("plain {not a template");
            log.LogError("{Count} courses", 3);
            log.LogDebug("not shown");
            log.LogCritical(new InvalidOperationException("reason"), "failed with {Code}", 7);
            return Task.CompletedTask;
        }));
        await function.InvokeAsync(new HttpApiEvent("GET", "/"));
        Assert.Equal(["Warning: plain {not a template", "Error: 3 courses", "Critical: failed with 7"], function.Log.Lines);
    }

    [Fact]
    public async Task Items_are_a_dictionary_like_any_other()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            var items = context.Items;
            Assert.Equal(2, items.Count);
            Assert.Null(items["missing"]);
            Assert.False(items.TryGetValue("missing", out _));
            items["mine"] = 1;
            Assert.Equal(3, items.Count);
            Assert.Equal(["LambdaContext", "LambdaRequestObject", "mine"], items.Keys.Cast<string>().Order(StringComparer.Ordinal));
            var all = items.ToDictionary();
            Assert.IsType<APIGatewayHttpApiV2ProxyRequest>(all["LambdaRequestObject"]);
            Assert.IsType<ILambdaContext>(all["LambdaContext"], exactMatch: false);
            Assert.All(items.Values, Assert.NotNull);
            Assert.True(items.Remove("LambdaRequestObject"));
            Assert.Null(items["LambdaRequestObject"]);
            items["LambdaContext"] = "replaced";
            return context.Response.WriteAsync((string)items["LambdaContext"]!);
        }));
        Assert.Equal("replaced", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    [Fact]
    public async Task An_event_that_nobody_asked_for_in_time_is_not_another_s()
    {
        var kept = new List<IDictionary<object, object?>>();
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            kept.Add(context.Items);
            return Task.CompletedTask;
        }));
        await function.InvokeAsync(new HttpApiEvent("GET", "/first"));
        await function.InvokeAsync(new HttpApiEvent("GET", "/second"));
        Assert.Contains("after its invocation", Assert.Throws<InvalidOperationException>(() => kept[0]["LambdaRequestObject"]).Message, StringComparison.Ordinal);
    }

    private static async Task SameAsync<T>(string json, LambdaEventSource source)
    {
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(context => context.Response.WriteAsync(JsonSerializer.Serialize((T)context.Items[AbstractAspNetCoreFunction.LAMBDA_REQUEST_OBJECT]!))), source: source);
        var expected = JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, AsThePackageReads));
        Assert.Equal(expected, (await function.InvokeAsync(json)).Body);
    }
}
