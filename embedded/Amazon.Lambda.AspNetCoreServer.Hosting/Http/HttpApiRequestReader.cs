using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>
/// Reads a request of an API Gateway HTTP API, payload format 2.0, straight from its JSON
/// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
/// </summary>
/// <remarks>What the format has beyond HTTP (route key, path parameters, stage variables) is skipped: the application has its own routing.</remarks>
internal static class HttpApiRequestReader
{
    private const string DefaultStage = "$default";

    /// <summary>Fills a request that was reset.</summary>
    /// <exception cref="JsonException">The event is not JSON, or not of this format: what is wrong with it.</exception>
    public static void Read(ReadOnlySpan<byte> json, InvocationRequest request)
    {
        try
        {
            ReadEvent(json, request);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException($"The event is no request of an API Gateway HTTP API with payload format 2.0: {exception.Message}", exception);
        }
    }

    private static void ReadEvent(ReadOnlySpan<byte> json, InvocationRequest request)
    {
        var reader = new Utf8JsonReader(json);
        var context = default(Context);
        string? rawPath = null, cookies = null;
        var base64 = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("it is not an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("version"u8))
            {
                reader.Read();
                if (!reader.ValueTextEquals("2.0"u8))
                {
                    throw new FormatException($"its version is '{reader.GetString()}'. Set the integration's payload format to 2.0.");
                }
            }
            else if (reader.ValueTextEquals("rawPath"u8))
            {
                rawPath = Text(ref reader);
            }
            else if (reader.ValueTextEquals("rawQueryString"u8))
            {
                request.QueryString = Text(ref reader) is { Length: > 0 } query ? "?" + query : "";
            }
            else if (reader.ValueTextEquals("cookies"u8))
            {
                cookies = Cookies(ref reader);
            }
            else if (reader.ValueTextEquals("headers"u8))
            {
                ReadHeaders(ref reader, request.Headers);
            }
            else if (reader.ValueTextEquals("requestContext"u8))
            {
                context = ReadContext(ref reader);
            }
            else if (reader.ValueTextEquals("body"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    // Unescaping never makes it longer.
                    var text = request.BodyBytes.GetSpan(reader.ValueSpan.Length);
                    request.BodyBytes.Advance(reader.CopyString(text));
                }
            }
            else if (reader.ValueTextEquals("isBase64Encoded"u8))
            {
                reader.Read();
                base64 = reader.TokenType == JsonTokenType.True;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        Complete(request, context, rawPath, cookies, base64);
    }

    private static void Complete(InvocationRequest request, in Context context, string? rawPath, string? cookies, bool base64)
    {
        var path = context.Path ?? rawPath ?? throw new FormatException("it has no rawPath.");
        request.Method = context.Method ?? throw new FormatException("it has no requestContext.http.method.");
        request.RawTarget = path + request.QueryString;
        request.Path = DecodePath(path);
        RemoveStage(request, context.Stage);
        request.Protocol = context.Protocol is { } protocol && protocol.StartsWith("HTTP/", StringComparison.Ordinal) ? protocol : HttpProtocol.Http11;

        if (base64 && request.BodyBytes.Length > 0)
        {
            var status = Base64.DecodeFromUtf8InPlace(request.BodyBytes.WrittenSpan, out var written);
            request.BodyBytes.Truncate(status == OperationStatus.Done ? written : throw new FormatException("isBase64Encoded is true and body is not base64."));
        }

        var headers = request.Headers;
        if (cookies is not null)
        {
            headers.Cookie = cookies;
        }

        if (headers.Host.Count == 0 && context.DomainName is not null)
        {
            headers.Host = context.DomainName;
        }

        // The body is here whole, however it came to the gateway; what it announced may have been another coding of it.
        headers.ContentLength = request.BodyBytes.Length > 0 || headers.ContentLength is not null ? request.BodyBytes.Length : null;
        headers.Remove("Transfer-Encoding");

        request.RemoteIpAddress = IPAddress.TryParse(context.SourceIp, out var address) ? address : null;
        if (int.TryParse(headers["X-Forwarded-Port"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort)
        {
            request.RemotePort = port;
        }

        request.User = context.Claims is { } claims ? new ClaimsPrincipal(new ClaimsIdentity(claims, "AuthorizerIdentity")) : null;
    }

    private static void ReadHeaders(ref Utf8JsonReader reader, IHeaderDictionary headers)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Several values of one header arrive joined by commas, which is how HTTP writes them as well (RFC 9110, section 5.3). They are not
            // split: a comma in a date or a user agent separates nothing.
            var name = reader.GetString()!;
            if (Text(ref reader) is { } value)
            {
                headers[name] = value;
            }
        }
    }

    private static Context ReadContext(ref Utf8JsonReader reader)
    {
        var context = default(Context);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return context;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("http"u8))
            {
                ReadHttp(ref reader, ref context);
            }
            else if (reader.ValueTextEquals("stage"u8))
            {
                context.Stage = Text(ref reader);
            }
            else if (reader.ValueTextEquals("domainName"u8))
            {
                context.DomainName = Text(ref reader);
            }
            else if (reader.ValueTextEquals("authorizer"u8))
            {
                context.Claims = ReadAuthorizer(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return context;
    }

    private static void ReadHttp(ref Utf8JsonReader reader, ref Context context)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                context.Method = Method(ref reader);
            }
            else if (reader.ValueTextEquals("path"u8))
            {
                context.Path = Text(ref reader);
            }
            else if (reader.ValueTextEquals("protocol"u8))
            {
                context.Protocol = Text(ref reader);
            }
            else if (reader.ValueTextEquals("sourceIp"u8))
            {
                context.SourceIp = Text(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    // {"jwt": {"claims": {"sub": "…"}, "scopes": […]}}: other authorizers say nothing that is a claim.
    private static List<Claim>? ReadAuthorizer(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        using var authorizer = JsonDocument.ParseValue(ref reader);
        if (!authorizer.RootElement.TryGetProperty("jwt"u8, out var jwt) || jwt.ValueKind != JsonValueKind.Object
            || !jwt.TryGetProperty("claims"u8, out var claims) || claims.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return [.. claims.EnumerateObject().Select(claim => new Claim(claim.Name, claim.Value.ToString()))];
    }

    private static string? Cookies(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        string? first = null;
        StringBuilder? all = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            var cookie = reader.GetString()!;
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

    // The usual methods are the framework's own strings, which it recognises without comparing characters.
    private static string Method(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("GET"u8))
        {
            return HttpMethods.Get;
        }

        if (reader.ValueTextEquals("POST"u8))
        {
            return HttpMethods.Post;
        }

        return HttpMethods.GetCanonicalizedValue(reader.GetString() ?? throw new FormatException("requestContext.http.method is null."));
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    // Decoded as the framework expects it: everything but an encoded slash, which would become a separator.
    private static string DecodePath(string path)
    {
        var decoded = path.Contains('%', StringComparison.Ordinal)
            ? Uri.UnescapeDataString(path.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase))
            : path;
        return decoded.StartsWith('/') ? decoded : "/" + decoded;
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
        public List<Claim>? Claims;
    }
}
