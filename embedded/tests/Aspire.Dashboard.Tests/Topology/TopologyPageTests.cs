using System.Collections.Immutable;
using System.Net;
using Aspire.Dashboard.Telemetry;
using Aspire.Dashboard.Tests.Resources;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Page = Aspire.Dashboard.Components.Pages.Topology;

namespace Aspire.Dashboard.Tests.Topology;

public class TopologyPageTests
{
    private const string Picture = """<svg xmlns="http://www.w3.org/2000/svg" class="diagram"><g class="node" data-part="mongo"><rect x="1" y="1" width="9" height="9"/></g><a class="flow" data-flow="api-mongo" href="#flow-1"/></svg>""";
    private const string Flows = """
        [{"id":"api-mongo","protocol":"tcp","port":27017,"label":"TCP 27017","reason":"Queries <fast>","source":"lambda","target":"mongo","telemetry":{"source":"api","target":"mongo"}},
         {"id":"mongo-efs","protocol":"tcp","port":2049,"label":"TCP 2049","reason":"Mount","source":"mongo","target":"efs","telemetry":null}]
        """;
    private const string Parts = """
        [{"id":"lambda","title":"Function","detail":"512 MB","group":"app-sg","resource":"api"},{"id":"mongo","title":"Database","detail":"1 task","group":"data-sg","resource":"mongo"},{"id":"efs","title":"Files","detail":"2 zones","group":null,"resource":null}]
        """;
    private const string Groups = """
        [{"name":"app-sg","tier":"Application","description":"opens","rules":[{"direction":"out","label":"TCP 27017","peer":"data-sg","reason":"Out"},{"direction":"out","label":"TCP 443","peer":"0.0.0.0/0","reason":"AWS"}]},
         {"name":"data-sg","tier":"Data","description":"answers","rules":[{"direction":"in","label":"TCP 27017","peer":"app-sg","reason":"In"},{"direction":"in","label":"TCP 9999","peer":"app-sg","reason":"Half a rule"}]}]
        """;
    private const string Checklist = """
        {"state":"current","explanation":"Verified on the template.","command":"dotnet run --launch-profile publish","verifiedUtc":"2026-11-24T17:00:00Z","publish":"/out/verification.json",
         "checks":[{"id":"checklist-01","title":"One holds","passed":true,"evidence":["a rule (Rule1)"],"problems":[]},{"id":"checklist-02","title":"One fails","passed":false,"evidence":[],"problems":["A rule is missing. Fix: add it."]}]}
        """;

    [Fact]
    public async Task Without_a_topology_it_says_so()
    {
        await using var host = new PageHost();
        host.AddWorker("api");
        await host.StartAsync();

        Assert.Contains("No resource of the application hands over a topology.", await host.RenderAsync<Page>("/topology"));
    }

    [Fact]
    public async Task Shows_picture_flows_matrix_and_checklist()
    {
        await using var host = await StartAsync();

        var html = await RenderAsync(host, "/topology");

        Assert.Contains("data-flow=\"api-mongo\" href=\"topology?flow=api-mongo\"", html);
        Assert.Matches("(?s)<tr class=\"quiet\" data-flow-row=\"api-mongo\".*?Function → Database.*?TCP.*?27017.*?Queries <fast>.*?0/s", html);
        Assert.Matches("(?s)<tr class=\"unmeasured\" data-flow-row=\"mongo-efs\"", html);
        Assert.Matches("(?s)TCP 27017</strong> *<span class=\"muted\">out ✓ in ✓", html);
        Assert.Matches("(?s)TCP 443</strong> *<span class=\"muted\">out ✓</span>", html);
        Assert.Matches("(?s)<li class=\"blocked\"> *<strong>TCP 9999</strong> *<span class=\"muted\">out ✗ missing in ✓", html);
        Assert.Contains("1 of 2 checks fail.", html);
        Assert.Contains("/out/verification.json", html);
        Assert.Contains("<code>dotnet run --launch-profile publish</code>", html);
        Assert.Contains("A rule is missing. Fix: add it.", html);
        Assert.Contains("a rule (Rule1)", html);
        Assert.DoesNotContain("topology-details", html);
    }

    [Theory]
    [InlineData("current", "current", true)]
    [InlineData("outdated", "Out of date: 1 of 2 checks held.", true)]
    [InlineData("unreadable", "The verification cannot be read.", false)]
    [InlineData("absent", "Not verified.", false)]
    public async Task Says_what_the_verification_is_worth(string state, string verdict, bool hasChecks)
    {
        var checklist = Checklist.Replace("\"current\"", $"\"{state}\"", StringComparison.Ordinal);
        checklist = hasChecks ? checklist : $$"""{"state":"{{state}}","explanation":"{{verdict}}","command":"publish-it","verifiedUtc":null,"publish":null,"checks":[]}""";
        await using var host = await StartAsync(checklist);

        var html = await RenderAsync(host, "/topology");

        Assert.Contains(state == "current" ? "1 of 2 checks fail." : verdict, html);
        Assert.Equal(hasChecks, html.Contains("data-check=", StringComparison.Ordinal));
        Assert.Contains(hasChecks ? "dotnet run --launch-profile publish" : "publish-it", html);
    }

    [Fact]
    public async Task A_flow_with_failed_calls_is_marked_in_words_not_only_by_colour()
    {
        await using var host = await StartAsync();
        var (api, mongo, trace) = (new TelemetryResource("api", ""), new TelemetryResource("mongo", ""), new TraceId(7, 7));
        Span Of(TelemetryResource resource, ulong id, ulong parent, SpanKind kind, SpanStatus status) => new()
        {
            Resource = resource,
            Scope = new("tests", ""),
            TraceId = trace,
            SpanId = new(id),
            ParentSpanId = new(parent),
            Name = "find",
            Kind = kind,
            StartUtc = DateTime.UtcNow,
            Duration = TimeSpan.FromMilliseconds(1),
            Status = status,
        };
        host.Store.AddSpans([Of(api, 1, 0, SpanKind.Client, SpanStatus.Error), Of(mongo, 2, 1, SpanKind.Server, SpanStatus.Error)]);

        var html = await RenderAsync(host, "/topology?flow=api-mongo");

        Assert.Matches("(?s)<tr class=\"failing\" data-flow-row=\"api-mongo\" aria-current=\"true\".*?✗.*?failing: 0.1/s of 0.1/s fail", html);
        Assert.Contains("1 of 2 flows fail: Function → Database (0.1/s of 0.1/s fail)", html);
    }

    [Fact]
    public async Task The_details_of_a_flow_have_the_rules_of_both_groups_and_where_to_look_further()
    {
        await using var host = await StartAsync();

        var details = Details(await RenderAsync(host, "/topology?flow=api-mongo"));

        Assert.Matches("(?s)data-end=\"lambda\".*?<tr aria-current=\"true\"><td>out</td>.*?data-sg", details);
        Assert.Matches("(?s)data-end=\"mongo\".*?<tr aria-current=\"true\"><td>in</td>.*?app-sg", details);
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(details, "<tr aria-current"));
        foreach (var link in (string[])["/?resource=mongo", "/traces?resource=mongo", "/structuredlogs?resource=mongo", "/traces?resource=api"])
        {
            Assert.Contains($"href=\"{link}\"", details);
        }

        Assert.Contains("Running", details);
    }

    [Fact]
    public async Task The_details_of_a_part_have_its_flows_and_an_unknown_one_says_so()
    {
        await using var host = await StartAsync();

        var details = Details(await RenderAsync(host, "/topology?part=efs"));
        Assert.Contains("Nothing stands for it in this run.", details);
        Assert.Contains("It has no security group.", details);
        Assert.Contains("Database → Files, TCP 2049", details);
        Assert.DoesNotContain("TCP 27017", details);
        Assert.Contains("no such arrow or part", Details(await RenderAsync(host, "/topology?part=nothing")));
    }

    [Fact]
    public async Task The_details_of_the_resource_lead_to_the_page_instead_of_showing_its_lists()
    {
        await using var host = await StartAsync();

        var html = await host.RenderAsync<Aspire.Dashboard.Components.Pages.Resources>("/?resource=topology");

        Assert.Contains("<a href=\"topology\">Topology</a>", html);
        Assert.DoesNotContain("topology.flows", html);
        Assert.DoesNotContain("<a href=\"topology\">", await host.RenderAsync<Aspire.Dashboard.Components.Pages.Resources>("/?resource=api"));
    }

    [Theory]
    [InlineData("topology.diagram", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")]
    [InlineData("topology.flows", "{")]
    [InlineData("topology.parts", "[{\"id\":\"a\"}]")]
    public async Task What_cannot_be_shown_is_said_and_nothing_of_it_gets_into_the_page(string property, string value)
    {
        await using var host = await StartAsync(changed: (property, value));

        var html = await host.RenderAsync<Page>("/topology");

        Assert.Contains("The topology of topology is not shown.", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("data-flow-row", html);
    }

    private static async Task<PageHost> StartAsync(string checklist = Checklist, (string Name, string Value)? changed = null)
    {
        var host = new PageHost();
        host.AddWorker("api");
        host.AddWorker("mongo");
        (string Name, string Value)[] all = [("topology.diagram", Picture), ("topology.flows", Flows), ("topology.parts", Parts), ("topology.groups", Groups), ("topology.checklist", checklist)];
        ImmutableArray<ResourcePropertySnapshot> properties = [.. all.Select(p => new ResourcePropertySnapshot(p.Name, changed?.Name == p.Name ? changed.Value.Value : p.Value))];
        host.Builder.AddResource(new Plan("topology")).WithInitialState(new CustomResourceSnapshot { ResourceType = "Topology", Properties = properties });
        await host.StartAsync();
        return host;
    }

    private static async Task<string> RenderAsync(PageHost host, string address) => WebUtility.HtmlDecode(await host.RenderAsync<Page>(address));

    private static string Details(string html)
    {
        var start = html.IndexOf("<aside", StringComparison.Ordinal);
        Assert.True(start >= 0, "The page has no details.");
        return html[start..html.IndexOf("</aside>", start, StringComparison.Ordinal)];
    }

    private sealed class Plan(string name) : Resource(name);
}
