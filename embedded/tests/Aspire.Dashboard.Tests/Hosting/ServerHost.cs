using System.Net;
using System.Net.Sockets;
using Aspire.Dashboard.Hosting;
using Aspire.Dashboard.Tests.Resources;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Dashboard.Tests.Hosting;

/// <summary>A running dashboard, of an application with one resource <c>api</c>, and a client that is signed in.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private const string Token = "token-of-this-test";

    private readonly PageHost _host = new();
    private readonly DashboardServer _server = new();
    // Cookies are set by hand: the tests are about who gets them.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private ServerHost() => _host.AddWorker("api");

    public Uri Address { get; private set; } = null!;

    /// <summary>What the browser sends after signing in.</summary>
    public string Cookie { get; private set; } = "";

    public static async Task<ServerHost> StartAsync()
    {
        var host = new ServerHost();
        await host._host.StartAsync();
        var services = host._host.Application.Services;
        host.Address = FreeUrl(services);
        var options = new DashboardOptions
        {
            FrontendUrl = host.Address,
            OtlpGrpcUrl = FreeUrl(services),
            OtlpHttpUrl = FreeUrl(services),
            BrowserToken = Token,
            OtlpApiKey = "key",
            AllowAnonymous = false,
            ApplicationName = "Test",
        };
        await host._server.StartAsync(options, services, TestContext.Current.CancellationToken);
        using var signedIn = await host.SendAsync(new(HttpMethod.Get, "/login?t=" + Token), signedIn: false);
        host.Cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return host;
    }

    /// <summary>Lets the resource listen on a port.</summary>
    public void Allocate(int port)
    {
        var resource = _host.Model.Resources.Single(r => r.Name == "api");
        var endpoint = new EndpointAnnotation(ProtocolType.Tcp, uriScheme: "http", name: "http");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port);
        resource.Annotations.Add(endpoint);
    }

    private static Uri FreeUrl(IServiceProvider services) => new($"http://localhost:{services.GetRequiredService<PortReservations>().Reserve(0, fallBackWhenTaken: false)}");

    /// <summary>A port on which nobody listens.</summary>
    public static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool signedIn = true)
    {
        request.RequestUri = new Uri(Address.GetLeftPart(UriPartial.Authority) + request.RequestUri!.OriginalString, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        if (signedIn)
        {
            request.Headers.Add("Cookie", Cookie);
        }

        using (request)
        {
            return await _client.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(PageHost.Deadline, TestContext.Current.CancellationToken);
        }
    }

    public Task<HttpResponseMessage> GetAsync(string path, bool signedIn = true) => SendAsync(new(HttpMethod.Get, new Uri(path, UriKind.Relative)), signedIn);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _host.DisposeAsync();
    }
}
