using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The body of a request on its way into an event: as text or in base64, in pieces as it arrives, up to a bound.</summary>
internal static class EventBody
{
    /// <summary>Writes the body, and whether it is in base64. A request without one has no <c>body</c>.</summary>
    /// <returns>How many bytes it has; null when they are more than the bound.</returns>
    public static async ValueTask<long?> WriteAsync(GatewayRequest request, long bound)
    {
        var json = request.Json;
        if (request.Http.Headers.ContentLength is { } announced && announced > bound)
        {
            return null;
        }

        if (request.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            json.WriteBoolean(EventNames.IsBase64Encoded, false);
            return 0;
        }

        var reader = request.Features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        var isText = IsText(request.Http.Headers.ContentType);
        long length = 0;
        while (true)
        {
            var result = await reader.ReadAsync();
            length = Append(json, result.Buffer, isText, length);
            reader.AdvanceTo(result.Buffer.End);
            if (length > bound)
            {
                return null;
            }

            if (result.IsCompleted)
            {
                break;
            }
        }

        if (length > 0)
        {
            Append(json, [], isText, isFinal: true);
        }

        json.WriteBoolean(EventNames.IsBase64Encoded, length > 0 && !isText);
        return length;
    }

    /// <summary>
    /// Whether a body of a content type is handed on as text. AWS's documentation does not say; measured are text/* and application/json, xml and
    /// javascript, and everything else, also without a type, is in base64.
    /// </summary>
    public static bool IsText(ReadOnlySpan<char> contentType)
    {
        var parameters = contentType.IndexOf(';');
        var type = (parameters < 0 ? contentType : contentType[..parameters]).Trim();
        return type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/xml", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/javascript", StringComparison.OrdinalIgnoreCase);
    }

    private static long Append(Utf8JsonWriter json, in ReadOnlySequence<byte> buffer, bool isText, long length)
    {
        foreach (var segment in buffer)
        {
            if (segment.IsEmpty)
            {
                continue;
            }

            if (length == 0)
            {
                json.WritePropertyName(EventNames.Body);
            }

            Append(json, segment.Span, isText, isFinal: false);
            length += segment.Length;
        }

        return length;
    }

    private static void Append(Utf8JsonWriter json, ReadOnlySpan<byte> bytes, bool isText, bool isFinal)
    {
        if (isText)
        {
            json.WriteStringValueSegment(bytes, isFinal);
        }
        else
        {
            json.WriteBase64StringSegment(bytes, isFinal);
        }
    }
}
