using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.ApplicationLoadBalancerEvents;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using Amazon.Lambda.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>What the options can change, and the features of the server that the options and the framework use.</summary>
public sealed class OptionsTests
{
    [Fact]
    public async Task The_callbacks_get_event_and_context_and_change_what_the_application_sees()
    {
        var order = new List<string>();
        var seen = await Mirror.SeeAsync(new HttpApiEvent("GET", "/").ToString(), configure: options =>
        {
            options.PostMarshallRequestFeature = (feature, request, context) =>
            {
                order.Add("request");
                feature.Path = "/changed" + ((APIGatewayHttpApiV2ProxyRequest)request).RawPath;
                feature.Headers["x-id"] = context.AwsRequestId;
            };
            options.PostMarshallConnectionFeature = (feature, _, _) =>
            {
                order.Add("connection");
                feature.RemoteIpAddress = IPAddress.Loopback;
            };
            options.PostMarshallHttpAuthenticationFeature = (feature, _, _) =>
            {
                order.Add("authentication");
                feature.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "bell")], "test"));
            };
            options.PostMarshallTlsConnectionFeature = (feature, _, _) => order.Add($"tls {feature.ClientCertificate is null}");
            options.PostMarshallItemsFeature = (feature, request, context) =>
            {
                order.Add("items");
                Assert.Same(request, feature.Items["LambdaRequestObject"]);
                Assert.Same(context, feature.Items["LambdaContext"]);
                feature.Items["more"] = 1;
            };
        });

        Assert.Equal(["authentication", "request", "connection", "tls True", "items"], order);
        Assert.Equal(("/changed/", "127.0.0.1:443", "bell", "3"), (seen["path"], seen["remote"], seen["user"], seen["items"]));
        Assert.Equal(seen["id"], seen["header x-id"]);
    }

    [Theory]
    [InlineData(LambdaEventSource.HttpApi, "HttpApi.json")]
    [InlineData(LambdaEventSource.RestApi, "RestApi.json")]
    [InlineData(LambdaEventSource.ApplicationLoadBalancer, "LoadBalancer.json")]
    public async Task A_response_can_be_changed_before_it_is_returned(LambdaEventSource source, string file)
    {
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(async context =>
            {
                context.Response.Headers.Append("Set-Cookie", "a=1");
                await context.Response.WriteAsync("größe \"1\"");
            }),
            options => options.PostMarshallResponseFeature = (feature, response, context) =>
            {
                Assert.Equal(200, feature.StatusCode);
                Assert.NotEmpty(context.AwsRequestId);
                switch (response)
                {
                    case APIGatewayHttpApiV2ProxyResponse v2:
                        v2.StatusCode = 201;
                        v2.Body += "!";
                        v2.SetHeaderValues("X-More", ["a", "b"], append: false);
                        v2.SetHeaderValues("X-More", "c", append: true);
                        v2.Cookies = [.. v2.Cookies!, "b=2"];
                        break;
                    case APIGatewayProxyResponse v1:
                        v1.StatusCode = 201;
                        v1.Body += "!";
                        v1.MultiValueHeaders!["X-More"] = ["a", "b", "c"];
                        v1.MultiValueHeaders["Set-Cookie"].Add("b=2");
                        break;
                    case ApplicationLoadBalancerResponse balancer:
                        balancer.StatusCode = 201;
                        balancer.StatusDescription = "201 Made";
                        balancer.Body += "!";
                        balancer.Headers!["X-More"] = "a,b,c";
                        break;
                }
            },
            source);

        Assert.Equal(
            source switch
            {
                LambdaEventSource.HttpApi => """{"statusCode":201,"headers":{"X-More":"a,b,c"},"cookies":["a=1","b=2"],"body":"größe \"1\"!","isBase64Encoded":false}""",
                LambdaEventSource.RestApi => """{"statusCode":201,"multiValueHeaders":{"Set-Cookie":["a=1","b=2"],"X-More":["a","b","c"]},"body":"größe \"1\"!","isBase64Encoded":false}""",
                _ => """{"statusCode":201,"statusDescription":"201 Made","headers":{"Set-Cookie":"a=1","X-More":"a,b,c"},"body":"größe \"1\"!","isBase64Encoded":false}""",
            },
            (await function.InvokeAsync(Sample.Read(file))).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_callback_throws_fails_its_invocation_and_no_other(bool isRequest)
    {
        var fails = true;
        await using var function = await HostedFunction.StartAsync(app => app.Run(context => context.Response.WriteAsync("ok")), options =>
        {
            void Fail()
            {
                if (fails)
                {
                    throw new InvalidOperationException("the callback's reason");
                }
            }

            if (isRequest)
            {
                options.PostMarshallRequestFeature = (_, _, _) => Fail();
            }
            else
            {
                options.PostMarshallResponseFeature = (_, _, _) => Fail();
            }
        });

        var refused = await function.InvokeAsync(new HttpApiEvent("GET", "/"));
        Assert.Equal((true, "InvalidOperationException"), (refused.IsError, refused.ErrorType));
        Assert.Equal("the callback's reason", refused.Json["errorMessage"]!.GetValue<string>());
        fails = false;
        Assert.Equal("ok", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    [Fact]
    public async Task What_the_factory_of_contexts_throws_fails_its_invocation()
    {
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(_ => Task.CompletedTask), services: services => services.AddSingleton<IHttpContextFactory>(new FailingFactory()));
        var refused = await function.InvokeAsync(new HttpApiEvent("GET", "/"));
        Assert.Equal((true, "NotSupportedException"), (refused.IsError, refused.ErrorType));
    }

    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html
    [Theory]
    [InlineData(LambdaEventSource.HttpApi)]
    [InlineData(LambdaEventSource.RestApi)]
    public async Task A_client_s_certificate_is_a_feature_where_there_is_one(LambdaEventSource source)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=client.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var json = Sample.Parse(source == LambdaEventSource.HttpApi ? "HttpApi.json" : "RestApi.json");
        Assert.Equal("no feature", (await Mirror.SeeAsync(json.ToJsonString(), source))["certificate"]);

        var client = new JsonObject { ["clientCertPem"] = certificate.ExportCertificatePem(), ["subjectDN"] = "CN=client.example" };
        if (source == LambdaEventSource.HttpApi)
        {
            json["requestContext"]!["authentication"] = new JsonObject { ["clientCert"] = client };
        }
        else
        {
            json["requestContext"]!["identity"]!["clientCert"] = client;
        }

        Assert.Equal("CN=client.example", (await Mirror.SeeAsync(json.ToJsonString(), source))["certificate"]);
    }

    [Fact]
    public async Task A_body_over_the_endpoint_s_limit_is_refused_when_it_is_read()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(async context =>
        {
            var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>()!;
            Assert.False(limit.IsReadOnly);
            Assert.Throws<ArgumentOutOfRangeException>(() => limit.MaxRequestBodySize = -1);
            limit.MaxRequestBodySize = 4;
            var body = context.Request.Body;
            Assert.True(limit.IsReadOnly);
            Assert.Throws<InvalidOperationException>(() => limit.MaxRequestBodySize = 5);
            try
            {
                await body.CopyToAsync(Stream.Null);
            }
            catch (BadHttpRequestException exception)
            {
                context.Response.StatusCode = exception.StatusCode;
            }
        }));
        Assert.Equal(200, (await function.InvokeAsync(new HttpApiEvent("POST", "/") { Body = "1234" })).Status);
        Assert.Equal(413, (await function.InvokeAsync(new HttpApiEvent("POST", "/") { Body = "12345" })).Status);
        Assert.Equal(200, (await function.InvokeAsync(new HttpApiEvent("POST", "/") { Body = "1" })).Status);
    }

    [Fact]
    public async Task A_body_that_somebody_still_reads_after_its_request_is_not_the_next_one_s()
    {
        Stream? first = null;
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            first ??= context.Request.Body;
            return Task.CompletedTask;
        }));
        await function.InvokeAsync(new HttpApiEvent("POST", "/") { Body = "first" });
        await function.InvokeAsync(new HttpApiEvent("POST", "/") { Body = "secret of the second" });
        Assert.Throws<ObjectDisposedException>(() => first!.ReadByte());
    }

    [Fact]
    public async Task The_features_of_a_server_are_there_and_those_it_cannot_offer_are_not()
    {
        await using var function = await HostedFunction.StartAsync(app => app.Run(context =>
        {
            var features = context.Features;
            Assert.NotNull(features.Get<IHttpRequestFeature>());
            Assert.NotNull(features.Get<IHttpResponseFeature>());
            Assert.NotNull(features.Get<IHttpResponseBodyFeature>());
            Assert.NotNull(features.Get<IHttpConnectionFeature>());
            Assert.NotNull(features.Get<IHttpRequestIdentifierFeature>());
            Assert.NotNull(features.Get<IHttpRequestLifetimeFeature>());
            Assert.NotNull(features.Get<IHttpRequestBodyDetectionFeature>());
            Assert.True(features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO);
            Assert.Null(features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize);
            Assert.Null(features.Get<ITlsConnectionFeature>());
            Assert.Null(features.Get<IHttpUpgradeFeature>());
            Assert.Null(features.Get<IHttpResetFeature>());
            return context.Response.WriteAsync("ok");
        }));
        Assert.Equal("ok", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    [Fact]
    public async Task The_serializer_of_the_options_is_that_of_the_context()
    {
        var serializer = new Serialization.SystemTextJson.SourceGeneratorLambdaJsonSerializer<EventsContext>();
        await using var function = await HostedFunction.StartAsync(
            app => app.Run(context => context.Response.WriteAsync(ReferenceEquals(serializer, ((ILambdaContext)context.Items["LambdaContext"]!).Serializer).ToString())),
            services: services => services.AddSingleton<ILambdaSerializer>(serializer));
        Assert.Equal("True", (await function.InvokeAsync(new HttpApiEvent("GET", "/"))).Body);
    }

    private sealed class FailingFactory : IHttpContextFactory
    {
        public HttpContext Create(IFeatureCollection featureCollection) => throw new NotSupportedException("no context");

        public void Dispose(HttpContext httpContext)
        {
        }
    }
}
