using System.Net;
using Grpc.Core;
using Grpc.Net.Client;

namespace Aspire.Dashboard.Tests.Otlp;

/// <summary>Who may send telemetry.</summary>
public class AccessTests
{
    public static readonly TheoryData<string, string?> Wrong = new()
    {
        { "traces", null }, { "metrics", null }, { "logs", null },
        { "traces", "wrong" }, { "metrics", RunningOtlp.Key + "0" }, { "logs", "" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Without_the_key_nothing_is_taken_over_http(string signal, string? key)
    {
        await using var otlp = await RunningOtlp.StartAsync();

        using var response = await otlp.PostAsync("/v1/" + signal, Payload(signal), r =>
        {
            r.Headers.Remove("x-otlp-api-key");
            if (key is not null)
            {
                r.Headers.TryAddWithoutValidation("x-otlp-api-key", key);
            }
        });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain(RunningOtlp.Key, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(otlp.Store.Resources);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Without_the_key_nothing_is_taken_over_grpc(string signal, string? key)
    {
        await using var otlp = await RunningOtlp.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => ExportAsync(otlp, signal, Payload(signal), key));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        Assert.Contains("OTEL_EXPORTER_OTLP_HEADERS", error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(otlp.Store.Resources);
    }

    [Theory]
    [InlineData("traces")]
    [InlineData("metrics")]
    [InlineData("logs")]
    public async Task With_the_key_it_is_taken_on_both_ports(string signal)
    {
        await using var otlp = await RunningOtlp.StartAsync();

        using var response = await otlp.PostAsync("/v1/" + signal, Payload(signal));
        var reply = await ExportAsync(otlp, signal, Payload(signal).Concat(Payloads.Request("another")).ToArray(), RunningOtlp.Key);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotNull(reply);
        Assert.Equal("sender", Assert.Single(otlp.Store.Resources).Name);
    }

    [Fact]
    public async Task Without_a_key_it_is_taken_when_anonymous_access_is_allowed()
    {
        await using var otlp = await RunningOtlp.StartAsync(anonymous: true);

        using var response = await otlp.PostAsync("/v1/logs", Payloads.Logs(), r => r.Headers.Remove("x-otlp-api-key"));
        await ExportAsync(otlp, "logs", Payloads.Logs(), key: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4, otlp.Store.GetLogs(new(), 0, 10).Total);
    }

    [Theory]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("http://localhost:18888", true)]
    public async Task A_page_in_a_browser_is_refused_whatever_its_origin_and_key(string origin, bool anonymous)
    {
        await using var otlp = await RunningOtlp.StartAsync(anonymous: anonymous);

        using var response = await otlp.PostAsync("/v1/traces", Payloads.Traces(), r => r.Headers.TryAddWithoutValidation("Origin", origin));
        var error = await Assert.ThrowsAsync<RpcException>(() => ExportAsync(otlp, "traces", Payloads.Traces(), RunningOtlp.Key, new Metadata { { "origin", origin } }));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Empty(otlp.Store.Resources);
    }

    internal static byte[] Payload(string signal) => signal switch { "traces" => Payloads.Traces(), "metrics" => Payloads.Metrics(), _ => Payloads.Logs() };

    internal static async Task<byte[]> ExportAsync(RunningOtlp otlp, string signal, byte[] request, string? key, Metadata? more = null)
    {
        var service = signal switch { "traces" => "trace.v1.TraceService", "metrics" => "metrics.v1.MetricsService", _ => "logs.v1.LogsService" };
        var bytes = Marshallers.Create(static (byte[] b) => b, static b => b);
        using var channel = GrpcChannel.ForAddress(otlp.Options.OtlpGrpcUrl, new GrpcChannelOptions { MaxSendMessageSize = null });
        var headers = more ?? [];
        if (key is not null)
        {
            headers.Add("x-otlp-api-key", key);
        }

        var method = new Method<byte[], byte[]>(MethodType.Unary, "opentelemetry.proto.collector." + service, "Export", bytes, bytes);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(headers, DateTime.UtcNow.AddSeconds(60), TestContext.Current.CancellationToken), request);
        return await call.ResponseAsync;
    }
}
