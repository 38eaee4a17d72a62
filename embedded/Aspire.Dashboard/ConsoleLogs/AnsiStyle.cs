using System.Globalization;

namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>A colour: one of the 16 that the theme defines, or a fixed one. Nothing is the colour of the page.</summary>
/// <param name="Index">0 to 15: a colour of the theme; null for a fixed one.</param>
/// <param name="Rgb">The fixed colour, 0xRRGGBB.</param>
public readonly record struct AnsiColour(byte? Index, int Rgb)
{
    public static AnsiColour OfTheme(int index) => new((byte)index, 0);

    public static AnsiColour Of(int red, int green, int blue) => new(null, (red << 16) | (green << 8) | blue);

    /// <summary>A colour of the palette of 256, as xterm has it: 16 of the theme, a cube of 6 x 6 x 6, 24 greys.</summary>
    public static AnsiColour OfPalette(int index) => index switch
    {
        < 16 => OfTheme(index),
        < 232 => Of(Level((index - 16) / 36), Level((index - 16) / 6 % 6), Level((index - 16) % 6)),
        _ => Of(8 + ((index - 232) * 10), 8 + ((index - 232) * 10), 8 + ((index - 232) * 10)),
    };

    private static int Level(int step) => step == 0 ? 0 : 55 + (step * 40);
}

/// <summary>How characters look (ECMA-48, 8.3.117, SGR).</summary>
public readonly record struct AnsiStyle
{
    public AnsiColour? Foreground { get; init; }

    public AnsiColour? Background { get; init; }

    public bool Bold { get; init; }

    public bool Faint { get; init; }

    public bool Italic { get; init; }

    public bool Underline { get; init; }

    public bool Inverse { get; init; }

    public bool CrossedOut { get; init; }

    /// <summary>The classes of resources.css that show it; null for plain characters.</summary>
    public string? CssClass
    {
        get
        {
            if (this == default)
            {
                return null;
            }

            List<string> classes = [];
            var (foreground, background) = Inverse ? (Background, Foreground) : (Foreground, Background);
            if (foreground is { Index: { } f })
            {
                classes.Add(string.Create(CultureInfo.InvariantCulture, $"ansi-f{f}"));
            }

            if (background is { Index: { } b })
            {
                classes.Add(string.Create(CultureInfo.InvariantCulture, $"ansi-b{b}"));
            }

            // The colours of the page have no number: they are exchanged by a class of their own, each where no colour is set.
            if (Inverse && foreground is null)
            {
                classes.Add("ansi-inverse-f");
            }

            if (Inverse && background is null)
            {
                classes.Add("ansi-inverse-b");
            }

            Add(Bold, "ansi-bold");
            Add(Faint, "ansi-faint");
            Add(Italic, "ansi-italic");
            Add(Underline, "ansi-underline");
            Add(CrossedOut, "ansi-crossed");
            return classes.Count == 0 ? null : string.Join(' ', classes);

            void Add(bool has, string name)
            {
                if (has)
                {
                    classes.Add(name);
                }
            }
        }
    }

    /// <summary>The fixed colours as a style attribute; null when there are none. Made of numbers only.</summary>
    public string? CssStyle
    {
        get
        {
            var (foreground, background) = Inverse ? (Background, Foreground) : (Foreground, Background);
            var text = (foreground is { Index: null } f ? string.Create(CultureInfo.InvariantCulture, $"color:#{f.Rgb:x6};") : "")
                + (background is { Index: null } b ? string.Create(CultureInfo.InvariantCulture, $"background:#{b.Rgb:x6};") : "");
            return text.Length == 0 ? null : text;
        }
    }
}
