namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>Where a text was found.</summary>
/// <param name="Line">The line, by its place among those that were searched.</param>
/// <param name="Start">The first character.</param>
internal readonly record struct ConsoleMatch(int Line, int Start);

/// <summary>Looks for a text in lines, ignoring case.</summary>
internal static class ConsoleSearch
{
    /// <summary>How many places are counted; there are more than anybody visits.</summary>
    public const int MaxMatches = 10_000;

    /// <summary>The places of a text, in order and without overlaps; none for an empty text.</summary>
    public static List<ConsoleMatch> Find(IReadOnlyList<ConsoleLine> lines, string text)
    {
        List<ConsoleMatch> matches = [];
        if (text.Length == 0)
        {
            return matches;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            foreach (var start in FindIn(lines[i].Text, text))
            {
                if (matches.Count == MaxMatches)
                {
                    return matches;
                }

                matches.Add(new(i, start));
            }
        }

        return matches;
    }

    /// <summary>The places of a text in a line.</summary>
    public static IEnumerable<int> FindIn(string line, string text)
    {
        for (var from = 0; text.Length > 0 && line.IndexOf(text, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var start; from = start + text.Length)
        {
            yield return start;
        }
    }

    /// <summary>The lines that have a text.</summary>
    public static IReadOnlyList<ConsoleLine> Filter(IReadOnlyList<ConsoleLine> lines, string text)
        => text.Length == 0 ? lines : [.. lines.Where(l => l.Text.Contains(text, StringComparison.OrdinalIgnoreCase))];
}
