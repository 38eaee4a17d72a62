using System.Collections.Immutable;
using System.Globalization;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>What verification found.</summary>
internal static class CheckSections
{
    /// <summary>The verdict: one sentence where everything holds, and what is wrong, all of it, where it does not.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The element.</returns>
    public static Markup Verdict(VerificationReport report)
    {
        var summary = string.Create(CultureInfo.InvariantCulture, $"{Score(report, CheckKind.Checklist)} lines of the checklist and {Score(report, CheckKind.Invariant)} invariants hold; {report.Flows.Count(flow => flow.State == FlowState.Allowed)} connections are as meant, {report.Flows.Count(flow => flow.State == FlowState.Missing)} missing, {report.Flows.Count(flow => flow.State == FlowState.Extra)} extra.");
        if (report.Passed)
        {
            return Markup.Of($"""<div class="verdict"><p><strong>✓ Verified.</strong> {summary}</p></div>""");
        }

        var flows = report.Flows.Select((flow, index) => (Flow: flow, Anchor: TopologyDiagram.Anchor(index))).Where(found => found.Flow.State != FlowState.Allowed)
            .OrderByDescending(found => found.Flow.State)
            .Select(found => Markup.Of($"""<span class="bad">{(found.Flow.State == FlowState.Extra ? "Extra" : "Missing")} connection: <a href="#{found.Anchor}">{TopologyDiagram.NameOf(found.Flow.From, isSource: true)} → {TopologyDiagram.NameOf(found.Flow.To, isSource: false)}, {Ports.Label(found.Flow.Protocol, found.Flow.Ports)}</a></span>{Reasons(found.Flow.Problems)}"""));
        var checks = report.Checks.Where(check => !check.Passed).Select(check => Markup.Of($"""<span class="bad">Does not hold: <a href="#{check.Id}">{check.Title}</a></span>{Reasons(check.Problems)}"""));
        return Markup.Of($"""<div class="verdict failed" role="alert"><p><strong>✗ Verification failed: do not deploy this.</strong> {summary}</p>{Parts.List(flows.Concat(checks))}</div>""");
    }

    /// <summary>The checklist, then the invariants, each with its evidence or what is wrong.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The section.</returns>
    public static Markup Checks(VerificationReport report)
        => Parts.Section("checklist", "Checklist", "What has to hold, proved on the template alone.", Markup.Of($"""
            {Table(report, CheckKind.Checklist)}
            <h3>Invariants beyond the checklist</h3>
            {Table(report, CheckKind.Invariant)}
            """));

    /// <summary>The troubleshooting guide, applied to the template.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The section.</returns>
    public static Markup Diagnoses(VerificationReport report)
        => Parts.Section(
            "diagnoses",
            "Troubleshooting",
            "The four symptoms, and whether this template would cause them.",
            Markup.Of($"""<div class="cards">{Markup.Lines(report.Diagnoses.Select(Card))}</div>"""));

    private static Markup Reasons(ImmutableArray<Problem> problems)
        => Markup.Join("", problems.Select(problem => Markup.Of($"<span class=\"fix\">{problem.What}</span>")));

    private static Markup Card(Diagnosis diagnosis)
        => Markup.Of($"""
            <article class="card{(diagnosis.Causes.IsEmpty ? Markup.Empty : Markup.Of($" failed"))}" id="{diagnosis.Id}"><h3>{diagnosis.Symptom}</h3>{(diagnosis.Causes.IsEmpty ? Markup.Of($"<span class=\"good\">✓ no cause in this template</span>") : Markup.Of($"<span class=\"bad\">✗ this template causes it</span>"))}{Parts.List(Parts.Items(diagnosis.Causes).Concat(Parts.Items(diagnosis.Evidence)))}</article>
            """);

    private static Markup Table(VerificationReport report, CheckKind kind)
        => Parts.Table(["", "What has to hold", "Evidence"], report.Checks.Where(check => check.Kind == kind).Select(check => Markup.Of($"""
            <tr id="{check.Id}"{(check.Passed ? Markup.Empty : Markup.Of($" class=\"failed\""))}><td>{(check.Passed ? Markup.Of($"<span class=\"good\">✓<span class=\"spoken\"> holds</span></span>") : Markup.Of($"<span class=\"bad\">✗<span class=\"spoken\"> does not hold</span></span>"))}</td><th scope="row">{check.Title}</th><td data-label="{(check.Passed ? "Evidence" : "What is wrong")}">{Parts.List(Parts.Items(check.Problems).Concat(Parts.Items(check.Evidence)))}</td></tr>
            """)));

    private static string Score(VerificationReport report, CheckKind kind)
        => string.Create(CultureInfo.InvariantCulture, $"{report.Checks.Count(check => check.Kind == kind && check.Passed)} of {report.Checks.Count(check => check.Kind == kind)}");
}
