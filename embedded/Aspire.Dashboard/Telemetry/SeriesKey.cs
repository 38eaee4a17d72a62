namespace Aspire.Dashboard.Telemetry;

/// <summary>A dimension set of an instance of a resource.</summary>
internal sealed class SeriesKey : IEquatable<SeriesKey>
{
    private readonly int _hash;

    public SeriesKey(string instanceId, IReadOnlyList<TelemetryAttribute> attributes)
    {
        (InstanceId, Attributes) = (instanceId, attributes);
        var hash = new HashCode();
        hash.Add(instanceId);
        foreach (var (key, value) in attributes)
        {
            hash.Add(key);
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    public string InstanceId { get; }

    /// <summary>The dimensions, by key.</summary>
    public IReadOnlyList<TelemetryAttribute> Attributes { get; }

    /// <summary>Whether the dimension set counts in a query: a dimension that it does not have has the value "".</summary>
    public bool Matches(IReadOnlyDictionary<string, IReadOnlySet<string>> dimensions)
    {
        foreach (var (key, values) in dimensions)
        {
            if (!values.Contains(Filters.Value(Attributes, key) ?? ""))
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(SeriesKey? other)
    {
        if (other is null || other._hash != _hash || other.Attributes.Count != Attributes.Count || other.InstanceId != InstanceId)
        {
            return false;
        }

        for (var i = 0; i < Attributes.Count; i++)
        {
            if (Attributes[i] != other.Attributes[i])
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as SeriesKey);

    public override int GetHashCode() => _hash;
}
