using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Aspire.Dashboard.Otlp;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Dashboard.Tests.Otlp;

/// <summary>A server for telemetry on two free ports, with its store.</summary>
internal sealed class RunningOtlp : IAsyncDisposable
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    private readonly OtlpServer _server;

    private RunningOtlp(OtlpServer server, TelemetryStore store, DashboardOptions options) => (_server, Store, Options) = (server, store, options);

    public TelemetryStore Store { get; }

    public DashboardOptions Options { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public static async Task<RunningOtlp> StartAsync(TelemetryLimits? limits = null, bool anonymous = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            var options = new DashboardOptions
            {
                FrontendUrl = new Uri("http://localhost:0"),
                OtlpGrpcUrl = FreePort(),
                OtlpHttpUrl = FreePort(),
                BrowserToken = "unused",
                OtlpApiKey = Key,
                AllowAnonymous = anonymous,
                ApplicationName = "tests",
            };
            var store = new TelemetryStore(limits ?? new TelemetryLimits());
            var server = new OtlpServer(options, store, NullLoggerFactory.Instance);
            try
            {
                await server.StartAsync(TestContext.Current.CancellationToken);
                return new RunningOtlp(server, store, options);
            }
            catch (DistributedApplicationException) when (attempt < 10)
            {
                // Another test took the port between the look and the start.
                await server.DisposeAsync();
            }
        }
    }

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Options.OtlpHttpUrl, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Headers.Add("x-otlp-api-key", Key);
        change?.Invoke(request);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Waits, at most 30 s, until something has arrived.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<T?> look)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (look() is { } found)
            {
                return found;
            }

            await Task.Delay(20, deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }

    private static Uri FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Uri($"http://localhost:{((IPEndPoint)socket.LocalEndPoint!).Port}");
    }
}
