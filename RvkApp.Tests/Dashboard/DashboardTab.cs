using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace RvkApp.Tests.Dashboard;

/// <summary>A tab of the browser on the dashboard.</summary>
internal sealed class DashboardTab : IAsyncDisposable
{
    // The machine may be running every other test.
    private const float Patience = 60_000;

    private readonly IBrowserContext _context;
    private readonly Uri _root;
    private readonly List<string> _complaints = [];

    public DashboardTab(IBrowserContext context, IPage page, Uri root)
    {
        (_context, Page, _root) = (context, page, root);
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        page.Console += (_, message) => Complain(message.Type is "error" or "warning" ? $"{message.Type}: {message.Text}" : null);
        page.PageError += (_, error) => Complain($"exception: {error}");
        page.Response += (_, response) => Complain(response.Status >= 400 ? $"{response.Status} {response.Url}" : null);
    }

    public IPage Page { get; }

    /// <summary>Goes to a page of the dashboard and waits until it is alive: connected to the server.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(new Uri(_root, path).AbsoluteUri);
        await Page.WaitForFunctionAsync("() => document.documentElement.dataset.live === 'true'");
    }

    /// <summary>Fails for each serious or critical violation that axe finds.</summary>
    public async Task ShouldBeAccessibleAsync()
    {
        // What is in a frame is Scalar's.
        var result = await Page.RunAxe(new AxeRunContext { Exclude = [new AxeSelector("iframe")] });
        var serious = result.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id} ({v.Help}): {string.Join("; ", v.Nodes.Take(5).Select(Describe))}").ToArray();
        Assert.True(serious.Length == 0, string.Join('\n', serious));
    }

    /// <summary>Fails for each error or warning on the console, exception or failed request since the tab was opened.</summary>
    public void ShouldHaveNoComplaints()
    {
        lock (_complaints)
        {
            Assert.Empty(_complaints);
        }
    }

    /// <summary>Keeps a picture of the page in the directory that <c>DASHBOARD_SCREENSHOTS</c> names, if it does: the pictures of docs/.</summary>
    public async Task ScreenshotAsync(string path, ColorScheme scheme)
    {
        if (Environment.GetEnvironmentVariable("DASHBOARD_SCREENSHOTS") is { Length: > 0 } directory)
        {
            var name = System.Text.RegularExpressions.Regex.Replace(path.Split("&")[0].Trim('/'), "[^a-z]+", "-").Trim('-');
            await Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{(name.Length == 0 ? "resources" : name)}-{(scheme == ColorScheme.Dark ? "dark" : "light")}.png") });
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private static string Describe(AxeResultNode node) => $"{node.Target} {node.Html}";

    private void Complain(string? text)
    {
        if (text is not null)
        {
            lock (_complaints)
            {
                _complaints.Add(text);
            }
        }
    }
}
