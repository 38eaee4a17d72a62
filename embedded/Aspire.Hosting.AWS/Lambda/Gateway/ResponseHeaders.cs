using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The headers of a function's response on their way to the client.</summary>
/// <param name="cors">The CORS configuration, which takes the CORS headers from the function; null when there is none.</param>
internal sealed class ResponseHeaders(CorsPolicy? cors)
{
    // For one connection only (RFC 9110, section 7.6.1), or the gateway's own.
    private static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Date", "Apigw-Requestid",
    };

    private static readonly string[] CommonNames =
    [
        "content-type", "cache-control", "location", "etag", "vary", "last-modified", "content-encoding", "content-disposition", "content-language", "set-cookie", "retry-after",
        "www-authenticate", "x-content-type-options", "x-frame-options", "strict-transport-security", "referrer-policy", "content-security-policy", "access-control-allow-origin", "link", "allow",
    ];

    private static readonly string[] CommonValues =
    [
        "application/json", "application/json; charset=utf-8", "application/problem+json", "application/problem+json; charset=utf-8", "text/plain; charset=utf-8", "text/html; charset=utf-8", "no-cache", "no-store", "nosniff",
    ];

    /// <summary>Sets the headers and cookies of a response.</summary>
    /// <param name="response">What the function returned.</param>
    /// <param name="headers">The response's headers.</param>
    /// <param name="contentLength">What the function says about the length of its body; null when it says nothing.</param>
    /// <returns>What is wrong with them; null when nothing is.</returns>
    public string? Set(in FunctionResponse response, IHeaderDictionary headers, out long? contentLength)
    {
        contentLength = null;
        try
        {
            if (response.HasHeaders && SetHeaders(response.Headers, headers, out contentLength) is { } error)
            {
                return error;
            }

            return response.HasCookies ? SetCookies(response.Cookies, headers) : null;
        }
        catch (InvalidOperationException)
        {
            return "its headers or cookies are no valid Unicode text";
        }
    }

    private string? SetHeaders(Utf8JsonReader reader, IHeaderDictionary headers, out long? contentLength)
    {
        contentLength = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Known(ref reader, CommonNames) ?? reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (Value(ref reader) is not { } value)
            {
                return $"its header '{name}' is no text";
            }

            if (!HeaderSyntax.IsToken(name))
            {
                return "one of its headers has a name with characters that a name cannot have";
            }

            if (!HeaderSyntax.IsValue(value))
            {
                return $"its header '{name}' has control characters";
            }

            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                contentLength = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
            }
            else if (!Dropped.Contains(name) && (cors is null || !CorsPolicy.IsCorsHeader(name)))
            {
                // Not Append, which leaves out an empty value.
                headers[name] = StringValues.Concat(headers[name], value);
            }
        }

        return null;
    }

    private static string? SetCookies(Utf8JsonReader reader, IHeaderDictionary headers)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || reader.GetString() is not { } cookie || !HeaderSyntax.IsValue(cookie))
            {
                return "one of its cookies is no text or has control characters";
            }

            headers.Append("Set-Cookie", cookie);
        }

        return null;
    }

    private static string? Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => Known(ref reader, CommonValues) ?? reader.GetString(),
        JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => null,
    };

    // The text of what many responses have need not be made again.
    private static string? Known(ref Utf8JsonReader reader, string[] texts)
    {
        foreach (var text in texts)
        {
            if (reader.ValueSpan.Length == text.Length && reader.ValueTextEquals(text))
            {
                return text;
            }
        }

        return null;
    }
}
