using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Aspire.Dashboard.Telemetry;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Aspire.Dashboard.Otlp;

/// <summary>OTLP over gRPC: the method Export of the three services. Their messages are read from the bytes, so there are no generated classes.</summary>
internal sealed class OtlpGrpc(TelemetryReceiver receiver)
{
    private int Receive(TelemetryKind signal, OtlpPayload request)
    {
        try
        {
            return receiver.Receive(signal, request.Bytes);
        }
        catch (MalformedTelemetryException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
        }
        finally
        {
            request.Release();
        }
    }

    /// <summary>Tells gRPC the methods, which elsewhere generated code does.</summary>
    public sealed class Methods : IServiceMethodProvider<OtlpGrpc>
    {
        private static readonly Marshaller<OtlpPayload> Requests = new(static (_, _) => throw new NotSupportedException(), static context => OtlpPayload.Copy(context.PayloadAsReadOnlySequence()));
        private static readonly Marshaller<byte[]> Replies = new(static (reply, context) => context.Complete(reply), static context => context.PayloadAsNewBuffer());

        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<OtlpGrpc> context)
        {
            Add("opentelemetry.proto.collector.trace.v1.TraceService", TelemetryKind.Traces);
            Add("opentelemetry.proto.collector.metrics.v1.MetricsService", TelemetryKind.Metrics);
            Add("opentelemetry.proto.collector.logs.v1.LogsService", TelemetryKind.Logs);

            void Add(string service, TelemetryKind signal) => context.AddUnaryMethod(
                new Method<OtlpPayload, byte[]>(MethodType.Unary, service, "Export", Requests, Replies), [],
                (receiver, request, _) => Task.FromResult(OtlpReply.Success(receiver.Receive(signal, request))));
        }
    }

    /// <summary>A compression that does not expand beyond the limit.</summary>
    public sealed class BoundedCompression(string encoding, TelemetryLimits limits) : ICompressionProvider
    {
        public string EncodingName => encoding;

        public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel)
            => encoding == "gzip" ? new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true) : new ZLibStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

        public Stream CreateDecompressionStream(Stream stream)
        {
            Stream plain = encoding == "gzip" ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : new ZLibStream(stream, CompressionMode.Decompress, leaveOpen: true);
            return new BoundedStream(plain, limits.MaxDecompressedBytes, () => new RpcException(new Status(StatusCode.ResourceExhausted, string.Create(CultureInfo.InvariantCulture,
                $"The request has more than {limits.MaxDecompressedBytes} bytes after decompression ({TelemetryLimits.Section}:{nameof(TelemetryLimits.MaxDecompressedBytes)}): send smaller batches."))));
        }
    }
}

/// <summary>The bytes of a request, in a rented buffer.</summary>
internal sealed class OtlpPayload
{
    private readonly int _length;
    private byte[] _buffer;

    private OtlpPayload(byte[] buffer, int length) => (_buffer, _length) = (buffer, length);

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public static OtlpPayload Copy(in ReadOnlySequence<byte> bytes)
    {
        var length = checked((int)bytes.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(buffer);
        return new OtlpPayload(buffer, length);
    }

    /// <summary>Gives the buffer back; the bytes must not be used any more.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
