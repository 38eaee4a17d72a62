using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>Reads an event of an HTTP API into the public object.</summary>
internal static class HttpApiRequestObject
{
    public static APIGatewayHttpApiV2ProxyRequest Read(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        EventReader.Begin(ref json);
        var request = new APIGatewayHttpApiV2ProxyRequest();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "version":
                    request.Version = EventObjectReader.Text(ref json);
                    break;
                case "routeKey":
                    request.RouteKey = EventObjectReader.Text(ref json);
                    break;
                case "rawPath":
                    request.RawPath = EventObjectReader.Text(ref json);
                    break;
                case "rawQueryString":
                    request.RawQueryString = EventObjectReader.Text(ref json);
                    break;
                case "cookies":
                    request.Cookies = EventObjectReader.Texts(ref json, null)?.ToArray();
                    break;
                case "headers":
                    request.Headers = EventObjectReader.Map(ref json);
                    break;
                case "queryStringParameters":
                    request.QueryStringParameters = EventObjectReader.Map(ref json);
                    break;
                case "requestContext":
                    request.RequestContext = ReadContext(ref json);
                    break;
                case "body":
                    request.Body = EventObjectReader.Text(ref json);
                    break;
                case "pathParameters":
                    request.PathParameters = EventObjectReader.Map(ref json);
                    break;
                case "isBase64Encoded":
                    request.IsBase64Encoded = EventReader.IsTrue(ref json);
                    break;
                case "stageVariables":
                    request.StageVariables = EventObjectReader.Map(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return request;
    }

    private static APIGatewayHttpApiV2ProxyRequest.ProxyRequestContext? ReadContext(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var context = new APIGatewayHttpApiV2ProxyRequest.ProxyRequestContext();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "accountId":
                    context.AccountId = EventObjectReader.Text(ref json);
                    break;
                case "apiId":
                    context.ApiId = EventObjectReader.Text(ref json);
                    break;
                case "authorizer":
                    context.Authorizer = HttpApiAuthorizerObject.Read(ref json);
                    break;
                case "domainName":
                    context.DomainName = EventObjectReader.Text(ref json);
                    break;
                case "domainPrefix":
                    context.DomainPrefix = EventObjectReader.Text(ref json);
                    break;
                case "http":
                    context.Http = ReadHttp(ref json);
                    break;
                case "requestId":
                    context.RequestId = EventObjectReader.Text(ref json);
                    break;
                case "routeId":
                    context.RouteId = EventObjectReader.Text(ref json);
                    break;
                case "routeKey":
                    context.RouteKey = EventObjectReader.Text(ref json);
                    break;
                case "stage":
                    context.Stage = EventObjectReader.Text(ref json);
                    break;
                case "time":
                    context.Time = EventObjectReader.Text(ref json);
                    break;
                case "timeEpoch":
                    context.TimeEpoch = EventObjectReader.Number(ref json);
                    break;
                case "authentication":
                    context.Authentication = HttpApiAuthorizerObject.ReadAuthentication(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return context;
    }

    private static APIGatewayHttpApiV2ProxyRequest.HttpDescription? ReadHttp(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var http = new APIGatewayHttpApiV2ProxyRequest.HttpDescription();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "method":
                    http.Method = EventObjectReader.Text(ref json);
                    break;
                case "path":
                    http.Path = EventObjectReader.Text(ref json);
                    break;
                case "protocol":
                    http.Protocol = EventObjectReader.Text(ref json);
                    break;
                case "sourceIp":
                    http.SourceIp = EventObjectReader.Text(ref json);
                    break;
                case "userAgent":
                    http.UserAgent = EventObjectReader.Text(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return http;
    }
}
