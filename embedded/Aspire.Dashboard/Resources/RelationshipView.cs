using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Resources;

/// <summary>A relationship as seen from one of its two sides.</summary>
/// <param name="Other">The resource on the other side.</param>
/// <param name="Types">The kinds of relationship, for instance Reference and WaitFor.</param>
public sealed record RelationshipView(string Other, IReadOnlyList<string> Types)
{
    /// <summary>The resources that one refers to.</summary>
    public static IReadOnlyList<RelationshipView> From(ResourceView view)
        => Group(view.Snapshot.Relationships.Select(r => (r.ResourceName, r.Type)));

    /// <summary>The resources that refer to one.</summary>
    public static IReadOnlyList<RelationshipView> To(ResourceView view, IEnumerable<ResourceView> all)
        => Group(all.Where(v => v.Name != view.Name).SelectMany(v => v.Snapshot.Relationships
            .Where(r => string.Equals(r.ResourceName, view.Name, StringComparison.OrdinalIgnoreCase)).Select(r => (v.Name, r.Type))));

    private static IReadOnlyList<RelationshipView> Group(IEnumerable<(string Other, string Type)> relationships) =>
    [
        .. relationships.GroupBy(r => r.Other, StringComparer.OrdinalIgnoreCase).OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
            .Select(g => new RelationshipView(g.Key, [.. g.Select(r => r.Type).Distinct().Order(StringComparer.Ordinal)])),
    ];
}
