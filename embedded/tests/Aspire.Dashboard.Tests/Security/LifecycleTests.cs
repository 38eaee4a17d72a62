using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aspire.Dashboard.Tests.Security;

public sealed class LifecycleTests(SecuredDashboard dashboard)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Ports_are_chosen_and_each_run_has_secrets_of_its_own()
    {
        Assert.Equal(3, new[] { dashboard.Options.FrontendUrl.Port, dashboard.Options.OtlpGrpcUrl.Port, dashboard.Options.OtlpHttpUrl.Port }.Where(port => port > 0).Distinct().Count());
        Assert.Matches("^[0-9a-f]{32}$", dashboard.Options.BrowserToken);
        Assert.Matches("^[0-9a-f]{32}$", dashboard.Options.OtlpApiKey);
        Assert.NotEqual(dashboard.Options.BrowserToken, dashboard.Options.OtlpApiKey);
        using var other = SecuredDashboard.Build();
        Assert.NotEqual(dashboard.Options.BrowserToken, other.Services.GetRequiredService<IConfiguration>()[DashboardOptions.BrowserTokenKey]);
    }

    [Fact]
    public async Task A_taken_port_is_an_error_that_names_the_setting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var application = SecuredDashboard.Build($"--ASPNETCORE_URLS=http://localhost:{port}");
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync(Cancelled));
        Assert.Contains($"{port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("ASPNETCORE_URLS", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("https://localhost:0")]
    [InlineData("http://school.example:18888")]
    [InlineData("18888")]
    public async Task A_URL_that_is_not_of_this_machine_is_an_error_that_names_the_setting(string url)
    {
        await using var application = SecuredDashboard.Build($"--ASPNETCORE_URLS={url}");
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync(Cancelled));
        Assert.Contains("ASPNETCORE_URLS", error.Message, StringComparison.Ordinal);
        Assert.Contains(url, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", WaitBehavior.WaitOnResourceUnavailable)]
    [InlineData("false", WaitBehavior.StopOnResourceUnavailable)]
    public void What_is_unavailable_is_waited_for_where_somebody_can_repair_it(string enabled, WaitBehavior expected)
    {
        using var application = SecuredDashboard.Build($"--Embedded:Dashboard:Enabled={enabled}");
        Assert.Equal(enabled == "true", application.Services.GetService<DashboardLifecycle>() is not null);
        Assert.Equal(expected, application.Services.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>().Value.DefaultWaitBehavior);
    }

    [Fact]
    public void A_switch_that_is_neither_true_nor_false_is_an_error()
        => Assert.Contains("Embedded:Dashboard:Enabled", Assert.Throws<DistributedApplicationException>(() => SecuredDashboard.Build("--Embedded:Dashboard:Enabled=maybe")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Nothing_listens_after_the_end()
    {
        await using var application = SecuredDashboard.Build();
        await application.StartAsync(Cancelled);
        var port = (await SecuredDashboard.ServerOf(application)).Services.GetRequiredService<DashboardOptions>().FrontendUrl.Port;
        await application.StopAsync(Cancelled);
        using var client = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port, Cancelled).AsTask());
    }
}
