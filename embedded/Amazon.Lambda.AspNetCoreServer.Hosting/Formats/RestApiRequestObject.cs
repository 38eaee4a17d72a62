using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>Reads an event of a REST API into the public object.</summary>
internal static class RestApiRequestObject
{
    public static APIGatewayProxyRequest Read(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        EventReader.Begin(ref json);
        var request = new APIGatewayProxyRequest();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "resource":
                    request.Resource = EventObjectReader.Text(ref json);
                    break;
                case "path":
                    request.Path = EventObjectReader.Text(ref json);
                    break;
                case "httpMethod":
                    request.HttpMethod = EventObjectReader.Text(ref json);
                    break;
                case "headers":
                    request.Headers = EventObjectReader.Map(ref json);
                    break;
                case "multiValueHeaders":
                    request.MultiValueHeaders = EventObjectReader.MultiMap(ref json);
                    break;
                case "queryStringParameters":
                    request.QueryStringParameters = EventObjectReader.Map(ref json);
                    break;
                case "multiValueQueryStringParameters":
                    request.MultiValueQueryStringParameters = EventObjectReader.MultiMap(ref json);
                    break;
                case "pathParameters":
                    request.PathParameters = EventObjectReader.Map(ref json);
                    break;
                case "stageVariables":
                    request.StageVariables = EventObjectReader.Map(ref json);
                    break;
                case "requestContext":
                    request.RequestContext = ReadContext(ref json);
                    break;
                case "body":
                    request.Body = EventObjectReader.Text(ref json);
                    break;
                case "isBase64Encoded":
                    request.IsBase64Encoded = EventReader.IsTrue(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return request;
    }

    private static APIGatewayProxyRequest.ProxyRequestContext? ReadContext(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var context = new APIGatewayProxyRequest.ProxyRequestContext();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "path":
                    context.Path = EventObjectReader.Text(ref json);
                    break;
                case "accountId":
                    context.AccountId = EventObjectReader.Text(ref json);
                    break;
                case "resourceId":
                    context.ResourceId = EventObjectReader.Text(ref json);
                    break;
                case "stage":
                    context.Stage = EventObjectReader.Text(ref json);
                    break;
                case "requestId":
                    context.RequestId = EventObjectReader.Text(ref json);
                    break;
                case "identity":
                    context.Identity = ReadIdentity(ref json);
                    break;
                case "resourcePath":
                    context.ResourcePath = EventObjectReader.Text(ref json);
                    break;
                case "httpMethod":
                    context.HttpMethod = EventObjectReader.Text(ref json);
                    break;
                case "apiId":
                    context.ApiId = EventObjectReader.Text(ref json);
                    break;
                case "extendedRequestId":
                    context.ExtendedRequestId = EventObjectReader.Text(ref json);
                    break;
                case "connectionId":
                    context.ConnectionId = EventObjectReader.Text(ref json);
                    break;
                case "connectedAt":
                    context.ConnectedAt = EventObjectReader.Number(ref json);
                    break;
                case "domainName":
                    context.DomainName = EventObjectReader.Text(ref json);
                    break;
                case "domainPrefix":
                    context.DomainPrefix = EventObjectReader.Text(ref json);
                    break;
                case "eventType":
                    context.EventType = EventObjectReader.Text(ref json);
                    break;
                case "messageId":
                    context.MessageId = EventObjectReader.Text(ref json);
                    break;
                case "routeKey":
                    context.RouteKey = EventObjectReader.Text(ref json);
                    break;
                case "authorizer":
                    context.Authorizer = ReadAuthorizer(ref json);
                    break;
                case "operationName":
                    context.OperationName = EventObjectReader.Text(ref json);
                    break;
                case "integrationLatency":
                    context.IntegrationLatency = EventObjectReader.Text(ref json);
                    break;
                case "messageDirection":
                    context.MessageDirection = EventObjectReader.Text(ref json);
                    break;
                case "requestTime":
                    context.RequestTime = EventObjectReader.Text(ref json);
                    break;
                case "requestTimeEpoch":
                    context.RequestTimeEpoch = EventObjectReader.Number(ref json);
                    break;
                case "status":
                    context.Status = EventObjectReader.Text(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return context;
    }

    private static APIGatewayProxyRequest.RequestIdentity? ReadIdentity(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var identity = new APIGatewayProxyRequest.RequestIdentity();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "cognitoIdentityPoolId":
                    identity.CognitoIdentityPoolId = EventObjectReader.Text(ref json);
                    break;
                case "accountId":
                    identity.AccountId = EventObjectReader.Text(ref json);
                    break;
                case "cognitoIdentityId":
                    identity.CognitoIdentityId = EventObjectReader.Text(ref json);
                    break;
                case "caller":
                    identity.Caller = EventObjectReader.Text(ref json);
                    break;
                case "apiKey":
                    identity.ApiKey = EventObjectReader.Text(ref json);
                    break;
                case "apiKeyId":
                    identity.ApiKeyId = EventObjectReader.Text(ref json);
                    break;
                case "accessKey":
                    identity.AccessKey = EventObjectReader.Text(ref json);
                    break;
                case "sourceIp":
                    identity.SourceIp = EventObjectReader.Text(ref json);
                    break;
                case "cognitoAuthenticationType":
                    identity.CognitoAuthenticationType = EventObjectReader.Text(ref json);
                    break;
                case "cognitoAuthenticationProvider":
                    identity.CognitoAuthenticationProvider = EventObjectReader.Text(ref json);
                    break;
                case "userArn":
                    identity.UserArn = EventObjectReader.Text(ref json);
                    break;
                case "userAgent":
                    identity.UserAgent = EventObjectReader.Text(ref json);
                    break;
                case "user":
                    identity.User = EventObjectReader.Text(ref json);
                    break;
                case "clientCert":
                    identity.ClientCert = ReadCertificate(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return identity;
    }

    private static APIGatewayCustomAuthorizerContext? ReadAuthorizer(ref Utf8JsonReader json)
    {
        var authorizer = new APIGatewayCustomAuthorizerContext();
        return EventObjectReader.Values(ref json, authorizer) ? authorizer : null;
    }

    private static APIGatewayProxyRequest.ProxyRequestClientCert? ReadCertificate(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var certificate = new APIGatewayProxyRequest.ProxyRequestClientCert();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "clientCertPem":
                    certificate.ClientCertPem = EventObjectReader.Text(ref json);
                    break;
                case "subjectDN":
                    certificate.SubjectDN = EventObjectReader.Text(ref json);
                    break;
                case "issuerDN":
                    certificate.IssuerDN = EventObjectReader.Text(ref json);
                    break;
                case "serialNumber":
                    certificate.SerialNumber = EventObjectReader.Text(ref json);
                    break;
                case "validity":
                    certificate.Validity = ReadValidity(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return certificate;
    }

    private static APIGatewayProxyRequest.ClientCertValidity? ReadValidity(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var validity = new APIGatewayProxyRequest.ClientCertValidity();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "notBefore":
                    validity.NotBefore = EventObjectReader.Text(ref json);
                    break;
                case "notAfter":
                    validity.NotAfter = EventObjectReader.Text(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return validity;
    }
}
