using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The headers of a request on their way into an event.</summary>
internal static class EventHeaders
{
    // For one connection only (RFC 9110, section 7.6.1), or replaced.
    private static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Expect",
        "Cookie", "Content-Length", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Amzn-Trace-Id",
    };

    /// <summary>Writes cookies and headers: names in lower case, repeated ones joined with commas, cookies one by one.</summary>
    public static void Write(GatewayRequest request, long bodyLength, string traceId)
    {
        var json = request.Json;
        var headers = request.Http.Headers;
        WriteCookies(json, headers.Cookie);
        json.WriteStartObject(EventNames.Headers);
        var connection = headers.Connection;
        foreach (var (name, values) in headers)
        {
            if (!Dropped.Contains(name) && !IsNamedBy(connection, name))
            {
                WriteName(json, name);
                WriteJoined(json, values);
            }
        }

        Span<char> digits = stackalloc char[20];
        bodyLength.TryFormat(digits, out var written, provider: CultureInfo.InvariantCulture);
        json.WriteString(EventNames.ContentLength, digits[..written]);
        json.WritePropertyName(EventNames.ForwardedFor);
        WriteForwardedFor(json, headers["X-Forwarded-For"], request.ClientIp);
        request.LocalPort.TryFormat(digits, out written, provider: CultureInfo.InvariantCulture);
        json.WriteString(EventNames.ForwardedPort, digits[..written]);
        json.WriteString(EventNames.ForwardedProto, request.Http.Scheme);
        json.WriteString(EventNames.TraceId, traceId);
        json.WriteEndObject();
    }

    private static void WriteCookies(Utf8JsonWriter json, StringValues headers)
    {
        var any = false;
        foreach (var header in headers)
        {
            var text = header.AsSpan();
            foreach (var range in text.Split(';'))
            {
                var cookie = text[range].Trim();
                if (cookie.IsEmpty)
                {
                    continue;
                }

                if (!any)
                {
                    json.WriteStartArray(EventNames.Cookies);
                    any = true;
                }

                json.WriteStringValue(cookie);
            }
        }

        if (any)
        {
            json.WriteEndArray();
        }
    }

    private static void WriteName(Utf8JsonWriter json, string name)
    {
        Span<char> lower = name.Length <= 128 ? stackalloc char[name.Length] : new char[name.Length];
        Ascii.ToLower(name, lower, out _);
        json.WritePropertyName(lower);
    }

    private static void WriteJoined(Utf8JsonWriter json, StringValues values)
    {
        if (values.Count == 1)
        {
            json.WriteStringValue(values[0]);
            return;
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
            {
                json.WriteStringValueSegment(",", isFinalSegment: false);
            }

            json.WriteStringValueSegment(values[i], isFinalSegment: i == values.Count - 1);
        }
    }

    private static void WriteForwardedFor(Utf8JsonWriter json, StringValues incoming, string clientIp)
    {
        if (incoming.Count == 0)
        {
            json.WriteStringValue(clientIp);
            return;
        }

        foreach (var value in incoming)
        {
            json.WriteStringValueSegment(value, isFinalSegment: false);
            json.WriteStringValueSegment(", ", isFinalSegment: false);
        }

        json.WriteStringValueSegment(clientIp, isFinalSegment: true);
    }

    // Headers that the Connection header names are for this connection only as well.
    private static bool IsNamedBy(StringValues connection, string name)
    {
        foreach (var header in connection)
        {
            var text = header.AsSpan();
            foreach (var range in text.Split(','))
            {
                if (text[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
