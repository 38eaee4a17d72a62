namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>A piece of a line that is drawn in one way.</summary>
/// <param name="Start">Where it is in the line.</param>
/// <param name="Text">The text.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Link">Where it leads: an http or https URL, or null.</param>
/// <param name="IsMatch">Whether it is part of what is searched for.</param>
internal readonly record struct LinePart(int Start, string Text, AnsiStyle Style, string? Link, bool IsMatch);

/// <summary>Cuts a line, or a part of one, at every change of its looks, at links and at what is searched for.</summary>
internal static class LineParts
{
    private static readonly System.Buffers.SearchValues<char> EndOfUrl = System.Buffers.SearchValues.Create(" \t\"'<>`{}|\\^");

    public static List<LinePart> Of(ConsoleLine line, int start, int length, string search)
    {
        var end = start + length;
        if (line.Runs.Count == 0 && search.Length == 0 && !line.Text.Contains("://", StringComparison.Ordinal))
        {
            return [new(start, line.Text.Substring(start, length), default, null, false)];
        }

        var links = Links(line.Text);
        int[] matches = [.. ConsoleSearch.FindIn(line.Text, search)];
        SortedSet<int> cuts = [start, end];
        foreach (var run in line.Runs)
        {
            Cut(run.Start, run.Length);
        }

        foreach (var link in links)
        {
            Cut(link.Start, link.Length);
        }

        foreach (var match in matches)
        {
            Cut(match, search.Length);
        }

        var parts = new List<LinePart>(cuts.Count);
        var from = -1;
        foreach (var to in cuts)
        {
            if (from >= 0)
            {
                var style = line.Runs.FirstOrDefault(r => from >= r.Start && from < r.Start + r.Length).Style;
                var link = links.FirstOrDefault(l => from >= l.Start && from < l.Start + l.Length).Url;
                parts.Add(new(from, line.Text[from..to], style, link, matches.Any(m => from >= m && from < m + search.Length)));
            }

            from = to;
        }

        return parts;

        void Cut(int at, int count)
        {
            if (at > start && at < end)
            {
                cuts.Add(at);
            }

            if (at + count > start && at + count < end)
            {
                cuts.Add(at + count);
            }
        }
    }

    /// <summary>The http and https URLs in a text; other schemes are never links.</summary>
    internal static List<(int Start, int Length, string Url)> Links(string text)
    {
        List<(int, int, string)> links = [];
        var from = 0;
        while (text.IndexOf("http", from, StringComparison.OrdinalIgnoreCase) is >= 0 and var start)
        {
            from = start + 4;
            var rest = text.AsSpan(start);
            if (!rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var length = rest.IndexOfAny(EndOfUrl) is >= 0 and var stop ? stop : rest.Length;
            var candidate = WithoutPunctuation(rest[..length]);
            if (Uri.TryCreate(candidate.ToString(), UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0)
            {
                links.Add((start, candidate.Length, url.AbsoluteUri));
                from = start + candidate.Length;
            }
        }

        return links;
    }

    // The sentence's own punctuation, and a closing bracket that was opened before the URL.
    private static ReadOnlySpan<char> WithoutPunctuation(ReadOnlySpan<char> url)
    {
        while (!url.IsEmpty && (url[^1] is '.' or ',' or ';' or ':' or '!' or '?' or '*' || (url[^1] == ')' && !url.Contains('(')) || (url[^1] == ']' && !url.Contains('['))))
        {
            url = url[..^1];
        }

        return url;
    }
}
