using System.Globalization;
using System.Text.RegularExpressions;
using RvkApp.AppHost.Topology.Page;

namespace RvkApp.Tests.Page;

/// <summary>Whether the colours can be told apart, by the formulas of WCAG 2.2.</summary>
public sealed partial class PaletteTests
{
    public static TheoryData<string> Palettes => [.. All.Keys];

    private static Dictionary<string, Palette> All { get; } = new Palette[] { Palette.Light, Palette.Dark, Palette.Print }.ToDictionary(palette => palette.Name);

    [Theory]
    [MemberData(nameof(Palettes))]
    public void Text_can_be_read_on_every_ground_it_stands_on(string name)
        => Assert.All(Palette.Texts, pair => Assert.True(Contrast(name, pair.Text, pair.Ground) >= 4.5, $"{pair}: {Contrast(name, pair.Text, pair.Ground):0.00}"));

    [Theory]
    [MemberData(nameof(Palettes))]
    public void Lines_can_be_told_from_every_ground_they_cross(string name)
        => Assert.All(Palette.Lines, pair => Assert.True(Contrast(name, pair.Line, pair.Ground) >= 3, $"{pair}: {Contrast(name, pair.Line, pair.Ground):0.00}"));

    [Fact]
    public void Every_palette_has_the_same_colours()
        => Assert.All(All.Values, palette => Assert.Equal(Palette.Light.Colors.Keys, palette.Colors.Keys));

    [Fact]
    public void The_style_sheet_uses_the_colours_of_the_palette_and_no_others()
    {
        var used = Variable().Matches(PageAssets.Style).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Equal(Palette.Light.Colors.Keys.Order(), used.Order());
        var rules = PageAssets.Style[PageAssets.Style.LastIndexOf("}}", StringComparison.Ordinal)..];
        Assert.DoesNotMatch(HexColor(), rules);
    }

    private static double Contrast(string palette, string one, string other)
    {
        var (first, second) = (Luminance(All[palette].Colors[one]), Luminance(All[palette].Colors[other]));
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double Luminance(string color)
    {
        double[] channels = [.. Enumerable.Range(0, 3).Select(index => Linear(int.Parse(color.AsSpan(1 + 2 * index, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0))];
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
    }

    private static double Linear(double channel) => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4);

    [GeneratedRegex(@"var\(--([a-z-]+)\)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\s*[;},]")]
    private static partial Regex HexColor();
}
