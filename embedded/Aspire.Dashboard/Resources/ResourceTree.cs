using System.Collections.Immutable;

namespace Aspire.Dashboard.Resources;

/// <summary>A row of the table.</summary>
/// <param name="View">The resource.</param>
/// <param name="Depth">How deep it is nested, 0 at the top.</param>
internal readonly record struct ResourceRow(ResourceView View, int Depth);

/// <summary>Nests resources under those that they belong to.</summary>
internal static class ResourceTree
{
    /// <summary>The rows of a table: by name, each followed by what belongs to it. What belongs to a resource that is not among them is at the top.</summary>
    public static ImmutableArray<ResourceRow> Rows(IReadOnlyCollection<ResourceView> views)
    {
        var names = views.Select(v => v.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var children = views.ToLookup(v => v.Parent is { } parent && names.Contains(parent) && !IsSame(parent, v.Name) ? parent : null, StringComparer.OrdinalIgnoreCase);
        var rows = ImmutableArray.CreateBuilder<ResourceRow>(views.Count);
        var added = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var root in InOrder(children[null]))
        {
            Add(root, 0);
        }

        // Resources that belong to each other in a circle have no top.
        foreach (var view in InOrder(views))
        {
            Add(view, 0);
        }

        return rows.ToImmutable();

        void Add(ResourceView view, int depth)
        {
            if (!added.Add(view.Name))
            {
                return;
            }

            rows.Add(new(view, depth));
            foreach (var child in InOrder(children[view.Name]))
            {
                Add(child, depth + 1);
            }
        }
    }

    private static bool IsSame(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    // Parameters are many and seldom looked at: they come last.
    private static IEnumerable<ResourceView> InOrder(IEnumerable<ResourceView> views)
        => views.OrderBy(v => v.Resource is Aspire.Hosting.ApplicationModel.ParameterResource).ThenBy(v => v.Name, StringComparer.OrdinalIgnoreCase);
}
