using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda.Gateway;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>Adds emulated APIs of Amazon API Gateway.</summary>
public static class APIGatewayExtensions
{
    /// <summary>Adds an emulated API. It is not part of what is published.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="apiGatewayType">What is emulated. Only <see cref="APIGatewayType.HttpV2"/> is implemented.</param>
    /// <param name="options">Its endpoints; defaults when null.</param>
    /// <returns>The resource's builder.</returns>
    /// <exception cref="NotSupportedException">The type is not <see cref="APIGatewayType.HttpV2"/>.</exception>
    public static IResourceBuilder<APIGatewayEmulatorResource> AddAWSAPIGatewayEmulator(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, APIGatewayType apiGatewayType, APIGatewayEmulatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (apiGatewayType != APIGatewayType.HttpV2)
        {
            throw new NotSupportedException(
                $"API Gateway emulator '{name}' cannot be of type {nameof(APIGatewayType)}.{apiGatewayType}: the embedded Aspire.Hosting.AWS emulates HTTP APIs with payload format 2.0 only. Use {nameof(APIGatewayType)}.{nameof(APIGatewayType.HttpV2)}.");
        }

        options ??= new APIGatewayEmulatorOptions();
        var gateway = builder.AddResource(new APIGatewayEmulatorResource(name, apiGatewayType))
            .ExcludeFromManifest()
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, uriScheme: "http", port: options.HttpPort))
            .WithAnnotation(new InProcessAnnotation(GatewayServer.StartAsync));
        if (!options.DisableHttpsEndpoint)
        {
            gateway.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, uriScheme: "https", port: options.HttpsPort));
        }

        return gateway.WithUrlForEndpoint(options.DisableHttpsEndpoint ? "http" : "https", url => url.DisplayText = "API Gateway Endpoint");
    }

    /// <summary>Adds a route to a Lambda function. A function may have several.</summary>
    /// <param name="builder">The emulated API's builder.</param>
    /// <param name="lambda">The function.</param>
    /// <param name="httpMethod">The method of the requests.</param>
    /// <param name="path">Their path: segments that are plain text, a variable (<c>/customer/{id}</c>) or, as the last, a greedy variable (<c>/admin/{proxy+}</c>);
    /// or <c>$default</c>, with <see cref="Method.Any"/>, for whatever no other route takes.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The path is malformed.</exception>
    /// <exception cref="DistributedApplicationException">There is such a route already, or there are more than the 300 that an API may have (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).</exception>
    public static IResourceBuilder<APIGatewayEmulatorResource> WithReference(
        this IResourceBuilder<APIGatewayEmulatorResource> builder, IResourceBuilder<LambdaProjectResource> lambda, Method httpMethod, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(lambda);
        ArgumentNullException.ThrowIfNull(path);
        var route = GatewayRoute.Create(httpMethod, path, lambda.Resource.Name);
        RouteTable.EnsureAddable(builder.Resource.Name, builder.Resource.Routes, route);
        builder.Resource.Routes.Add(route);
        return builder.WithReferenceRelationship(lambda.Resource);
    }
}
