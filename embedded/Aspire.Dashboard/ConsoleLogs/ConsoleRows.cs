namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>A row on the screen: a line, or a part of one that is longer than the window is wide.</summary>
/// <param name="Line">The line.</param>
/// <param name="LineIndex">The line's place among those that are shown.</param>
/// <param name="Start">The first character of the part.</param>
/// <param name="Length">The characters of the part.</param>
public readonly record struct ConsoleRow(ConsoleLine Line, int LineIndex, int Start, int Length)
{
    public bool IsFirst => Start == 0;
}

/// <summary>
/// Cuts lines into rows. All rows are as high as each other, wrapped or not, which is what keeps a list of many thousands smooth: its height is known without drawing it.
/// </summary>
internal static class ConsoleRows
{
    /// <param name="lines">The lines.</param>
    /// <param name="columns">The characters that fit into a row; 0 when lines are not wrapped.</param>
    public static List<ConsoleRow> Of(IReadOnlyList<ConsoleLine> lines, int columns)
    {
        var rows = new List<ConsoleRow>(lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (columns <= 0 || line.Text.Length <= columns)
            {
                rows.Add(new(line, i, 0, line.Text.Length));
                continue;
            }

            for (var start = 0; start < line.Text.Length;)
            {
                var length = Math.Min(columns, line.Text.Length - start);
                // The two halves of a surrogate pair are one character.
                if (length > 1 && start + length < line.Text.Length && char.IsHighSurrogate(line.Text[start + length - 1]))
                {
                    length--;
                }

                rows.Add(new(line, i, start, length));
                start += length;
            }
        }

        return rows;
    }

    /// <summary>The row that shows a place in a line; -1 when there is none.</summary>
    public static int IndexOf(List<ConsoleRow> rows, ConsoleMatch match)
        => rows.FindIndex(r => r.LineIndex == match.Line && match.Start >= r.Start && (match.Start < r.Start + r.Length || r.Length == 0));
}
