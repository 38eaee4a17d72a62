using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Aspire.Dashboard.Telemetry;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Dashboard.Otlp;

/// <summary>OTLP over HTTP with Protocol Buffers (https://opentelemetry.io/docs/specs/otlp/#otlphttp): a POST for each request.</summary>
internal sealed class OtlpHttp(TelemetryReceiver receiver)
{
    public const string ContentType = "application/x-protobuf";

    private const int FirstBuffer = 64 * 1024;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/traces", context => ReceiveAsync(context, TelemetryKind.Traces));
        endpoints.MapPost("/v1/metrics", context => ReceiveAsync(context, TelemetryKind.Metrics));
        endpoints.MapPost("/v1/logs", context => ReceiveAsync(context, TelemetryKind.Logs));
    }

    private async Task ReceiveAsync(HttpContext context, TelemetryKind signal)
    {
        var type = context.Request.ContentType;
        if (type is null || !type.AsSpan(0, type.IndexOf(';') is >= 0 and var end ? end : type.Length).Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            await OtlpAccess.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, StatusCode.InvalidArgument,
                $"The content type has to be {ContentType}: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf. JSON is not taken.");
            return;
        }

        if (Decompress(context.Request) is not { } body)
        {
            await OtlpAccess.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, StatusCode.InvalidArgument, "The content encoding has to be gzip, deflate or none.");
            return;
        }

        await using (body)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
            try
            {
                var length = 0;
                while (await body.ReadAsync(buffer.AsMemory(length), context.RequestAborted) is > 0 and var read)
                {
                    length += read;
                    if (length == buffer.Length)
                    {
                        buffer = Grow(buffer);
                    }
                }

                var refused = receiver.Receive(signal, buffer.AsSpan(0, length));
                context.Response.ContentType = ContentType;
                await context.Response.Body.WriteAsync(OtlpReply.Success(refused), context.RequestAborted);
            }
            catch (TelemetryTooLargeException exception)
            {
                receiver.Refuse(signal);
                await OtlpAccess.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted, exception.Message);
            }
            catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
            {
                receiver.Refuse(signal);
                await OtlpAccess.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted, TooLarge(nameof(TelemetryLimits.MaxRequestBytes), receiver.Limits.MaxRequestBytes));
            }
            catch (Exception exception) when (exception is MalformedTelemetryException or InvalidDataException)
            {
                if (exception is InvalidDataException)
                {
                    receiver.Refuse(signal);
                }

                await OtlpAccess.RefuseAsync(context, StatusCodes.Status400BadRequest, StatusCode.InvalidArgument, exception.Message);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>The body as it was before compression, within the limit; null when it is compressed in an unknown way.</summary>
    private BoundedStream? Decompress(HttpRequest request)
    {
        var body = request.Body;
        Stream? plain = request.Headers.ContentEncoding.ToString().Trim().ToUpperInvariant() switch
        {
            "" or "IDENTITY" => body,
            "GZIP" => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
            "DEFLATE" => new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true),
            _ => null,
        };
        var limit = receiver.Limits.MaxDecompressedBytes;
        return plain is null ? null : new BoundedStream(plain, limit, () => new TelemetryTooLargeException(TooLarge(nameof(TelemetryLimits.MaxDecompressedBytes), limit)));
    }

    private static string TooLarge(string limit, int bytes)
        => string.Create(CultureInfo.InvariantCulture, $"The request has more than {bytes} bytes ({TelemetryLimits.Section}:{limit}): send smaller batches.");

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
