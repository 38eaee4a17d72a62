using System.Text.Json.Nodes;
using Microsoft.Playwright;
using RvkApp.Tests.Page;
using RvkApp.Tests.Processes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Dashboard;

/// <summary>The system as a person starts it, with its dashboard, and a browser. Started when the first test asks for it.</summary>
public sealed class DashboardSystem : IAsyncDisposable
{
    private const string AdminPassword = "admin-password-of-the-tests-1";

    private readonly TemporaryDirectory _home = new();
    private readonly Lazy<Task<Running>> _running;

    public DashboardSystem() => _running = new(StartAsync);

    /// <summary>The link that the console has shown, with its token.</summary>
    internal async Task<Uri> LinkAsync() => (await _running.Value).Link;

    /// <summary>The address of the API.</summary>
    internal async Task<Uri> ApiAsync() => (await _running.Value).Api;

    /// <summary>A client of the API that is signed in as the administrator.</summary>
    internal async Task<HttpClient> CreateClientAsync()
    {
        var client = new HttpClient { BaseAddress = await ApiAsync(), Timeout = TimeSpan.FromSeconds(60) };
        var signedIn = await client.PostAsync("/auth/login", new JsonObject { ["email"] = "admin@school.local", ["password"] = AdminPassword });
        return client.WithToken(signedIn.ShouldBe(200).Json.GetProperty("token").GetString()!);
    }

    /// <summary>A browser without cookies. What its page complains about is collected.</summary>
    internal async Task<DashboardTab> OpenAsync(ColorScheme scheme = ColorScheme.Light, bool signIn = true)
    {
        Assert.SkipWhen(Chromium.SkipReason is not null, Chromium.SkipReason ?? "");
        var running = await _running.Value;
        var context = await running.Browser.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var tab = new DashboardTab(context, await context.NewPageAsync(), new Uri(running.Link, "/"));
        if (signIn)
        {
            await tab.Page.GotoAsync(running.Link.AbsoluteUri);
        }

        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        if (_running.IsValueCreated)
        {
            var running = await _running.Value;
            await running.Browser.DisposeAsync();
            running.Playwright.Dispose();
            await running.Host.DisposeAsync();
        }

        _home.Dispose();
    }

    private async Task<Running> StartAsync()
    {
        var host = AppHostProcess.Start(_home.Path, _home["volumes"], [$"--Parameters:admin-password={AdminPassword}"]);
        try
        {
            var api = await host.WaitForApiAsync();
            var link = new Uri((await host.WaitForOutputAsync(@"(http://\S+/login\?t=\S+)", TimeSpan.FromSeconds(10))).Groups[1].Value);
            var playwright = await Playwright.CreateAsync();
            // Root, which CI runs as, cannot have Chromium's sandbox; the pages are our own.
            var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Executable(), ChromiumSandbox = false, Args = ["--disable-gpu", "--disable-dev-shm-usage"] });
            return new Running(host, api, link, playwright, browser);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private sealed record Running(AppHostProcess Host, Uri Api, Uri Link, IPlaywright Playwright, IBrowser Browser);
}
