using System.IO.Pipelines;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>
/// Collects the body of a response: Lambda returns it whole. Flushing and the stream's writes start the response, as they do on a server that sends.
/// </summary>
internal sealed class ResponseBody : PipeWriter, IHttpResponseBodyFeature, IDisposable
{
    private readonly PooledBuffer _buffer = new(16 * 1024);
    private readonly InvocationResponse _response;
    private readonly Stream _stream;

    public ResponseBody(InvocationResponse response)
    {
        _response = response;
        _stream = new BodyStream(this);
    }

    /// <summary>What was written so far.</summary>
    public PooledBuffer Buffer => _buffer;

    public Stream Stream => _stream;

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => 0;

    public void Reset() => _buffer.Reset();

    public override void Advance(int bytes) => _buffer.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
        // A flush never waits.
    }

    public override void Complete(Exception? exception = null)
    {
        // The server completes the response when the pipeline has ended.
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var start = _response.StartAsync();
        return start.IsCompletedSuccessfully ? default : Wait(start);

        static async ValueTask<FlushResult> Wait(Task start)
        {
            await start.ConfigureAwait(false);
            return default;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _response.StartAsync();

    public Task CompleteAsync() => _response.StartAsync();

    public void DisableBuffering()
    {
        // A hint, which a server that returns whole responses cannot follow.
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
        => SendFileFallback.SendFileAsync(_stream, path, offset, count, cancellationToken);

    public void Dispose() => _buffer.Dispose();

    private sealed class BodyStream(ResponseBody body) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException("The response body can only be written.");

        public override long Position
        {
            get => throw new NotSupportedException("The response body can only be written.");
            set => throw new NotSupportedException("The response body can only be written.");
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var start = body._response.StartAsync();
            if (!start.IsCompletedSuccessfully)
            {
                return WaitAndWrite(start, buffer);
            }

            Append(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            body._response.StartAsync().GetAwaiter().GetResult();
            Append(buffer);
        }

        public override void Flush() => body._response.StartAsync().GetAwaiter().GetResult();

        public override Task FlushAsync(CancellationToken cancellationToken) => body._response.StartAsync();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The response body can only be written.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The response body can only be written.");

        public override void SetLength(long value) => throw new NotSupportedException("The response body can only be written.");

        private async ValueTask WaitAndWrite(Task start, ReadOnlyMemory<byte> buffer)
        {
            await start.ConfigureAwait(false);
            Append(buffer.Span);
        }

        private void Append(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(body._buffer.GetSpan(bytes.Length));
            body._buffer.Advance(bytes.Length);
        }
    }
}
