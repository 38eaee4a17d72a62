using System.Text;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.AspNetCoreServer.Hosting.Http;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>
/// API Gateway REST API with Lambda proxy integration, payload format 1.0
/// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
/// </summary>
internal sealed class RestApiFormat : IEventFormat
{
    private readonly StringBuilder _builder = new();

    public void ReadRequest(ReadOnlySpan<byte> json, InvocationRequest request)
    {
        try
        {
            Read(json, request);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException($"The event is no request of an API Gateway REST API with payload format 1.0: {exception.Message}", exception);
        }
    }

    public object ReadRequestObject(ReadOnlySpan<byte> json) => RestApiRequestObject.Read(json);

    public void WriteHead(Utf8JsonWriter json, InvocationResponse response, InvocationRequest request)
        => ResponseWriter.WriteMultiValueHeaders(json, response.Headers, request.IsHead);

    public object CreateResponseObject(ResponseFields fields) => new APIGatewayProxyResponse
    {
        StatusCode = fields.StatusCode,
        Headers = fields.Headers,
        MultiValueHeaders = fields.MultiValueHeaders,
        Body = fields.Body,
        IsBase64Encoded = fields.IsBase64Encoded,
    };

    public ResponseFields ReadResponseObject(object response)
    {
        var from = (APIGatewayProxyResponse)response;
        return new ResponseFields
        {
            StatusCode = from.StatusCode,
            Headers = from.Headers,
            MultiValueHeaders = from.MultiValueHeaders,
            Body = from.Body,
            IsBase64Encoded = from.IsBase64Encoded,
        };
    }

    private void Read(ReadOnlySpan<byte> text, InvocationRequest request)
    {
        var json = new Utf8JsonReader(text);
        var context = default(Context);
        string? path = null, resource = null, method = null;
        Range headers = default, multiValueHeaders = default, query = default, multiValueQuery = default, pathParameters = default;
        var isBase64Encoded = false;
        EventReader.Begin(ref json);
        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("version"u8))
            {
                json.Read();
                if (!json.ValueTextEquals("1.0"u8))
                {
                    throw new FormatException($"its version is '{json.GetString()}'. Use LambdaEventSource.HttpApi for payload format 2.0.");
                }
            }
            else if (json.ValueTextEquals("path"u8))
            {
                path = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("resource"u8))
            {
                resource = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("httpMethod"u8))
            {
                method = EventReader.Method(ref json);
            }
            else if (json.ValueTextEquals("headers"u8))
            {
                headers = EventReader.Later(ref json);
            }
            else if (json.ValueTextEquals("multiValueHeaders"u8))
            {
                multiValueHeaders = EventReader.Later(ref json);
            }
            else if (json.ValueTextEquals("queryStringParameters"u8))
            {
                query = EventReader.Later(ref json);
            }
            else if (json.ValueTextEquals("multiValueQueryStringParameters"u8))
            {
                multiValueQuery = EventReader.Later(ref json);
            }
            else if (json.ValueTextEquals("pathParameters"u8))
            {
                pathParameters = EventReader.Later(ref json);
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

        request.Method = method ?? throw new FormatException("it has no httpMethod.");
        MultiValues.ReadHeaders(text[headers], text[multiValueHeaders], request.Headers);
        // The gateway has decoded names and values.
        request.QueryString = MultiValues.ReadQuery(text[query], text[multiValueQuery], isEncoded: false, _builder);
        request.RawTarget = (path ?? throw new FormatException("it has no path.")) + request.QueryString;
        MapPath(request, Substitute(resource, text[pathParameters]) ?? path, context.Path);
        request.Protocol = EventReader.Protocol(context.Protocol);
        if (request.Headers.Host.Count == 0)
        {
            request.Headers.Host = context.DomainName ?? $"apigateway-{context.ApiId}-{context.Stage}";
        }

        EventReader.Complete(request, isBase64Encoded, context.SourceIp);
    }

    // requestContext.path is the path with what is before the application's own: the stage, or the base path of a custom domain.
    private static void MapPath(InvocationRequest request, string path, string? contextPath)
    {
        path = path.StartsWith('/') ? path : "/" + path;
        if (!string.IsNullOrEmpty(contextPath))
        {
            if (path.EndsWith('/') && !contextPath.EndsWith('/'))
            {
                contextPath += "/";
            }
            else if (contextPath.EndsWith('/') && !path.EndsWith('/'))
            {
                path += "/";
            }

            if (contextPath.EndsWith(path, StringComparison.Ordinal))
            {
                request.PathBase = contextPath[..^path.Length];
            }
        }

        request.Path = EventReader.DecodePath(path);
    }

    // Only the parameters of a greedy resource ("/school/{proxy+}") tell the path below a custom domain's base path; null for another resource.
    private string? Substitute(string? resource, ReadOnlySpan<byte> pathParameters)
    {
        if (pathParameters.IsEmpty || resource is null || !resource.Contains("{proxy+}", StringComparison.Ordinal))
        {
            return null;
        }

        var json = new Utf8JsonReader(pathParameters);
        json.Read();
        var parameters = new Dictionary<string, string?>();
        while (EventReader.Next(ref json))
        {
            parameters[json.GetString()!] = EventReader.Text(ref json);
        }

        if (!parameters.ContainsKey("proxy"))
        {
            return null;
        }

        _builder.Clear();
        for (var rest = resource.AsSpan(); !rest.IsEmpty;)
        {
            var open = rest.IndexOf('{');
            var length = open < 0 ? -1 : rest[open..].IndexOf('}');
            if (length < 0)
            {
                _builder.Append(rest);
                break;
            }

            var name = rest.Slice(open + 1, length - 1).TrimEnd('+').ToString();
            _builder.Append(rest[..open]);
            _builder.Append(parameters.TryGetValue(name, out var value) ? value : rest.Slice(open, length + 1).ToString());
            rest = rest[(open + length + 1)..];
        }

        return _builder.ToString();
    }

    private static void ReadContext(ref Utf8JsonReader json, ref Context context, InvocationRequest request)
    {
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("path"u8))
            {
                context.Path = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("stage"u8))
            {
                context.Stage = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("apiId"u8))
            {
                context.ApiId = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("domainName"u8))
            {
                context.DomainName = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("protocol"u8))
            {
                context.Protocol = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("identity"u8))
            {
                ReadIdentity(ref json, ref context, request);
            }
            else if (json.ValueTextEquals("authorizer"u8))
            {
                request.User = Authorizer.ReadRestApi(ref json);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }
    }

    private static void ReadIdentity(ref Utf8JsonReader json, ref Context context, InvocationRequest request)
    {
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("sourceIp"u8))
            {
                context.SourceIp = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("clientCert"u8))
            {
                request.ClientCertificatePem = EventReader.ReadClientCertificate(ref json);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }
    }

    private struct Context
    {
        public string? Path;
        public string? Stage;
        public string? ApiId;
        public string? DomainName;
        public string? Protocol;
        public string? SourceIp;
    }
}
