using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Topology.Steps;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Live;

/// <summary>Reads what the last publish verified, and says whether it still tells about this app host.</summary>
/// <param name="output">Where it published to.</param>
/// <param name="options">Section <c>Aws</c> of this run.</param>
/// <param name="builtUtc">When this app host was built.</param>
internal sealed class PublishedChecklist(TopologyOutput output, TopologyOptions options, DateTime builtUtc)
{
    /// <summary>When what it reads has changed: equal values, equal files.</summary>
    public (DateTime Report, DateTime Template) Stamp => (File.GetLastWriteTimeUtc(output.Report), File.GetLastWriteTimeUtc(output.Template));

    /// <summary>Reads.</summary>
    /// <returns>What was verified; nothing is claimed that was not.</returns>
    public ChecklistDocument Read()
    {
        if (!File.Exists(output.Report))
        {
            return Nothing("absent", "Nothing has been published, so nothing is verified.");
        }

        var verified = File.GetLastWriteTimeUtc(output.Report);
        VerificationReport report;
        try
        {
            report = VerificationJson.Deserialize(File.ReadAllText(output.Report));
        }
        catch (Exception error) when (error is TemplateException or IOException or UnauthorizedAccessException)
        {
            return Nothing("unreadable", $"{output.Report} cannot be read: {error.Message}");
        }

        var outdated = Outdated(report, verified);
        return new(
            outdated is null ? "current" : "outdated",
            outdated ?? "Verified on the template of the last publish.",
            PageFacts.Command("publish"),
            verified,
            output.Report,
            [
                .. report.Checks.Select(check => new CheckDocument(
                    check.Id,
                    check.Title,
                    check.Passed,
                    [.. check.Evidence.Select(evidence => $"{evidence.Text} ({evidence.LogicalId})")],
                    [.. check.Problems.Select(problem => $"{problem.What} Fix: {problem.Fix}")])),
            ]);
    }

    private static ChecklistDocument Nothing(string state, string explanation) => new(state, explanation, PageFacts.Command("publish"), null, null, []);

    private string? Outdated(VerificationReport report, DateTime verified)
    {
        if (verified < builtUtc)
        {
            return "The app host was built after it.";
        }

        if (!File.Exists(output.Template))
        {
            return $"The template that was verified, {output.Template}, is gone.";
        }

        if (File.GetLastWriteTimeUtc(output.Template) > verified)
        {
            return "The template was written after it.";
        }

        try
        {
            var template = Template.Load(output.Template);
            var published = new TopologyDiagram(LandscapeReader.Read(template), template, report).Make();
            return Draw(published) == Draw(DeclaredDiagram.Make(options)) ? null : "It was made with other options, or shows another network than this app host declares.";
        }
        catch (TemplateException error)
        {
            return $"The template that was verified cannot be read: {error.Message}";
        }
    }

    private static string Draw(DiagramModel model) => Diagram.Render(model, DiagramMetrics.Wide).ToString();
}
