using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace RvkApp.Api.Platform.Lambda;

internal static class LambdaHosting
{
    /// <summary>In Lambda requests come from an API Gateway HTTP API, payload format 2.0; everywhere else from Kestrel.</summary>
    public static void AddLambdaHosting(this WebApplicationBuilder builder)
        // The overload that a native binary may use: this one brings no reflection over the events' types.
        => builder.Services.AddAWSLambdaHosting(LambdaEventSource.HttpApi, new SourceGeneratorLambdaJsonSerializer<LambdaJsonContext>());
}

/// <summary>The types that the Lambda package reads and writes.</summary>
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyRequest))]
[JsonSerializable(typeof(APIGatewayHttpApiV2ProxyResponse))]
internal sealed partial class LambdaJsonContext : JsonSerializerContext;
