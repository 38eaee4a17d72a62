using System.Text;

namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>Characters of a line that look the same.</summary>
public readonly record struct AnsiRun(int Start, int Length, AnsiStyle Style);

/// <summary>A line without its control sequences.</summary>
/// <param name="Text">What is to be read.</param>
/// <param name="Runs">How it looks; empty when all of it is plain.</param>
internal sealed record AnsiText(string Text, IReadOnlyList<AnsiRun> Runs);

/// <summary>
/// Reads the control functions of ECMA-48 in the lines of one output: SGR decides how what follows looks, also on the lines after; everything else, from moving the
/// cursor to setting the window's title, is left out, and so is every control character but the tabulator. The text itself is never taken for markup.
/// </summary>
internal sealed class AnsiParser
{
    private const char Escape = '\u001b';
    private const char Csi = '\u009b';
    private const char StringTerminator = '\u009c';

    // More in one sequence is no terminal's output.
    private const int MaxParameters = 32;

    private AnsiStyle _style;

    /// <summary>The text of a line as it is to be read, without its looks.</summary>
    public static string Strip(string line) => new AnsiParser().Parse(line).Text;

    /// <summary>Reads the next line.</summary>
    public AnsiText Parse(string line)
    {
        if (_style == default && !line.AsSpan().ContainsAnyInRange('\0', '\u0008') && !line.AsSpan().ContainsAnyInRange('\u000a', '\u001f') && !line.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return new(line, []);
        }

        var text = new StringBuilder(line.Length);
        var runs = new List<AnsiRun>();
        var start = 0;
        var position = 0;
        while (position < line.Length)
        {
            var c = line[position];
            if (c is Escape or Csi || IsStringIntroducer(c))
            {
                EndRun();
                position = ReadSequence(line, position);
            }
            else
            {
                if (c == '\t' || !char.IsControl(c))
                {
                    text.Append(c);
                }

                position++;
            }
        }

        EndRun();
        return new(text.ToString(), runs.Exists(r => r.Style != default) ? runs : []);

        void EndRun()
        {
            if (text.Length > start)
            {
                if (runs.Count > 0 && runs[^1] is var last && last.Style == _style)
                {
                    runs[^1] = last with { Length = last.Length + text.Length - start };
                }
                else
                {
                    runs.Add(new(start, text.Length - start, _style));
                }

                start = text.Length;
            }
        }
    }

    // DCS, SOS, OSC, PM and APC in their 8-bit form (ECMA-48, 5.6).
    private static bool IsStringIntroducer(char c) => c is '\u0090' or '\u0098' or '\u009d' or '\u009e' or '\u009f';

    /// <summary>Reads a sequence; one without an end takes the rest of the line with it, as a terminal would.</summary>
    /// <returns>Where the text goes on.</returns>
    private int ReadSequence(string line, int position)
    {
        var c = line[position++];
        if (IsStringIntroducer(c))
        {
            return AfterString(line, position);
        }

        if (c == Csi)
        {
            return ReadControlSequence(line, position);
        }

        // ESC: what follows is a C1 function in its 7-bit form, or an escape sequence: intermediate bytes (2/0 to 2/15) and a final one (3/0 to 7/14).
        if (position == line.Length)
        {
            return position;
        }

        switch (line[position])
        {
            case '[':
                return ReadControlSequence(line, position + 1);
            case 'P' or 'X' or ']' or '^' or '_':
                return AfterString(line, position + 1);
        }

        while (position < line.Length && line[position] is >= ' ' and <= '/')
        {
            position++;
        }

        return position < line.Length && line[position] is >= '0' and <= '~' ? position + 1 : position;
    }

    // A string ends with ST; an operating system command also with BEL, as xterm has it.
    private static int AfterString(string line, int position)
    {
        for (; position < line.Length; position++)
        {
            if (line[position] is StringTerminator or '\a')
            {
                return position + 1;
            }

            if (line[position] == Escape)
            {
                return position + 1 < line.Length && line[position + 1] == '\\' ? position + 2 : position;
            }
        }

        return position;
    }

    /// <summary>A control sequence: parameter bytes (3/0 to 3/15), intermediate bytes (2/0 to 2/15), a final byte (4/0 to 7/14).</summary>
    private int ReadControlSequence(string line, int position)
    {
        var parameters = position;
        while (position < line.Length && line[position] is >= '0' and <= '?')
        {
            position++;
        }

        var intermediates = position;
        while (position < line.Length && line[position] is >= ' ' and <= '/')
        {
            position++;
        }

        if (position == line.Length || line[position] is < '@' or > '~')
        {
            // Not a sequence after all: what is wrong in it is text again.
            return position;
        }

        if (line[position] == 'm' && intermediates == position)
        {
            _style = SelectGraphicRendition.Apply(_style, line.AsSpan(parameters, intermediates - parameters), MaxParameters);
        }

        return position + 1;
    }
}
