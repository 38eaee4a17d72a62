using System.Globalization;

namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>The function SGR (ECMA-48, 8.3.117), with the bright colours of aixterm and the direct ones of ITU-T T.416.</summary>
internal static class SelectGraphicRendition
{
    /// <summary>Applies the parameters of one sequence to a style. What is unknown or malformed has no effect.</summary>
    public static AnsiStyle Apply(AnsiStyle style, ReadOnlySpan<char> parameters, int maxParameters)
    {
        // A first character of < = > ? makes it a private function, not SGR.
        if (parameters.IndexOfAnyInRange('<', '?') >= 0)
        {
            return style;
        }

        Span<int> values = stackalloc int[maxParameters];
        var count = Read(parameters, values);
        for (var i = 0; i < count; i++)
        {
            style = values[i] switch
            {
                0 => default,
                1 => style with { Bold = true },
                2 => style with { Faint = true },
                3 => style with { Italic = true },
                4 or 21 => style with { Underline = true },
                7 => style with { Inverse = true },
                9 => style with { CrossedOut = true },
                22 => style with { Bold = false, Faint = false },
                23 => style with { Italic = false },
                24 => style with { Underline = false },
                27 => style with { Inverse = false },
                29 => style with { CrossedOut = false },
                >= 30 and <= 37 => style with { Foreground = AnsiColour.OfTheme(values[i] - 30) },
                39 => style with { Foreground = null },
                >= 40 and <= 47 => style with { Background = AnsiColour.OfTheme(values[i] - 40) },
                49 => style with { Background = null },
                >= 90 and <= 97 => style with { Foreground = AnsiColour.OfTheme(values[i] - 82) },
                >= 100 and <= 107 => style with { Background = AnsiColour.OfTheme(values[i] - 92) },
                38 => Extended(values[..count], ref i) is { } foreground ? style with { Foreground = foreground } : style,
                48 => Extended(values[..count], ref i) is { } background ? style with { Background = background } : style,
                58 => Extended(values[..count], ref i) is { } ? style : style,
                _ => style,
            };
        }

        return style;
    }

    /// <summary>The parameters; an absent one is 0, and so is the only one when there are none. Parameters beyond the bound are left out.</summary>
    private static int Read(ReadOnlySpan<char> text, Span<int> values)
    {
        var count = 0;
        foreach (var range in text.Split(';'))
        {
            if (count == values.Length)
            {
                break;
            }

            var parameter = text[range];
            if (parameter.Contains(':'))
            {
                count = ReadSubparameters(parameter, values, count);
            }
            else
            {
                values[count++] = Number(parameter);
            }
        }

        return count;
    }

    // 38:2::R:G:B has the colour space before the components, which 38;2;R;G;B lacks; 4:0 is no underline and 4:3 a curly one.
    private static int ReadSubparameters(ReadOnlySpan<char> text, Span<int> values, int count)
    {
        Span<int> parts = stackalloc int[8];
        var length = 0;
        foreach (var range in text.Split(':'))
        {
            if (length == parts.Length)
            {
                return count;
            }

            parts[length++] = Number(text[range]);
        }

        if (parts[0] == 4)
        {
            values[count] = parts[1] == 0 ? 24 : 4;
            return count + 1;
        }

        if (parts[0] is not (38 or 48 or 58))
        {
            return count;
        }

        var colour = parts[1] == 2 && length >= 6 ? [parts[0], 2, parts[3], parts[4], parts[5]]
            : parts[1] == 2 && length == 5 ? [parts[0], 2, parts[2], parts[3], parts[4]]
            : parts[1] == 5 && length >= 3 ? (ReadOnlySpan<int>)[parts[0], 5, parts[2]]
            : [];
        if (count + colour.Length > values.Length)
        {
            return count;
        }

        colour.CopyTo(values[count..]);
        return count + colour.Length;
    }

    private static int Number(ReadOnlySpan<char> text)
        => text.IsEmpty ? 0 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static AnsiColour? Extended(ReadOnlySpan<int> values, ref int i)
    {
        switch (i + 1 < values.Length ? values[i + 1] : -1)
        {
            case 5 when i + 2 < values.Length:
                i += 2;
                return values[i] is >= 0 and <= 255 ? AnsiColour.OfPalette(values[i]) : null;

            case 2 when i + 4 < values.Length:
                i += 4;
                var (red, green, blue) = (values[i - 2], values[i - 1], values[i]);
                return red is >= 0 and <= 255 && green is >= 0 and <= 255 && blue is >= 0 and <= 255 ? AnsiColour.Of(red, green, blue) : null;

            default:
                // What follows cannot be told apart from other functions: none of it is applied.
                i = values.Length;
                return null;
        }
    }
}
