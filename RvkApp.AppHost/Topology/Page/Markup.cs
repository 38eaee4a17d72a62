using System.Runtime.CompilerServices;
using System.Text;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>
/// HTML or SVG that is safe to write as it is. The only ways to get one are literal text of this program and text that was escaped, so what
/// a template says can never become an element, an attribute or a script.
/// </summary>
internal readonly record struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    /// <summary>Nothing.</summary>
    public static Markup Empty { get; } = new(string.Empty);

    /// <summary>Whether it is nothing.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>Literal markup, in which every hole is escaped unless it is <see cref="Markup"/> itself.</summary>
    /// <param name="handler">The interpolated literal.</param>
    /// <returns>The markup.</returns>
    public static Markup Of(MarkupHandler handler) => new(handler.ToString());

    /// <summary>Markup of this program's own files (the style sheet, the script).</summary>
    /// <param name="trusted">Text that does not come from a template or a setting.</param>
    /// <returns>The markup.</returns>
    public static Markup Trusted(string trusted) => new(trusted);

    /// <summary>One after the other, each on a line of its own.</summary>
    /// <param name="parts">The parts; empty ones leave no line.</param>
    /// <returns>The markup.</returns>
    public static Markup Lines(IEnumerable<Markup> parts) => Join("\n", parts);

    /// <summary>One after the other.</summary>
    /// <param name="separator">Literal text between two parts.</param>
    /// <param name="parts">The parts; empty ones are left out.</param>
    /// <returns>The markup.</returns>
    public static Markup Join(string separator, IEnumerable<Markup> parts)
        => new(string.Join(separator, parts.Where(part => !part.IsEmpty).Select(part => part._text)));

    /// <summary>The text, safe in element content and in quoted attribute values of HTML and XML.</summary>
    /// <param name="text">Any text; characters that XML 1.0 cannot carry become U+FFFD.</param>
    /// <returns>The markup.</returns>
    public static Markup Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' or '\n' or '\r' => rune.ToString(),
                < 0x20 or 0xFFFE or 0xFFFF => "\uFFFD",
                _ => rune.ToString(),
            });
        }

        return new Markup(escaped.ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? string.Empty;
}

/// <summary>Builds <see cref="Markup"/> from an interpolated literal: the literal is kept, the holes are escaped.</summary>
/// <param name="literalLength">The literal's length, from the compiler.</param>
/// <param name="formattedCount">The number of holes, from the compiler.</param>
[InterpolatedStringHandler]
internal readonly struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _builder = new(literalLength + formattedCount * 16);

    /// <summary>Literal text of this program.</summary>
    /// <param name="literal">The text.</param>
    public void AppendLiteral(string literal) => _builder.Append(literal);

    /// <summary>Text from elsewhere.</summary>
    /// <param name="value">The text; nothing for <see langword="null"/>.</param>
    public void AppendFormatted(string? value) => _builder.Append(Markup.Escape(value ?? string.Empty));

    /// <summary>A number, written the same in every culture.</summary>
    /// <param name="value">The number.</param>
    public void AppendFormatted(int value) => _builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value}");

    /// <summary>Markup.</summary>
    /// <param name="value">The markup.</param>
    public void AppendFormatted(Markup value) => _builder.Append(value);

    /// <inheritdoc/>
    public override string ToString() => _builder.ToString();
}
