using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace RvkApp.Api.Platform.Http;

/// <summary>
/// Answers 413 to a request body over the limit, whether its length is announced or it arrives in chunks, and whichever server is
/// below. A server's own limit would close the connection while the client still sends, and the client would see a reset, not the answer.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, IOptions<LimitsOptions> options)
{
    private readonly long _maximum = options.Value.BodyBytes;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > _maximum)
        {
            // The status code page middleware writes the body.
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }

        if (request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false)
        {
            request.Body = new LimitedStream(request.Body, _maximum);
        }

        return next(context);
    }

    /// <summary>Passes through at most <paramref name="remaining"/> bytes; reading past them is the client's error.</summary>
    private sealed class LimitedStream(Stream inner, long remaining) : Stream
    {
        private long _remaining = remaining;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => Count(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Count(int read)
        {
            _remaining -= read;
            return _remaining >= 0
                ? read
                : throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
        }
    }
}
