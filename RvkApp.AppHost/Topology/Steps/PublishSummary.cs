using System.Globalization;
using Aspire.Hosting.Pipelines;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Steps;

/// <summary>What a publish says at its end: what the stack has, who may talk to whom, whether every check holds, where the files are and what to do next.</summary>
internal static class PublishSummary
{
    /// <summary>Adds it to the pipeline's summary.</summary>
    public static void Add(PipelineSummary summary, Template template, VerificationReport report, TopologyOutput output, TopologyOptions options)
    {
        summary.Add($"{template.Resources.Length} resources", Resources(template));
        summary.Add("Security groups", VerificationText.Matrix(report).TrimEnd());
        summary.Add("Checklist", VerificationText.Checks(report, CheckKind.Checklist).TrimEnd());
        summary.Add("Beyond the checklist", VerificationText.Checks(report, CheckKind.Invariant).TrimEnd());
        summary.Add("Files", string.Join('\n', $"{output.Page}  the topology, to look at", $"{output.Report}  the same for machines", $"{output.Assembly}  what is deployed"));
        if (report.Passed)
        {
            summary.Add("Deploy", $"{PageFacts.Command("deploy")}   (to {options.Region})");
        }
    }

    // AWS::EC2::Subnet 5, in columns: there are some forty types.
    private static string Resources(Template template)
    {
        string[] counts =
        [
            .. template.Resources.GroupBy(resource => resource.Type).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count(),3} {(group.Key.StartsWith("AWS::", StringComparison.Ordinal) ? group.Key[5..] : group.Key)}")),
        ];
        var width = counts.Max(count => count.Length) + 2;
        var height = (counts.Length + 2) / 3;
        return string.Join('\n', Enumerable.Range(0, height).Select(row => string.Concat(counts.Where((_, index) => index % height == row).Select(count => count.PadRight(width))).TrimEnd()));
    }
}
