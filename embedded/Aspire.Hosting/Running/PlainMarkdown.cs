using System.Text.RegularExpressions;

namespace Aspire.Hosting;

/// <summary>Markdown as text for a console: emphasis and code lose their marks, a link is followed by its address.</summary>
internal static partial class PlainMarkdown
{
    /// <summary>Renders a text.</summary>
    public static string Render(string markdown)
        => CodePattern().Replace(EmphasisPattern().Replace(LinkPattern().Replace(markdown, static m => m.Groups[1].Value == m.Groups[2].Value ? m.Groups[1].Value : $"{m.Groups[1].Value} ({m.Groups[2].Value})"), "$2"), "$1");

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")]
    private static partial Regex EmphasisPattern();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodePattern();
}
