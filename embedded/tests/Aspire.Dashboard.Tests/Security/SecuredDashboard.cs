using System.Net;
using Aspire.Dashboard.Hosting;
using Aspire.Dashboard.Tests.Security;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(SecuredDashboard))]

namespace Aspire.Dashboard.Tests.Security;

/// <summary>A running application with one secret and its dashboard, on any free ports.</summary>
public sealed class SecuredDashboard : IAsyncLifetime
{
    internal const string Secret = "secret-of-the-model-0123456789";

    private DistributedApplication? _application;

    internal DashboardOptions Options => Server.Services.GetRequiredService<DashboardOptions>();

    internal DashboardServer Server { get; private set; } = null!;

    internal Uri Root => new(Options.FrontendUrl, "/");

    public async ValueTask InitializeAsync()
    {
        _application = Build();
        await _application.StartAsync(TestContext.Current.CancellationToken);
        Server = await ServerOf(_application);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.StopAsync();
            await _application.DisposeAsync();
        }
    }

    /// <summary>An application with a dashboard on any free ports.</summary>
    internal static DistributedApplication Build(params string[] arguments)
    {
        var builder = DistributedApplication.CreateBuilder(
        [
            $"--{DashboardOptions.FrontendUrlKey}=http://localhost:0", $"--{DashboardOptions.OtlpGrpcUrlKey}=http://localhost:0", $"--{DashboardOptions.OtlpHttpUrlKey}=http://localhost:0", .. arguments,
        ]);
        builder.AddParameter("hidden", Secret, secret: true);
        return builder.Build();
    }

    internal static async Task<DashboardServer> ServerOf(DistributedApplication application)
    {
        var lifecycle = application.Services.GetRequiredService<DashboardLifecycle>();
        Assert.NotNull(await lifecycle.Started.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        return Assert.IsType<DashboardServer>(lifecycle.Dashboard);
    }

    /// <summary>A client that follows no redirect and has the cookie of a sign-in only if it asks for it.</summary>
    internal async Task<HttpClient> CreateClientAsync(bool signIn)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Root, Timeout = TimeSpan.FromSeconds(30) };
        if (signIn)
        {
            using var response = await client.GetAsync(Options.SignInUrl, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        }

        return client;
    }
}
