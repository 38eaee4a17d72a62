using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Page;

/// <summary>The page in a real browser.</summary>
public sealed class BrowserTests
{
    [Fact]
    public async Task The_keyboard_reaches_every_arrow_and_shows_its_rules_and_nothing_else_is_loaded_or_complained_about()
    {
        await using var chromium = await StartAsync();
        using var directory = new TemporaryDirectory();
        await chromium.OpenAsync(Write(directory));

        var reached = new List<string>();
        for (var tabs = 0; tabs < 60 && reached.Count < Sample.Failing.Flows.Length; tabs++)
        {
            await chromium.PressAsync("Tab", 9);
            if (await chromium.EvaluateAsync<bool>("document.activeElement.matches('a.flow')"))
            {
                var arrow = await chromium.EvaluateAsync<string>("document.activeElement.getAttribute('href')");
                reached.Add(arrow);
                Assert.True(await chromium.EvaluateAsync<bool>("document.activeElement.matches(':focus-visible')"), $"{arrow} shows no focus");
                Assert.NotEqual("none", await chromium.EvaluateAsync<string>("getComputedStyle(document.activeElement.querySelector('rect.port')).stroke"));
                var flow = Sample.Failing.Flows[reached.Count - 1];
                var shown = await chromium.EvaluateAsync<string>("document.getElementById('shown-flow').textContent");
                Assert.All(flow.Evidence, evidence => Assert.Contains(evidence.LogicalId, shown, StringComparison.Ordinal));
                Assert.All(flow.Problems, problem => Assert.Contains(problem.Fix, shown, StringComparison.Ordinal));
            }
        }

        Assert.Equal(Enumerable.Range(1, Sample.Failing.Flows.Length).Select(index => $"#flow-{index}"), reached);
        Assert.Contains("Query and write MongoDB", await chromium.EvaluateAsync<string>("document.querySelector('a.flow[href=\"#flow-3\"]').focus(), document.getElementById('shown-flow').textContent"), StringComparison.Ordinal);

        Assert.All(Requests(chromium), url => Assert.StartsWith("file:", url, StringComparison.Ordinal));
        Assert.Single(Requests(chromium));
        Assert.DoesNotContain(chromium.Events, happened => happened.Method is "Log.entryAdded" or "Runtime.exceptionThrown" or "Runtime.consoleAPICalled");
    }

    [Theory]
    [InlineData(360, "narrow")]
    [InlineData(1280, "wide")]
    public async Task One_picture_is_shown_and_nothing_is_cut_off(int width, string picture)
    {
        await using var chromium = await StartAsync();
        using var directory = new TemporaryDirectory();
        await chromium.SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 740, ["deviceScaleFactor"] = 1, ["mobile"] = width < 640 });
        await chromium.OpenAsync(Write(directory));
        Assert.Equal(picture, await chromium.EvaluateAsync<string>(
            "[...document.querySelectorAll('svg[role]')].filter(svg => svg.getBoundingClientRect().width > 0).map(svg => svg.classList[1]).join()"));
        Assert.True(await chromium.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways");

        // What the layout takes for the width of a label holds with the fonts of this system.
        Assert.Equal("", await chromium.EvaluateAsync<string>(
            "[...document.querySelectorAll('a.flow')].filter(a => a.querySelector('text.port').getBBox().width > a.querySelector('rect.port').getBBox().width).map(a => a.textContent).join()"));
    }

    private static Task<Chromium> StartAsync()
    {
        if (Chromium.SkipReason is { } reason)
        {
            Assert.Skip(reason);
        }

        return Chromium.StartAsync();
    }

    private static string Write(TemporaryDirectory directory)
    {
        File.WriteAllText(directory["topology.html"], Sample.Page(Sample.Failing));
        return directory["topology.html"];
    }

    private static IEnumerable<string> Requests(Chromium chromium)
        => chromium.Events.Where(happened => happened.Method == "Network.requestWillBeSent").Select(request => request.Parameters["request"]!["url"]!.GetValue<string>());
}
