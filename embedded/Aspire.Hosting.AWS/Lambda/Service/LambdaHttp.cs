using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>Reading and writing bodies.</summary>
internal static class LambdaHttp
{
    private const long LargestDrain = 64 * 1024 * 1024;

    /// <summary>Reads a body, to the end unless it is very large.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limit">How many bytes are kept, at most.</param>
    /// <returns>The bytes, none when there are more than the limit, and how many there are.</returns>
    public static async ValueTask<(Payload Body, long Length)> ReadAsync(HttpContext context, int limit)
    {
        var reader = context.Request.BodyReader;
        var announced = context.Request.ContentLength ?? 4096;
        var body = new Payload((int)Math.Clamp(announced, 1, limit));
        long length = 0;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
                length += read.Buffer.Length;
                if (length <= limit)
                {
                    foreach (var segment in read.Buffer)
                    {
                        body.Write(segment.Span);
                    }
                }

                reader.AdvanceTo(read.Buffer.End);
                // The rest is read too, since a client that is still writing does not see an answer; but not without end.
                if (read.IsCompleted || length > LargestDrain)
                {
                    break;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        if (length <= limit)
        {
            return (body, length);
        }

        body.Dispose();
        return (new Payload(1), Math.Max(length, context.Request.ContentLength ?? 0));
    }

    /// <summary>Answers with an error as the Runtime API does.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string type, string message)
    {
        var body = new InvocationError(type, message).ToPayload(requestId: null);
        return WriteAsync(context, status, body);
    }

    /// <summary>Answers with JSON, and gives it back.</summary>
    public static async Task WriteAsync(HttpContext context, int status, Payload body)
    {
        using (body)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body.Memory, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Whether this is one JSON value.</summary>
    public static bool IsJson(ReadOnlySpan<byte> text, out string reason)
    {
        var reader = new Utf8JsonReader(text);
        try
        {
            while (reader.Read())
            {
                // Nothing but whether it can be read is of interest.
            }

            reason = "";
            return true;
        }
        catch (JsonException exception)
        {
            reason = exception.Message;
            return false;
        }
    }
}
