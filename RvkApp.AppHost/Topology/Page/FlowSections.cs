using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>The picture, and the table that says the same.</summary>
internal static class FlowSections
{
    /// <summary>The picture, for wide and for narrow screens, with the panel that shows one connection.</summary>
    /// <param name="landscape">The network.</param>
    /// <param name="template">The template.</param>
    /// <param name="report">The report.</param>
    /// <returns>The section.</returns>
    public static Markup Figure(Landscape landscape, Template template, VerificationReport report)
    {
        var diagram = new TopologyDiagram(landscape, template, report).Make();
        return Parts.Section("diagram", "Diagram", "", Markup.Of($"""
            <div class="figure">
            <div>
            {Diagram.Render(diagram, DiagramMetrics.Wide)}
            {Diagram.Render(diagram, DiagramMetrics.Narrow)}
            </div>
            <div class="aside">
            <div class="panel" id="shown-flow" role="status"><p>Point at an arrow, tap it, or reach it with the Tab key: here is which rules allow it, why they exist and where the template says so. <a href="#flows">All of them in a table</a></p></div>
            <ul class="legend">
            <li>{Sample("allowed")} can be opened, and should be</li>
            <li>{Sample("missing")} × should be possible and is not</li>
            <li>{Sample("extra")} ! is possible and should not be</li>
            <li>{Sample("route")} the way out: NAT, internet gateway</li>
            </ul>
            </div>
            </div>
            """));
    }

    /// <summary>Every connection with its rules, their reasons and the evidence.</summary>
    /// <param name="landscape">The network.</param>
    /// <param name="report">The report.</param>
    /// <returns>The section.</returns>
    public static Markup Table(Landscape landscape, VerificationReport report)
        => Parts.Section(
            "flows",
            "Connections",
            "Every connection that can be opened, and every one that should be. What is not in this table is not possible.",
            Parts.Table(["From and to", "Port", "State", "Rules and why they exist", "Evidence"], report.Flows.Select((flow, index) => Row(landscape, flow, TopologyDiagram.Anchor(index)))));

    private static Markup Row(Landscape landscape, FlowResult flow, string anchor)
        => Markup.Of($"""
            <tr id="{anchor}"{(flow.State == FlowState.Allowed ? Markup.Empty : Markup.Of($" class=\"failed\""))}><th scope="row">{TopologyDiagram.NameOf(flow.From, isSource: true)} → {TopologyDiagram.NameOf(flow.To, isSource: false)}</th><td class="port" data-label="Port">{Ports.Label(flow.Protocol, flow.Ports)}</td><td data-label="State">{State(flow.State)}</td><td data-label="Rules and why they exist">{Rules(landscape, flow)}</td><td data-label="Evidence">{Parts.List(Parts.Items(flow.Problems).Concat(Parts.Items(flow.Evidence)))}</td></tr>
            """);

    private static Markup State(FlowState state) => state switch
    {
        FlowState.Allowed => Markup.Of($"<p class=\"good\">✓ as meant</p>"),
        FlowState.Missing => Markup.Of($"<p class=\"bad\">✗ missing: it should be possible and is not</p>"),
        _ => Markup.Of($"<p class=\"bad\">✗ extra: it is possible and should not be</p>"),
    };

    private static Markup Rules(Landscape landscape, FlowResult flow)
    {
        var rules = Parts.List(landscape.RulesOf(flow).Select(rule =>
            Markup.Of($"{GroupSections.Sentence(landscape, rule)}: <q>{rule.Description}</q> {Parts.Id(rule.Id)}")));
        return rules.IsEmpty ? Markup.Of($"<p class=\"quiet\">No security-group rule takes part.</p>") : rules;
    }

    private static Markup Sample(string kind)
        => Markup.Of($"""<svg class="diagram" width="44" height="12" viewBox="0 0 44 12" aria-hidden="true"><g class="{kind}"><path class="line" d="M1 6 L36 6"/><path class="head" d="M43 6 L34 11 L34 1Z"/></g></svg>""");
}
