using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace RvkApp.AppHost;

/// <summary>Reads typed settings. One that cannot be used is a <see cref="DistributedApplicationException"/> that says which, and what it may be.</summary>
internal sealed class SettingReader(IConfiguration configuration)
{
    /// <summary>A text; empty means the fallback.</summary>
    public string Text(string key, string fallback) => configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : fallback;

    /// <summary>A switch, <c>true</c> or <c>false</c>.</summary>
    public bool Switch(string key, bool fallback) => configuration[key] switch
    {
        null => fallback,
        var value when bool.TryParse(value, out var on) => on,
        var value => throw Refuse(key, value, "true or false"),
    };

    /// <summary>A TCP port; 0 stands for any free one and is given as <see langword="null"/>.</summary>
    public int? Port(string key, int fallback) => configuration[key] switch
    {
        null => fallback,
        var value when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 => port == 0 ? null : port,
        var value => throw Refuse(key, value, "a port from 1 to 65535, or 0 for any free one"),
    };

    /// <summary>One word of a list; the first is the fallback.</summary>
    public string Choice(string key, params string[] words) => configuration[key] switch
    {
        null => words[0],
        var value when Array.Find(words, word => string.Equals(word, value.Trim(), StringComparison.OrdinalIgnoreCase)) is { } word => word,
        var value => throw Refuse(key, value, words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}"),
    };

    /// <summary>A whole number within bounds, both inclusive.</summary>
    public int Number(string key, int fallback, int minimum, int maximum) => configuration[key] switch
    {
        null => fallback,
        var value when TryNumber(value, out var number) && number >= minimum && number <= maximum => number,
        var value => throw Refuse(key, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}")),
    };

    /// <summary>One whole number of a list.</summary>
    public int NumberOf(string key, int fallback, IReadOnlyList<int> numbers) => configuration[key] switch
    {
        null => fallback,
        var value when TryNumber(value, out var number) && numbers.Contains(number) => number,
        var value => throw Refuse(key, value, $"{string.Join(", ", numbers.SkipLast(1))} or {numbers[^1]}"),
    };

    /// <summary>A text that a rule accepts; empty means the fallback.</summary>
    public string Text(string key, string fallback, Func<string, bool> accepts, string allowed)
    {
        var value = Text(key, fallback);
        return value == fallback || accepts(value) ? value : throw Refuse(key, value, allowed);
    }

    /// <summary>Texts separated by commas, or the entries of a list in a settings file, each of which a rule accepts; none by default.</summary>
    public IReadOnlyList<string> Texts(string key, Func<string, bool> accepts, string allowed)
    {
        const StringSplitOptions Parts = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        string[] entries = [.. configuration[key]?.Split(',', Parts) ?? [], .. configuration.GetSection(key).GetChildren().Select(child => child.Value?.Trim()).OfType<string>()];
        return Array.Find(entries, entry => !accepts(entry)) is { } refused ? throw Refuse(key, refused, allowed) : entries;
    }

    private static bool TryNumber(string value, out int number) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static DistributedApplicationException Refuse(string key, string value, string allowed) => new($"The setting {key} is '{value}': use {allowed}.");
}
