using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Aspire.Dashboard.Telemetry;
using Grpc.Core;

namespace Aspire.Dashboard.Tests.Otlp;

/// <summary>Forms of requests: what is understood, what is refused, and what the sender is told.</summary>
public class RequestTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused_with_the_one_to_use(string? type)
    {
        await using var otlp = await RunningOtlp.StartAsync();

        using var response = await otlp.PostAsync("/v1/logs", Payloads.Logs(), r => r.Content!.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("http/protobuf", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.OK, 2)]
    [InlineData("deflate", HttpStatusCode.OK, 2)]
    [InlineData("identity", HttpStatusCode.OK, 2)]
    [InlineData("br", HttpStatusCode.UnsupportedMediaType, 0)]
    public async Task Compressed_bodies_are_read(string encoding, HttpStatusCode status, int records)
    {
        await using var otlp = await RunningOtlp.StartAsync();

        using var response = await otlp.PostAsync("/v1/logs", Compress(Payloads.Logs(), encoding), r => r.Content!.Headers.ContentEncoding.Add(encoding));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(records, otlp.Store.GetLogs(new(), 0, 10).Total);
    }

    [Fact]
    public async Task A_body_that_expands_beyond_the_limit_is_refused_on_both_ports()
    {
        await using var otlp = await RunningOtlp.StartAsync();
        var bomb = new byte[200 << 20];

        using var response = await otlp.PostAsync("/v1/logs", Compress(bomb, "gzip"), r => r.Content!.Headers.ContentEncoding.Add("gzip"));
        var error = await Assert.ThrowsAsync<RpcException>(() => AccessTests.ExportAsync(otlp, "logs", bomb, RunningOtlp.Key, new Metadata { { "grpc-internal-encoding-request", "gzip" } }));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("MaxDecompressedBytes", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task A_compressed_request_over_grpc_is_read()
    {
        await using var otlp = await RunningOtlp.StartAsync();
        var large = Payloads.Request("sender", [.. Enumerable.Range(0, 30).Select(i => Payloads.Log(new string('x', 100_000)))]);

        await AccessTests.ExportAsync(otlp, "logs", large, RunningOtlp.Key, new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        Assert.Equal(30, otlp.Store.GetLogs(new(), 0, 100).Total);
    }

    [Fact]
    public async Task A_body_larger_than_the_limit_is_refused_on_both_ports()
    {
        await using var otlp = await RunningOtlp.StartAsync(new TelemetryLimits { MaxRequestBytes = 4096 });

        using var response = await otlp.PostAsync("/v1/logs", Payloads.Request("sender", Payloads.Log(new string('x', 5000))));
        var error = await Assert.ThrowsAsync<RpcException>(() => AccessTests.ExportAsync(otlp, "logs", Payloads.Request("sender", Payloads.Log(new string('x', 5000))), RunningOtlp.Key));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(0, otlp.Store.GetLogs(new(), 0, 10).Total);
    }

    [Theory]
    [InlineData("traces")]
    [InlineData("metrics")]
    [InlineData("logs")]
    public async Task A_malformed_request_is_refused_and_counted(string signal)
    {
        await using var otlp = await RunningOtlp.StartAsync();
        var malformed = AccessTests.Payload(signal)[..^3];

        using var response = await otlp.PostAsync("/v1/" + signal, malformed);
        var error = await Assert.ThrowsAsync<RpcException>(() => AccessTests.ExportAsync(otlp, signal, malformed, RunningOtlp.Key));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/x-protobuf", response.Content.Headers.ContentType?.MediaType);
        // google.rpc.Status: field 1 is the code INVALID_ARGUMENT, field 2 the message.
        Assert.Equal([0x08, 3, 0x12], (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))[..3]);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var dropped = signal switch { "traces" => otlp.Store.DroppedTraces, "metrics" => otlp.Store.DroppedMetrics, _ => otlp.Store.DroppedLogs };
        Assert.Equal(2, dropped.Refused);
        Assert.Empty(otlp.Store.Resources);
    }

    [Fact]
    public async Task Data_that_is_no_gzip_is_refused()
    {
        await using var otlp = await RunningOtlp.StartAsync();

        using var response = await otlp.PostAsync("/v1/logs", Payloads.Logs(), r => r.Content!.Headers.ContentEncoding.Add("gzip"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_sender_is_told_how_many_records_were_refused()
    {
        await using var otlp = await RunningOtlp.StartAsync();
        var request = Payloads.Request("sender", Payloads.Span(Payloads.SpanId), Payloads.Span([]), Payloads.Span([1, 2, 3]));

        using var response = await otlp.PostAsync("/v1/traces", request);
        var reply = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0x0A, reply[0]); // partial_success
        Assert.Equal([0x08, 2, 0x12], reply[^(reply[1] == reply.Length - 2 ? reply.Length - 2 : reply.Length - 3)..][..3]);
        Assert.Contains("refused", Encoding.UTF8.GetString(reply), StringComparison.Ordinal);
        Assert.Equal((2, 1), (otlp.Store.DroppedTraces.Refused, otlp.Store.GetTraces(new(), 0, 10).Total));
    }

    [Fact]
    public async Task Where_nothing_is_served_there_is_nothing()
    {
        await using var otlp = await RunningOtlp.StartAsync();

        using var response = await otlp.PostAsync("/", []);
        using var get = await otlp.PostAsync("/v1/logs", [], r => (r.Method, r.Content) = (HttpMethod.Get, null));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
    }

    private static byte[] Compress(byte[] data, string encoding)
    {
        if (encoding == "identity")
        {
            return data;
        }

        using var result = new MemoryStream();
        using (Stream compression = encoding switch
        {
            "gzip" => new GZipStream(result, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(result, CompressionLevel.Optimal, leaveOpen: true),
            _ => new BrotliStream(result, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            compression.Write(data);
        }

        return result.ToArray();
    }
}
