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
    public static string Render(Template template, VerificationReport report, TopologyPageFacts facts) => throw new NotImplementedException();
}
