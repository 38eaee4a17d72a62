using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Amazon.Lambda.AspNetCoreServer.Hosting.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>What the readers of all event formats have in common. A reader stands on a property's name when one of these is called, unless it says otherwise.</summary>
internal static class EventReader
{
    private const string ForwardedPort = "X-Forwarded-Port";

    /// <summary>Begins to read an event.</summary>
    /// <exception cref="FormatException">It is no object.</exception>
    public static void Begin(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("it is not an object.");
        }
    }

    /// <summary>Enters an object; false when the value is something else, which is skipped.</summary>
    public static bool Enter(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        json.Skip();
        return false;
    }

    /// <summary>Goes to the next name of the object at hand; false at its end.</summary>
    public static bool Next(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Skips a value.</summary>
    public static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    /// <summary>A text; null for null.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString();
    }

    /// <summary>Skips a value, and says where it is, to be read once the others are known. Null counts as absent.</summary>
    public static Range Later(ref Utf8JsonReader json)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        var isNull = json.TokenType == JsonTokenType.Null;
        json.Skip();
        return isNull ? default : start..(int)json.BytesConsumed;
    }

    public static bool IsTrue(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.True;
    }

    // The usual methods are the framework's own strings, which it recognises without comparing characters.
    public static string Method(ref Utf8JsonReader json)
    {
        json.Read();
        return json.ValueTextEquals("GET"u8) ? HttpMethods.Get
            : json.ValueTextEquals("POST"u8) ? HttpMethods.Post
            : HttpMethods.GetCanonicalizedValue(json.GetString() ?? throw new FormatException("its method is null."));
    }

    /// <summary>Takes the body as it is written; <see cref="Complete"/> decodes it.</summary>
    public static void ReadBody(ref Utf8JsonReader json, InvocationRequest request)
    {
        json.Read();
        request.BodyBytes.Reset();
        if (json.TokenType == JsonTokenType.String)
        {
            // Unescaping never makes it longer.
            var text = request.BodyBytes.GetSpan(json.ValueSpan.Length);
            request.BodyBytes.Advance(json.CopyString(text));
        }
    }

    /// <summary>Reads headers of one value each.</summary>
    /// <remarks>
    /// Several values of one header arrive joined by commas, which is how HTTP writes them as well (RFC 9110, section 5.3). They are not split: a
    /// comma in a date or a user agent separates nothing.
    /// </remarks>
    public static void ReadHeaders(ref Utf8JsonReader json, IHeaderDictionary headers)
    {
        if (!Enter(ref json))
        {
            return;
        }

        while (Next(ref json))
        {
            var name = HeaderNameCache.Get(ref json);
            if (Text(ref json) is { } value)
            {
                headers[name] = value;
            }
        }
    }

    /// <summary>Reads headers whose values are arrays.</summary>
    public static void ReadMultiValueHeaders(ref Utf8JsonReader json, IHeaderDictionary headers)
    {
        if (!Enter(ref json))
        {
            return;
        }

        while (Next(ref json))
        {
            var name = HeaderNameCache.Get(ref json);
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray)
            {
                json.Skip();
                continue;
            }

            var values = StringValues.Empty;
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                values = StringValues.Concat(values, json.GetString());
            }

            if (values.Count > 0)
            {
                headers[name] = values;
            }
        }
    }

    /// <summary>The certificate of a client that is known by mutual TLS: <c>{"clientCertPem": "…", …}</c>.</summary>
    public static string? ReadClientCertificate(ref Utf8JsonReader json)
    {
        string? pem = null;
        if (Enter(ref json))
        {
            while (Next(ref json))
            {
                if (json.ValueTextEquals("clientCertPem"u8))
                {
                    pem = Text(ref json);
                }
                else
                {
                    Skip(ref json);
                }
            }
        }

        return pem;
    }

    /// <summary>Decoded as the framework expects it: everything but an encoded slash, which would become a separator.</summary>
    public static string DecodePath(string path)
    {
        var decoded = path.Contains('%', StringComparison.Ordinal)
            ? Uri.UnescapeDataString(path.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal))
            : path;
        return decoded.StartsWith('/') ? decoded : "/" + decoded;
    }

    /// <summary>The protocol as the event names it, or HTTP/1.1.</summary>
    public static string Protocol(string? protocol)
        => protocol is null || protocol == HttpProtocol.Http11 ? HttpProtocol.Http11
            : protocol.StartsWith("HTTP/", StringComparison.Ordinal) ? protocol
            : HttpProtocol.Http11;

    /// <summary>Does what is the same at the end of every event: decodes the body, announces its length, and finds the client's address.</summary>
    /// <exception cref="FormatException">The body is not the base64 that it is said to be.</exception>
    public static void Complete(InvocationRequest request, bool isBase64Encoded, string? sourceIp)
    {
        var body = request.BodyBytes;
        if (isBase64Encoded && body.Length > 0)
        {
            var status = Base64.DecodeFromUtf8InPlace(body.WrittenSpan, out var written);
            body.Truncate(status == OperationStatus.Done ? written : throw new FormatException("isBase64Encoded is true and body is not base64."));
        }

        // The body is here whole, however it came to the event source; what it announced may have been another coding of it.
        var headers = request.Headers;
        headers.ContentLength = body.Length > 0 || headers.ContentLength is not null ? body.Length : null;
        headers.Remove("Transfer-Encoding");

        request.RemoteIpAddress = IPAddress.TryParse(sourceIp, out var address) ? address : null;
        if (headers.TryGetValue(ForwardedPort, out var forwarded)
            && ushort.TryParse(forwarded.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            request.RemotePort = port;
        }
    }
}
