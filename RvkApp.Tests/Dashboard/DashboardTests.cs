using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RvkApp.Tests.Dashboard;
using RvkApp.Tests.Support;
using static Microsoft.Playwright.Assertions;

[assembly: AssemblyFixture(typeof(DashboardSystem))]

namespace RvkApp.Tests.Dashboard;

/// <summary>The dashboard in a real browser, on the whole running system.</summary>
public sealed class DashboardTests(DashboardSystem system)
{
    /// <summary>The pages, with what each has when it shows what it is for.</summary>
    public static TheoryData<string, string, string> Pages => new()
    {
        { "/", "Resources", "mongo" },
        { "/?view=graph", "Resources", "mongo" },
        { "/?resource=api", "Resources", "OTEL_SERVICE_NAME" },
        { "/consolelogs", "Console logs", "mongo" },
        { "/structuredlogs", "Structured logs", "GET" },
        { "/traces", "Traces", "gateway: POST /{proxy+}" },
        { "/metrics?resource=gateway&instrument=http.server.request.duration&meter=Aspire.Hosting.AWS.ApiGateway", "Metrics", "http.server.request.duration" },
        { "/topology", "Topology", "RVK-mongo-db-sg" },
        { "/api", "API", "gateway" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Each_page_shows_what_it_is_for_in_light_and_dark_accessibly_and_without_a_complaint(string path, string title, string content)
    {
        await RequestAsync();
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var tab = await system.OpenAsync(scheme);
            await tab.GoAsync(path);
            await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(title);
            await Expect(tab.Page.Locator("main")).ToContainTextAsync(content);
            await tab.ShouldBeAccessibleAsync();
            await tab.ScreenshotAsync(path, scheme);
            tab.ShouldHaveNoComplaints();
        }
    }

    [Fact]
    public async Task Who_follows_the_link_of_the_console_is_in_and_sees_every_resource_running()
    {
        await using var tab = await system.OpenAsync();
        Assert.DoesNotContain("t=", tab.Page.Url, StringComparison.Ordinal);
        foreach (var resource in (string[])["gateway", "api", "mongo", "school"])
        {
            await Expect(Row(tab, resource)).ToContainTextAsync("Running");
        }
    }

    [Fact]
    public async Task Who_has_no_token_sees_the_sign_in_only()
    {
        await using var tab = await system.OpenAsync(signIn: false);
        await tab.Page.GotoAsync(new Uri(await system.LinkAsync(), "/metrics").AbsoluteUri);
        await Expect(tab.Page.GetByLabel("Token")).ToBeVisibleAsync();
        await tab.ShouldBeAccessibleAsync();
        await tab.Page.GetByLabel("Token").FillAsync((await system.LinkAsync()).Query["?t=".Length..]);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(tab.Page).ToHaveURLAsync(new Regex("/metrics$"));
    }

    [Fact]
    public async Task A_request_is_one_trace_from_the_gateway_to_MongoDB()
    {
        using var client = await system.CreateClientAsync();
        var name = $"trace-{Guid.NewGuid():N}";
        await Entity.Courses.CreateAsync(client, course => course["title"] = name);

        await using var tab = await system.OpenAsync();
        await tab.GoAsync("/traces?resource=api&text=POST%20%2Fcourses");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "gateway: POST" }).First.ClickAsync();
        var main = tab.Page.Locator("main");
        await Expect(main).ToContainTextAsync("gateway");
        await Expect(main).ToContainTextAsync("POST /courses");
        await Expect(main).ToContainTextAsync("insert");
        await Expect(main).ToContainTextAsync("mongo");
        await tab.ShouldBeAccessibleAsync();
        await tab.ScreenshotAsync("/traces/detail", ColorScheme.Light);
        tab.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task A_metric_moves_with_the_requests()
    {
        await RequestAsync();
        await using var tab = await system.OpenAsync();
        await tab.GoAsync("/metrics?resource=gateway&view=table&duration=1&meter=Aspire.Hosting.AWS.ApiGateway&instrument=http.server.request.duration");
        await Expect(tab.Page.Locator("main table").First).ToBeVisibleAsync();
        await Eventually.UntilAsync(async () =>
        {
            await RequestAsync();
            return Regex.IsMatch(await tab.Page.Locator("main").InnerTextAsync(), @"\d+(\.\d+)? ?ms");
        }, () => "no duration was shown");
        tab.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task The_console_log_follows_the_resource()
    {
        await using var tab = await system.OpenAsync();
        await tab.GoAsync("/consolelogs/gateway");
        await RequestAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Log)).ToContainTextAsync("GET /courses");
        tab.ShouldHaveNoComplaints();
    }

    [Fact]
    public async Task A_structured_log_is_found_by_its_text()
    {
        await RequestAsync();
        await using var tab = await system.OpenAsync();
        await tab.GoAsync("/structuredlogs?resource=gateway&text=%2Fcourses");
        await Expect(tab.Page.Locator("main table")).ToContainTextAsync("/courses");
        await tab.GoAsync("/structuredlogs?resource=gateway&text=this-is-nowhere");
        await Expect(tab.Page.Locator("main")).ToContainTextAsync("No log record fits.");
        tab.ShouldHaveNoComplaints();
    }

    internal static ILocator Row(DashboardTab tab, string resource)
        => tab.Page.GetByRole(AriaRole.Row).Filter(new() { Has = tab.Page.GetByRole(AriaRole.Link, new() { Name = resource, Exact = true }) }).First;

    private async Task RequestAsync()
    {
        using var client = await system.CreateClientAsync();
        (await client.GetAnswerAsync("/courses")).ShouldBe(200);
    }
}

/// <summary>What acts on the system, and would disturb the other tests: on a system of its own.</summary>
public sealed class DashboardCommandTests : IAsyncLifetime
{
    private readonly DashboardSystem _system = new();

    [Fact]
    public async Task The_api_is_restarted_from_its_row_and_comes_back()
    {
        await using var tab = await _system.OpenAsync();
        await tab.GoAsync("/");
        var row = DashboardTests.Row(tab, "api");
        var before = await row.InnerTextAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "api" }).Last.ClickAsync();
        await tab.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Restart" }).Or(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Restart", Exact = true })).First.ClickAsync();
        await Eventually.UntilAsync(async () => await row.InnerTextAsync() is var now && now != before && now.Contains("Running", StringComparison.Ordinal), () => "the api did not come back");
        using var client = await _system.CreateClientAsync();
        (await client.GetAnswerAsync("/courses")).ShouldBe(200);
        tab.ShouldHaveNoComplaints();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _system.DisposeAsync();
}
