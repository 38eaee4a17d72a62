using System.Globalization;
using System.Text;

namespace RvkApp.AppHost.Verification;

/// <summary>A report for people, in plain text without colour. Lines end with <c>\n</c>.</summary>
internal static class VerificationText
{
    private static readonly string[] Order = ["internet", "api", "lambda", "mongo", "efs"];

    /// <summary>The whole report: matrix, checklist, invariants, flows that are wrong, diagnoses that apply, verdict.</summary>
    public static string Render(VerificationReport report)
    {
        var text = new StringBuilder();
        Line(text, "Who opens what to whom");
        text.Append(Matrix(report));
        Line(text, "\nChecklist");
        text.Append(Checks(report, CheckKind.Checklist));
        Line(text, "\nInvariants");
        text.Append(Checks(report, CheckKind.Invariant));
        foreach (var flow in report.Flows.Where(flow => flow.State != FlowState.Allowed))
        {
            Line(text, $"\n✗ {(flow.State == FlowState.Missing ? "Blocked" : "Not specified, but possible")}: {flow.From} to {flow.To}, {flow.Protocol} {flow.Ports}".TrimEnd());
            Problems(text, flow.Problems);
        }

        foreach (var diagnosis in report.Diagnoses.Where(diagnosis => !diagnosis.Causes.IsEmpty))
        {
            Line(text, $"\n✗ Expect: {diagnosis.Symptom}");
            Problems(text, diagnosis.Causes);
        }

        Line(text, $"\n{Verdict(report)}");
        return text.ToString();
    }

    /// <summary>The checks of a kind, a line each with its tick, and under a failed one what is wrong and how to fix it.</summary>
    public static string Checks(VerificationReport report, CheckKind kind)
    {
        var text = new StringBuilder();
        foreach (var check in report.Checks.Where(check => check.Kind == kind))
        {
            Line(text, $"  {(check.Passed ? "✓" : "✗")} {(kind == CheckKind.Checklist ? string.Create(CultureInfo.InvariantCulture, $"{check.Id[^2..].TrimStart('0'),2} ") : "")}{check.Title}");
            Problems(text, check.Problems);
        }

        return text.ToString();
    }

    /// <summary>Who may open what to whom, as a table: a row for each that opens, a column for each that answers.</summary>
    public static string Matrix(VerificationReport report)
    {
        var possible = report.Flows.Where(flow => flow.State != FlowState.Missing).ToArray();
        var names = Order.Concat(report.Flows.SelectMany(flow => new[] { flow.From, flow.To }).Where(name => !Order.Contains(name)).Distinct()).ToArray();
        var (rows, columns) = (names.Where(name => report.Flows.Any(flow => flow.From == name) || name == "efs").ToArray(), names.Where(name => report.Flows.Any(flow => flow.To == name)).ToArray());
        string Cell(string from, string to) => string.Join(", ", possible.Where(flow => flow.From == from && flow.To == to)
            .Select(flow => $"{(flow.State == FlowState.Extra ? "!" : "")}{flow.Protocol} {flow.Ports}".TrimEnd()));
        var table = rows.Select(row => columns.Select(column => Cell(row, column) is { Length: > 0 } cell ? cell : "-").Prepend(row).ToArray()).Prepend([.. columns.Prepend("from \\ to")]).ToArray();
        var widths = Enumerable.Range(0, columns.Length + 1).Select(column => table.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in table)
        {
            Line(text, "  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }

    /// <summary>One sentence: passed, or how much failed.</summary>
    public static string Verdict(VerificationReport report)
    {
        var failed = report.Checks.Count(check => !check.Passed);
        var (missing, extra) = (report.Flows.Count(flow => flow.State == FlowState.Missing), report.Flows.Count(flow => flow.State == FlowState.Extra));
        return report.Passed
            ? string.Create(CultureInfo.InvariantCulture, $"✓ {report.Template}: all {report.Checks.Length} checks hold, all {report.Flows.Length} flows are possible and no others.")
            : string.Create(CultureInfo.InvariantCulture, $"✗ {report.Template}: {failed} of {report.Checks.Length} checks failed, {missing} flows are blocked, {extra} are possible that should not be.");
    }

    private static void Problems(StringBuilder text, IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            Line(text, $"      {problem.What}");
            Line(text, $"        fix: {problem.Fix}");
        }
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
