using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Which resources that run need which others, by what the model says about waiting, referring and belonging.</summary>
internal static class DependencyGraph
{
    /// <summary>The resource that a resource lives and ends with: the one it belongs to, at the end of that chain.</summary>
    public static IResource OwnerOf(IResource resource)
    {
        var current = resource;
        while (!ProcessFactory.IsRunnable(current) && current is IResourceWithParent { Parent: var parent })
        {
            current = parent;
        }

        return current;
    }

    /// <summary>
    /// For each resource, those that need it: they stop before it. What would make a circle is left out, beginning with the later resource.
    /// </summary>
    public static Dictionary<IResource, HashSet<IResource>> Dependents(IReadOnlyCollection<IResource> runnable)
    {
        var members = runnable.ToHashSet();
        var dependents = runnable.ToDictionary(r => r, _ => new HashSet<IResource>());
        var visited = new Dictionary<IResource, bool>();
        foreach (var resource in runnable)
        {
            Visit(resource);
        }

        return dependents;

        void Visit(IResource resource)
        {
            if (!visited.TryAdd(resource, false))
            {
                return;
            }

            foreach (var dependency in DependenciesOf(resource).Where(d => members.Contains(d) && d != resource))
            {
                Visit(dependency);
                if (visited[dependency])
                {
                    dependents[dependency].Add(resource);
                }
            }

            visited[resource] = true;
        }
    }

    private static IEnumerable<IResource> DependenciesOf(IResource resource)
    {
        // What is waited for first: when a circle has to be broken, a wait is the stronger bond.
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            yield return OwnerOf(wait.Resource);
        }

        foreach (var relationship in resource.Annotations.OfType<ResourceRelationshipAnnotation>())
        {
            yield return OwnerOf(relationship.Resource);
        }
    }
}
