using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resources of the model.</summary>
public interface IResourceCollection : IList<IResource>
{
    /// <summary>Finds a resource by its name, without regard to case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="resource">The resource, when there is one.</param>
    /// <returns>Whether there is one.</returns>
    bool TryGetByName(string name, [NotNullWhen(true)] out IResource? resource);
}

/// <summary>Keeps the names unique, which everything else relies on.</summary>
internal sealed class ResourceCollection : IResourceCollection
{
    private readonly List<IResource> _resources = [];

    public ResourceCollection()
    {
    }

    public ResourceCollection(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources)
        {
            Add(resource);
        }
    }

    public int Count => _resources.Count;

    public bool IsReadOnly => false;

    public IResource this[int index]
    {
        get => _resources[index];
        set
        {
            if (!string.Equals(_resources[index].Name, value.Name, StringComparison.OrdinalIgnoreCase))
            {
                EnsureNewName(value);
            }

            _resources[index] = value;
        }
    }

    public void Add(IResource item)
    {
        EnsureNewName(item);
        _resources.Add(item);
    }

    public void Insert(int index, IResource item)
    {
        EnsureNewName(item);
        _resources.Insert(index, item);
    }

    public bool TryGetByName(string name, [NotNullWhen(true)] out IResource? resource)
    {
        resource = _resources.Find(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase));
        return resource is not null;
    }

    public void Clear() => _resources.Clear();

    public bool Contains(IResource item) => _resources.Contains(item);

    public void CopyTo(IResource[] array, int arrayIndex) => _resources.CopyTo(array, arrayIndex);

    public int IndexOf(IResource item) => _resources.IndexOf(item);

    public bool Remove(IResource item) => _resources.Remove(item);

    public void RemoveAt(int index) => _resources.RemoveAt(index);

    // A snapshot, so that a subscriber may add resources while another walks the model.
    public IEnumerator<IResource> GetEnumerator() => ((IEnumerable<IResource>)_resources.ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void EnsureNewName(IResource item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (TryGetByName(item.Name, out var existing))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{item.GetType().Name}' with name '{item.Name}' because resource of type '{existing.GetType().Name}' with that name already exists. Resource names are case-insensitive.");
        }
    }
}

/// <summary>The model of the application.</summary>
public class DistributedApplicationModel
{
    /// <summary>Creates a model.</summary>
    /// <param name="resources">Its resources.</param>
    public DistributedApplicationModel(IResourceCollection resources) => Resources = resources;

    /// <summary>Creates a model.</summary>
    /// <param name="resources">Its resources.</param>
    /// <exception cref="DistributedApplicationException">Two have the same name.</exception>
    public DistributedApplicationModel(IEnumerable<IResource> resources) : this(new ResourceCollection(resources))
    {
    }

    /// <summary>The resources.</summary>
    public IResourceCollection Resources { get; }
}
