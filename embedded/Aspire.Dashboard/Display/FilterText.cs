using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Display;

/// <summary>Filters as the query string has them, <c>KEY:CONDITION:VALUE</c>, with key and value percent-encoded where they have a colon; and as people read them.</summary>
internal static class FilterText
{
    /// <summary>The conditions with their name in the query string and in the pages.</summary>
    public static readonly IReadOnlyList<(FilterCondition Condition, string Name, string Label)> Conditions =
    [
        (FilterCondition.Equals, "equals", "equals"),
        (FilterCondition.NotEquals, "notequals", "not equals"),
        (FilterCondition.Contains, "contains", "contains"),
        (FilterCondition.NotContains, "notcontains", "not contains"),
    ];

    public static string Format(AttributeFilter filter) =>
        $"{Uri.EscapeDataString(filter.Key)}:{Conditions[(int)filter.Condition].Name}:{Uri.EscapeDataString(filter.Value)}";

    /// <returns>The filter; null when the text is none, as in an address typed by hand.</returns>
    public static AttributeFilter? Parse(string? text)
    {
        var parts = text?.Split(':', 3);
        if (parts is not { Length: 3 } || parts[0].Length == 0)
        {
            return null;
        }

        foreach (var (condition, name, _) in Conditions)
        {
            if (string.Equals(name, parts[1], StringComparison.OrdinalIgnoreCase))
            {
                return new AttributeFilter(Uri.UnescapeDataString(parts[0]), condition, Uri.UnescapeDataString(parts[2]));
            }
        }

        return null;
    }

    /// <summary>The filters among the texts; what is none is left out.</summary>
    public static IReadOnlyList<AttributeFilter> ParseAll(IReadOnlyList<string?>? texts) =>
        texts is null ? [] : [.. texts.Select(Parse).OfType<AttributeFilter>()];

    /// <summary>The filter in words, on one line.</summary>
    public static string Describe(AttributeFilter filter) =>
        $"{DisplayText.Line(filter.Key, 60)} {Conditions[(int)filter.Condition].Label} {(filter.Value.Length == 0 ? "(nothing)" : DisplayText.Line(filter.Value, 60))}";
}
