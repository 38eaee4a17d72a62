using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>Writes responses: the functions' and the gateway's own.</summary>
/// <param name="cors">The CORS configuration; null when there is none.</param>
internal sealed class ResponseWriter(CorsPolicy? cors)
{
    // A client that reads slowly holds back this much in Kestrel, and not the whole response once more.
    private const int ChunkBytes = 64 * 1024;

    private readonly ResponseHeaders _headers = new(cors);

    /// <summary>The CORS configuration; null when there is none.</summary>
    public CorsPolicy? Cors => cors;

    /// <summary>Writes an answer of the gateway, unless a response has begun.</summary>
    public static async ValueTask WriteAsync(GatewayRequest request, GatewayAnswer answer)
    {
        var response = request.Response;
        if (response.HasStarted)
        {
            return;
        }

        request.Answer = answer;
        response.StatusCode = answer.Status;
        response.Headers.Clear();
        response.Headers["Apigw-Requestid"] = request.Id;
        response.Headers.ContentType = "application/json";
        response.Headers.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(request.Http.Method))
        {
            request.ResponseLength = answer.Body.Length;
            await request.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(answer.Body);
        }
    }

    /// <summary>Writes a response without a body.</summary>
    public static void WriteEmpty(GatewayRequest request, int status)
    {
        request.Response.StatusCode = status;
        request.Response.Headers["Apigw-Requestid"] = request.Id;
    }

    /// <summary>Writes what a function returned.</summary>
    /// <returns>The answer to give in its place, when what it returned is no response; else null.</returns>
    public async ValueTask<GatewayAnswer?> WriteAsync(GatewayRequest request, ReadOnlyMemory<byte> payload)
    {
        request.IntegrationError = Prepare(request, payload.Span, out var body);
        try
        {
            if (request.IntegrationError is not null)
            {
                return GatewayAnswer.InternalServerError;
            }

            if (!HttpMethods.IsHead(request.Http.Method) && body.Length > 0)
            {
                request.ResponseLength = body.Length;
                await SendAsync(request, body.In(payload));
            }

            return null;
        }
        finally
        {
            body.Return();
        }
    }

    // Everything but the body.
    private string? Prepare(GatewayRequest request, ReadOnlySpan<byte> payload, out ResponseBody body)
    {
        body = default;
        if (FunctionResponse.Read(payload, out var response) is { } malformed)
        {
            return malformed;
        }

        request.FunctionStatus = response.IsInferred ? null : response.Status;
        request.Response.StatusCode = response.Status;
        var headers = request.Response.Headers;
        if (_headers.Set(response, headers, out var announced) is { } wrongHeader)
        {
            return wrongHeader;
        }

        if (response.ReadBody(out body) is { } wrongBody)
        {
            return wrongBody;
        }

        headers["Apigw-Requestid"] = request.Id;
        cors?.AddTo(request.Http.Headers, headers);
        if (response.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            // There is no body with these, whatever the function says.
            body.Return();
            body = default;
            return null;
        }

        if (headers.ContentType.Count == 0)
        {
            headers.ContentType = response.IsInferred ? "application/json" : "text/plain; charset=utf-8";
        }

        // To HEAD a function may say the length of a body that it does not send.
        headers.ContentLength = HttpMethods.IsHead(request.Http.Method) && announced is not null ? announced : body.Length;
        return null;
    }

    private static async ValueTask SendAsync(GatewayRequest request, ReadOnlyMemory<byte> body)
    {
        var writer = request.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        if (body.Length <= ChunkBytes)
        {
            // Kestrel sends it with the end of the response.
            writer.Write(body.Span);
            return;
        }

        while (!body.IsEmpty)
        {
            var chunk = body[..Math.Min(ChunkBytes, body.Length)];
            body = body[chunk.Length..];
            var sent = await writer.WriteAsync(chunk);
            if (sent.IsCompleted)
            {
                // The client has left.
                request.ClientLeft = true;
                return;
            }
        }
    }
}
