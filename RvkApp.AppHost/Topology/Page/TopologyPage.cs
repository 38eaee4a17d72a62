using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>
/// <c>topology.html</c>: the picture of a template, what verification found in it, and the facts somebody needs to run it. One file that loads
/// nothing; what it shows is read from the template and the report, so the page cannot tell more than was verified.
/// </summary>
internal static class TopologyPage
{
    /// <summary>The page.</summary>
    /// <param name="template">The template.</param>
    /// <param name="report">What verification found in it.</param>
    /// <param name="facts">What neither of them says.</param>
    /// <returns>The HTML document; the same for the same input, on every machine.</returns>
    public static string Render(Template template, VerificationReport report, TopologyPageFacts facts)
    {
        var landscape = LandscapeReader.Read(template);
        var page = Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta http-equiv="Content-Security-Policy" content="{Markup.Trusted(PageAssets.Policy)}" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="referrer" content="no-referrer" />
            <title>{Title(report)}</title>
            <style>{Markup.Trusted(PageAssets.Style)}</style>
            </head>
            <body>
            <header>
            <h1>School Management API on AWS</h1>
            {CheckSections.Verdict(report)}
            <nav aria-label="Sections"><ul><li><a href="#diagram">Diagram</a></li><li><a href="#flows">Connections</a></li><li><a href="#groups">Security groups</a></li><li><a href="#checklist">Checklist</a></li><li><a href="#diagnoses">Troubleshooting</a></li><li><a href="#cost">What costs money</a></li><li><a href="#names">Names and outputs</a></li><li><a href="#resources">Resources</a></li><li><a href="#options">Options and commands</a></li></ul></nav>
            </header>
            <main>
            {FlowSections.Figure(landscape, template, report)}
            {FlowSections.Table(landscape, report)}
            {GroupSections.Render(landscape)}
            {CheckSections.Checks(report)}
            {CheckSections.Diagnoses(report)}
            {FactSections.Cost(template)}
            {FactSections.Names(template)}
            {FactSections.Resources(template)}
            {FactSections.Options(facts)}
            </main>
            <footer><p>Made from <code>{report.Template}</code> and its verification. This file loads nothing and can be passed on as it is.</p></footer>
            <script>{Markup.Trusted(PageAssets.Script)}</script>
            </body>
            </html>

            """);
        return page.ToString();
    }

    private static string Title(VerificationReport report) => report.Passed ? "RvkApp topology: verified" : "RvkApp topology: verification failed";
}
