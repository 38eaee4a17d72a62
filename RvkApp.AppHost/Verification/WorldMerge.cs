using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>Joins the reports of the ways a template can turn out: something holds only if it holds in all of them.</summary>
internal static class WorldMerge
{
    /// <summary>One report of many.</summary>
    /// <param name="template">The template.</param>
    /// <param name="reports">A report for each of its worlds, in their order.</param>
    public static VerificationReport Merge(Template template, VerificationReport[] reports)
    {
        var assumptions = template.Worlds.All.Select(world => world.Assumption ?? "").ToArray();
        var checks = reports[0].Checks.Select((first, index) => first with
        {
            Passed = reports.All(report => report.Checks[index].Passed),
            Evidence = [.. reports.SelectMany(report => report.Checks[index].Evidence).Distinct()],
            Problems = Problems(reports.Select(report => report.Checks[index].Problems.AsEnumerable()), assumptions),
        });
        var flows = reports.SelectMany((report, index) => report.Flows.Select(flow => (Flow: flow, Index: index)))
            .GroupBy(entry => (entry.Flow.From, entry.Flow.To, entry.Flow.Protocol, entry.Flow.Ports, IsExtra: entry.Flow.State == FlowState.Extra))
            .Select(same => same.First().Flow with
            {
                State = same.Max(entry => entry.Flow.State),
                Evidence = [.. same.SelectMany(entry => entry.Flow.Evidence).Distinct()],
                Problems = Problems(reports.Select((_, index) => same.Where(entry => entry.Index == index).SelectMany(entry => entry.Flow.Problems)), assumptions),
            });
        var diagnoses = reports[0].Diagnoses.Select((first, index) => first with
        {
            Causes = Problems(reports.Select(report => report.Diagnoses[index].Causes.AsEnumerable()), assumptions),
            Evidence = [.. reports.SelectMany(report => report.Diagnoses[index].Evidence).Distinct()],
        });
        return new(template.Name, reports.All(report => report.Passed), [.. checks], [.. flows], [.. diagnoses]);
    }

    /// <summary>Every problem once; one that is not there in every world says in which it is.</summary>
    private static ImmutableArray<Problem> Problems(IEnumerable<IEnumerable<Problem>> perWorld, string[] assumptions)
    {
        var found = perWorld.SelectMany((problems, index) => problems.Distinct().Select(problem => (problem, index))).ToLookup(entry => entry.problem, entry => entry.index);
        return [.. found.Select(entry => entry.Count() == assumptions.Length ? entry.Key : entry.Key with { What = $"if {assumptions[entry.First()]}: {entry.Key.What}" })];
    }
}
