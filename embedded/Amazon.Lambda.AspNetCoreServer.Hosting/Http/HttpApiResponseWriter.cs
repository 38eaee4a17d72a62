using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>Writes a response in payload format 2.0: <c>{"statusCode": 200, "headers": {…}, "cookies": […], "body": "…", "isBase64Encoded": false}</c>.</summary>
internal sealed class HttpApiResponseWriter(HostingOptions options) : IDisposable
{
    // The JSON goes to API Gateway and not into a page: escaping what HTML gives a meaning would only make it longer.
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    // https://www.iana.org/assignments/media-types: those that a web API returns and that are not text.
    private static readonly HashSet<string> BinaryTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/octet-stream", "image/png", "image/gif", "image/jpeg", "image/jpg", "image/x-icon", "application/zip", "application/pdf", "application/x-protobuf", "application/wasm",
    };

    private static readonly HashSet<string> BinaryCodings = new(StringComparer.OrdinalIgnoreCase) { "gzip", "deflate", "br" };

    /// <summary>Writes a response.</summary>
    /// <param name="response">Status and headers.</param>
    /// <param name="body">The body's bytes.</param>
    /// <param name="isHead">Whether the request was a HEAD, whose answer has the headers of GET and no body (RFC 9110, section 9.3.2).</param>
    /// <param name="output">Gets the JSON.</param>
    public void Write(InvocationResponse response, ReadOnlySpan<byte> body, bool isHead, PooledBuffer output)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteNumber("statusCode"u8, response.StatusCode);
        WriteHeaders(response.Headers, isHead);

        if (!isHead && body.Length > 0)
        {
            // What claims to be text and is not UTF-8 cannot be a JSON string; as base64 it arrives unchanged.
            if (IsBinary(response.Headers) || !Utf8.IsValid(body))
            {
                _json.WriteBase64String("body"u8, body);
                _json.WriteBoolean("isBase64Encoded"u8, true);
            }
            else
            {
                _json.WriteString("body"u8, body);
                _json.WriteBoolean("isBase64Encoded"u8, false);
            }
        }

        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void WriteHeaders(IHeaderDictionary headers, bool isHead)
    {
        _json.WriteStartObject("headers"u8);
        foreach (var (name, values) in headers)
        {
            if (values.Count > 0 && IsReturned(name, isHead))
            {
                _json.WriteString(name, values.Count == 1 ? values[0] : string.Join(',', values.ToArray()));
            }
        }

        _json.WriteEndObject();
        if (headers.SetCookie is { Count: > 0 } cookies)
        {
            _json.WriteStartArray("cookies"u8);
            foreach (var cookie in cookies)
            {
                _json.WriteStringValue(cookie);
            }

            _json.WriteEndArray();
        }
    }

    // API Gateway frames the response itself. Set-Cookie has a place of its own, since its values cannot be joined.
    private static bool IsReturned(string name, bool isHead)
        => !name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase)
            && !name.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase)
            && (isHead || !name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase));

    private bool IsBinary(IHeaderDictionary headers)
    {
        var coding = headers.ContentEncoding.ToString();
        if (coding.Length > 0 && Encoding(options.ContentEncodingEncodings, BinaryCodings, coding, ResponseContentEncoding.Default) == ResponseContentEncoding.Base64)
        {
            return true;
        }

        // application/json; charset=utf-8
        var type = headers.ContentType.ToString();
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return Encoding(options.ContentTypeEncodings, BinaryTypes, end < 0 ? type : type[..end].Trim(), options.DefaultResponseContentEncoding) == ResponseContentEncoding.Base64;
    }

    private static ResponseContentEncoding Encoding(
        Dictionary<string, ResponseContentEncoding> registered, HashSet<string> binary, string name, ResponseContentEncoding otherwise)
    {
        if (registered.Count > 0 && registered.TryGetValue(name, out var encoding))
        {
            return encoding;
        }

        return binary.Contains(name) ? ResponseContentEncoding.Base64 : otherwise;
    }
}
