using System.Collections.Immutable;

namespace Aspire.Dashboard.Resources;

/// <summary>Which resources are shown. Everything is in the address of the page.</summary>
internal sealed record ResourceFilter
{
    /// <summary>Part of the name, type, state, source or a URL, ignoring case. Never part of a value that may be secret.</summary>
    public string Text { get; init; } = "";

    /// <summary>The types that are shown; all when empty.</summary>
    public ImmutableSortedSet<string> Types { get; init; } = ImmutableSortedSet<string>.Empty;

    /// <summary>The states that are shown; all when empty.</summary>
    public ImmutableSortedSet<string> States { get; init; } = ImmutableSortedSet<string>.Empty;

    /// <summary>Whether hidden resources are shown.</summary>
    public bool Hidden { get; init; }

    public bool IsEmpty => Text.Length == 0 && Types.IsEmpty && States.IsEmpty && !Hidden;

    /// <summary>Reads the parts of a query: lists are separated by commas.</summary>
    public static ResourceFilter Parse(string? text, string? types, string? states, bool hidden) => new()
    {
        Text = text?.Trim() ?? "",
        Types = List(types),
        States = List(states),
        Hidden = hidden,
    };

    public bool Matches(ResourceView view)
        => (Hidden || !view.Snapshot.IsHidden)
            && (Types.IsEmpty || Types.Contains(view.Type))
            && (States.IsEmpty || States.Contains(view.State.Text))
            && (Text.Length == 0 || Texts(view).Any(t => t.Contains(Text, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A list as it stands in a query; null for an empty one, which takes it out of the address.</summary>
    public static string? Join(ImmutableSortedSet<string> values) => values.IsEmpty ? null : string.Join(',', values);

    /// <summary>The list with a value added or, when it has it, taken out.</summary>
    public static ImmutableSortedSet<string> Toggle(ImmutableSortedSet<string> values, string value)
    {
        var without = values.Remove(value);
        return without.Count == values.Count ? values.Add(value) : without;
    }

    private static IEnumerable<string> Texts(ResourceView view)
    {
        yield return view.Name;
        yield return view.Type;
        yield return view.State.Text;
        if (view.Source is { } source)
        {
            yield return source.Full;
        }

        foreach (var url in view.Urls)
        {
            yield return url.Url;
            yield return url.DisplayProperties.DisplayName;
        }
    }

    private static ImmutableSortedSet<string> List(string? text)
        => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToImmutableSortedSet(StringComparer.OrdinalIgnoreCase);
}
