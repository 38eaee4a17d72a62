using System.Globalization;
using System.Text;

namespace Aspire.Dashboard.Display;

/// <summary>A part of a text, and whether it is what was searched for.</summary>
internal readonly record struct TextPart(string Text, bool IsMatch);

/// <summary>Text that came with telemetry, made safe to look at. Razor escapes markup; this takes care of length, of control characters and of those that turn the direction of writing.</summary>
internal static class DisplayText
{
    /// <summary>The longest text shown in a line of a list, in UTF-16 units.</summary>
    public const int LineLength = 300;

    /// <summary>The longest text shown in a pane of details, in UTF-16 units.</summary>
    public const int BlockLength = 64 * 1024;

    private const char Ellipsis = '…';

    /// <summary>The text on one line: line breaks and tabs are spaces, what is beyond the length is cut.</summary>
    public static string Line(string text, int length = LineLength) => Clean(text, length, keepLines: false);

    /// <summary>The text with its lines; what is beyond the length is cut.</summary>
    public static string Block(string text, int length = BlockLength) => Clean(text, length, keepLines: true);

    /// <summary>The text in parts, so that each place where the searched text is (ignoring case) can be marked.</summary>
    public static IReadOnlyList<TextPart> Highlight(string text, string? searched)
    {
        if (string.IsNullOrEmpty(searched))
        {
            return [new TextPart(text, false)];
        }

        var parts = new List<TextPart>();
        var from = 0;
        for (int at; (at = text.IndexOf(searched, from, StringComparison.OrdinalIgnoreCase)) >= 0; from = at + searched.Length)
        {
            if (at > from)
            {
                parts.Add(new TextPart(text[from..at], false));
            }

            parts.Add(new TextPart(text.Substring(at, searched.Length), true));
        }

        if (from < text.Length || parts.Count == 0)
        {
            parts.Add(new TextPart(text[from..], false));
        }

        return parts;
    }

    private static string Clean(string text, int length, bool keepLines)
    {
        var end = text.Length;
        if (end > length)
        {
            end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        }

        StringBuilder? clean = null;
        for (var i = 0; i < end; i++)
        {
            var c = text[i];
            var replacement = Replacement(c, keepLines);
            if (replacement is not null)
            {
                clean ??= new StringBuilder(text, 0, i, end + 64);
                clean.Append(replacement);
            }
            else
            {
                clean?.Append(c);
            }
        }

        var result = clean?.ToString() ?? (end == text.Length ? text : text[..end]);
        return end < text.Length ? result + Ellipsis : result;
    }

    // Control characters and the marks of bidirectional text are written out: the first cannot be seen, the others make a line read as what it is not.
    private static string? Replacement(char c, bool keepLines) => c switch
    {
        '\n' or '\t' => keepLines ? null : " ",
        '\r' => keepLines ? "" : " ",
        '\u2028' or '\u2029' => keepLines ? "\n" : " ",
        _ when char.IsControl(c) || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF'
            => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
        _ => null,
    };
}
