namespace Aspire.Dashboard.Telemetry;

/// <summary>Who has sent something. An instance of a service is a resource; the names are those of the model.</summary>
internal sealed class ResourceRegistry(TelemetryLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string InstanceId), TelemetryResource> _all = [];
    private volatile IReadOnlyList<TelemetryResource> _sorted = [];

    /// <summary>By name and instance.</summary>
    public IReadOnlyList<TelemetryResource> All => _sorted;

    /// <summary>The known resource with the name and the instance of this one; else this one. The attributes that came first count.</summary>
    public TelemetryResource Share(TelemetryResource resource)
    {
        lock (_lock)
        {
            return _all.TryGetValue((resource.Name, resource.InstanceId), out var known) ? known : resource;
        }
    }

    /// <summary>Learns a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="isNew">Whether the list has changed.</param>
    /// <returns>Whether it is known now; false when there are too many.</returns>
    public bool Add(TelemetryResource resource, out bool isNew)
    {
        isNew = false;
        lock (_lock)
        {
            var key = (resource.Name, resource.InstanceId);
            if (_all.ContainsKey(key))
            {
                return true;
            }

            if (_all.Count >= limits.MaxResourceCount)
            {
                return false;
            }

            isNew = true;
            _all.Add(key, resource);
            Sort();
            return true;
        }
    }

    public void Clear(string? name)
    {
        lock (_lock)
        {
            foreach (var key in _all.Keys.Where(k => name is null || Filters.Same(k.Name, name)).ToArray())
            {
                _all.Remove(key);
            }

            Sort();
        }
    }

    private void Sort()
        => _sorted = [.. _all.Values.OrderBy(r => r.Name, StringComparer.OrdinalIgnoreCase).ThenBy(r => r.InstanceId, StringComparer.Ordinal)];
}
