using System.Text;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.AspNetCoreServer.Hosting.Http;
using Microsoft.AspNetCore.Http;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>
/// API Gateway HTTP API, payload format 2.0
/// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
/// </summary>
/// <remarks>What the format has beyond HTTP (route key, path parameters, stage variables) is skipped: the application has its own routing.</remarks>
internal sealed class HttpApiFormat : IEventFormat
{
    private const string DefaultStage = "$default";

    public void ReadRequest(ReadOnlySpan<byte> json, InvocationRequest request)
    {
        try
        {
            Read(new Utf8JsonReader(json), request);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException($"The event is no request of an API Gateway HTTP API with payload format 2.0: {exception.Message}", exception);
        }
    }

    public object ReadRequestObject(ReadOnlySpan<byte> json) => HttpApiRequestObject.Read(json);

    public void WriteHead(Utf8JsonWriter json, InvocationResponse response, InvocationRequest request)
    {
        ResponseWriter.WriteHeaders(json, response.Headers, request.IsHead, cookies: false);
        if (response.Headers.SetCookie is { Count: > 0 } cookies)
        {
            json.WriteStartArray("cookies"u8);
            foreach (var cookie in cookies)
            {
                json.WriteStringValue(cookie);
            }

            json.WriteEndArray();
        }
    }

    public object CreateResponseObject(ResponseFields fields) => new APIGatewayHttpApiV2ProxyResponse
    {
        StatusCode = fields.StatusCode,
        Headers = fields.Headers,
        Cookies = fields.Cookies?.ToArray(),
        Body = fields.Body,
        IsBase64Encoded = fields.IsBase64Encoded,
    };

    public ResponseFields ReadResponseObject(object response)
    {
        var from = (APIGatewayHttpApiV2ProxyResponse)response;
        return new ResponseFields
        {
            StatusCode = from.StatusCode,
            Headers = from.Headers,
            Cookies = from.Cookies,
            Body = from.Body,
            IsBase64Encoded = from.IsBase64Encoded,
        };
    }

    private static void Read(Utf8JsonReader json, InvocationRequest request)
    {
        var context = default(Context);
        string? rawPath = null, cookies = null;
        var isBase64Encoded = false;
        EventReader.Begin(ref json);
        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("version"u8))
            {
                json.Read();
                if (!json.ValueTextEquals("2.0"u8))
                {
                    throw new FormatException($"its version is '{json.GetString()}'. Set the integration's payload format to 2.0, or use LambdaEventSource.RestApi.");
                }
            }
            else if (json.ValueTextEquals("rawPath"u8))
            {
                rawPath = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("rawQueryString"u8))
            {
                request.QueryString = EventReader.Text(ref json) is { Length: > 0 } query ? "?" + query : "";
            }
            else if (json.ValueTextEquals("cookies"u8))
            {
                cookies = ReadCookies(ref json);
            }
            else if (json.ValueTextEquals("headers"u8))
            {
                EventReader.ReadHeaders(ref json, request.Headers);
            }
            else if (json.ValueTextEquals("requestContext"u8))
            {
                ReadContext(ref json, ref context, request);
            }
            else if (json.ValueTextEquals("body"u8))
            {
                EventReader.ReadBody(ref json, request);
            }
            else if (json.ValueTextEquals("isBase64Encoded"u8))
            {
                isBase64Encoded = EventReader.IsTrue(ref json);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }

        var path = context.Path ?? rawPath ?? throw new FormatException("it has no rawPath.");
        request.Method = context.Method ?? throw new FormatException("it has no requestContext.http.method.");
        request.RawTarget = (rawPath ?? path) + request.QueryString;
        request.Path = EventReader.DecodePath(path);
        RemoveStage(request, context.Stage);
        request.Protocol = EventReader.Protocol(context.Protocol);
        var headers = request.Headers;
        if (cookies is not null)
        {
            headers.Cookie = cookies;
        }

        if (headers.Host.Count == 0 && context.DomainName is not null)
        {
            headers.Host = context.DomainName;
        }

        EventReader.Complete(request, isBase64Encoded, context.SourceIp);
    }

    private static void ReadContext(ref Utf8JsonReader json, ref Context context, InvocationRequest request)
    {
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("http"u8))
            {
                ReadHttp(ref json, ref context);
            }
            else if (json.ValueTextEquals("stage"u8))
            {
                // Nearly every API has but this one, so it is no new string.
                json.Read();
                context.Stage = json.ValueTextEquals(DefaultStage) ? DefaultStage : json.GetString();
            }
            else if (json.ValueTextEquals("domainName"u8))
            {
                context.DomainName = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("authorizer"u8))
            {
                request.User = Authorizer.ReadHttpApi(ref json);
            }
            else if (json.ValueTextEquals("authentication"u8))
            {
                ReadAuthentication(ref json, request);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }
    }

    private static void ReadHttp(ref Utf8JsonReader json, ref Context context)
    {
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("method"u8))
            {
                context.Method = EventReader.Method(ref json);
            }
            else if (json.ValueTextEquals("path"u8))
            {
                context.Path = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("protocol"u8))
            {
                json.Read();
                context.Protocol = json.ValueTextEquals("HTTP/1.1"u8) ? HttpProtocol.Http11 : json.GetString();
            }
            else if (json.ValueTextEquals("sourceIp"u8))
            {
                context.SourceIp = EventReader.Text(ref json);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }
    }

    // {"clientCert": {"clientCertPem": "…", …}}: mutual TLS of a custom domain.
    private static void ReadAuthentication(ref Utf8JsonReader json, InvocationRequest request)
    {
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("clientCert"u8))
            {
                request.ClientCertificatePem = EventReader.ReadClientCertificate(ref json);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }
    }

    private static string? ReadCookies(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }

        string? first = null;
        StringBuilder? all = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var cookie = json.GetString();
            if (first is null)
            {
                first = cookie;
            }
            else
            {
                (all ??= new StringBuilder(first)).Append("; ").Append(cookie);
            }
        }

        return all?.ToString() ?? first;
    }

    // A stage other than the default is the first segment of the path, and the application is mounted below it.
    private static void RemoveStage(InvocationRequest request, string? stage)
    {
        if (string.IsNullOrEmpty(stage) || stage == DefaultStage)
        {
            return;
        }

        var rest = request.Path.AsSpan(1);
        if (rest.StartsWith(stage, StringComparison.Ordinal) && (rest.Length == stage.Length || rest[stage.Length] == '/'))
        {
            request.PathBase = "/" + stage;
            request.Path = rest.Length == stage.Length ? "/" : rest[stage.Length..].ToString();
        }
    }

    private struct Context
    {
        public string? Method;
        public string? Path;
        public string? Protocol;
        public string? SourceIp;
        public string? Stage;
        public string? DomainName;
    }
}
