using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Amazon.Lambda.AspNetCoreServer.Hosting.Http;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>Writes a response as JSON: <c>{"statusCode": 200, …, "body": "…", "isBase64Encoded": false}</c>, with what its format has in between.</summary>
internal sealed class ResponseWriter(IEventFormat format, HostingOptions options) : IDisposable
{
    // The JSON goes to AWS and not into a page: escaping what HTML gives a meaning would only make it longer.
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    // https://www.iana.org/assignments/media-types: those that a web API returns and that are not text.
    private static readonly HashSet<string> BinaryTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/octet-stream", "image/png", "image/gif", "image/jpeg", "image/jpg", "image/x-icon", "application/zip", "application/pdf", "application/x-protobuf", "application/wasm",
    };

    private static readonly HashSet<string> BinaryCodings = new(StringComparer.OrdinalIgnoreCase) { "gzip", "deflate", "br" };

    /// <summary>Writes a response.</summary>
    /// <param name="request">What is answered.</param>
    /// <param name="response">Status and headers.</param>
    /// <param name="body">The body's bytes. Where HTTP allows none (HEAD, 204, 304) they are left out.</param>
    /// <param name="output">Gets the JSON.</param>
    public void Write(InvocationRequest request, InvocationResponse response, ReadOnlySpan<byte> body, PooledBuffer output)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteNumber("statusCode"u8, response.StatusCode);
        format.WriteHead(_json, response, request);

        if (!request.IsHead && body.Length > 0 && response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
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

    /// <summary>Lets the application change what was written, as the public object of its format.</summary>
    public void Change(PooledBuffer output, Action<object> change)
    {
        var response = format.CreateResponseObject(ResponseFields.Read(output.WrittenSpan));
        change(response);
        format.ReadResponseObject(response).Write(_json, output);
    }

    public void Dispose() => _json.Dispose();

    /// <summary>Writes headers of one value each; several values are joined, and of several cookies only the first is written.</summary>
    public static void WriteHeaders(Utf8JsonWriter json, IHeaderDictionary headers, bool isHead, bool cookies)
    {
        json.WriteStartObject("headers"u8);
        foreach (var (name, values) in headers)
        {
            var isCookie = IsCookie(name);
            if (values.Count > 0 && IsReturned(name, isHead) && (cookies || !isCookie))
            {
                json.WriteString(name, values.Count == 1 || isCookie ? values[0] : string.Join(",", values.ToArray()));
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Writes headers with all their values.</summary>
    public static void WriteMultiValueHeaders(Utf8JsonWriter json, IHeaderDictionary headers, bool isHead)
    {
        json.WriteStartObject("multiValueHeaders"u8);
        foreach (var (name, values) in headers)
        {
            if (values.Count > 0 && IsReturned(name, isHead))
            {
                json.WriteStartArray(name);
                foreach (var value in values)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    private static bool IsCookie(string name) => name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase);

    // The event source frames the response itself.
    private static bool IsReturned(string name, bool isHead)
        => !name.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase)
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
