using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>The colours of the page, by what they are for; every one is a custom property of the style sheet.</summary>
/// <param name="Name">What the colours are for: <c>light</c>, <c>dark</c> or <c>print</c>.</param>
/// <param name="Colors">The colours as <c>#rrggbb</c>, by name.</param>
internal sealed record Palette(string Name, ImmutableSortedDictionary<string, string> Colors)
{
    /// <summary>For light screens.</summary>
    public static Palette Light { get; } = Of("light", """
        page #ffffff, panel #f5f7fa, text #1c2733, quiet #55616f, line #d3dae2, edge #7b8794, focus #1d4ed8, on-focus #ffffff,
        good #17683a, good-tint #e8f5ec, bad #b42318, bad-tint #fdecea, on-bad #ffffff,
        flow #33475b, route #7b8794,
        application #3f4fb5, application-tint #eef0fb, data #0b6b66, data-tint #e6f4f2, storage #8a4b08
        """);

    /// <summary>For dark screens.</summary>
    public static Palette Dark { get; } = Of("dark", """
        page #12171e, panel #1b222c, text #e4e9ef, quiet #a5b1bf, line #333e4b, edge #7d8a99, focus #8ab4ff, on-focus #10151b,
        good #6fd08c, good-tint #15291c, bad #ff8a7d, bad-tint #371917, on-bad #1a0d0c,
        flow #c3cedb, route #8592a1,
        application #aab4ff, application-tint #1e2340, data #6fd3cb, data-tint #11302e, storage #f0b673
        """);

    /// <summary>For paper: black on white, so that it reads on any printer.</summary>
    public static Palette Print { get; } = Of("print", """
        page #ffffff, panel #ffffff, text #000000, quiet #333333, line #999999, edge #555555, focus #000000, on-focus #ffffff,
        good #000000, good-tint #ffffff, bad #000000, bad-tint #ffffff, on-bad #ffffff,
        flow #000000, route #555555,
        application #000000, application-tint #ffffff, data #000000, data-tint #ffffff, storage #000000
        """);

    /// <summary>Which text stands on which ground: each pair needs a contrast of 4.5 (WCAG 2.2, 1.4.3 level AA).</summary>
    public static ImmutableArray<(string Text, string Ground)> Texts { get; } =
    [
        .. from ground in (string[])["page", "panel", "application-tint", "data-tint"] from text in (string[])["text", "quiet"] select (text, ground),
        ("text", "good-tint"), ("text", "bad-tint"), ("quiet", "bad-tint"), ("good", "page"), ("good", "panel"), ("good", "good-tint"), ("bad", "page"), ("bad", "panel"), ("bad", "bad-tint"),
        ("focus", "bad-tint"), ("on-bad", "bad"), ("on-focus", "focus"), ("focus", "page"), ("focus", "panel"), ("flow", "page"),
        ("application", "page"), ("application", "application-tint"), ("data", "page"), ("data", "data-tint"), ("storage", "page"), ("storage", "data-tint"),
    ];

    /// <summary>Which lines have to be told from which ground: each pair needs a contrast of 3 (WCAG 2.2, 1.4.11 level AA).</summary>
    public static ImmutableArray<(string Line, string Ground)> Lines { get; } =
    [
        .. from ground in (string[])["page", "panel", "application-tint", "data-tint"] from line in (string[])["flow", "route", "bad", "focus", "edge"] select (line, ground),
    ];

    /// <summary>The colours as declarations of custom properties.</summary>
    public string Declarations => string.Concat(Colors.Select(color => $"--{color.Key}:{color.Value};"));

    private static Palette Of(string name, string colors)
        => new(name, colors.Split(',', StringSplitOptions.TrimEntries).Select(color => color.Split(' ')).ToImmutableSortedDictionary(color => color[0], color => color[1], StringComparer.Ordinal));
}
