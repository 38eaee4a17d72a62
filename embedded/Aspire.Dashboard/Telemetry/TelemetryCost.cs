namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// Estimates the memory that a record holds, for the budgets of <see cref="TelemetryLimits"/>. Short strings come from a pool and are mostly shared
/// (<see cref="StringPool"/>), so they count half; what is long counts in full.
/// </summary>
internal static class TelemetryCost
{
    private const int ObjectHeader = 24;
    private const int SpanObject = 160;
    private const int LogObject = 112;

    public static int Of(Span span, AttributeKeys keys)
    {
        var cost = SpanObject + Of(span.Name) + Of(span.StatusMessage) + Of(span.Attributes, keys);
        for (var i = 0; i < span.Events.Count; i++)
        {
            cost += 2 * ObjectHeader + Of(span.Events[i].Name) + Of(span.Events[i].Attributes, keys: null);
        }

        for (var i = 0; i < span.Links.Count; i++)
        {
            cost += 3 * ObjectHeader + Of(span.Links[i].Attributes, keys: null);
        }

        return cost;
    }

    public static int Of(LogEntry entry, AttributeKeys keys) => LogObject + Of(entry.Message) + Of(entry.Attributes, keys);

    /// <param name="attributes">The attributes.</param>
    /// <param name="keys">Learns the keys, and knows which are shared. Null when they are not offered for filters.</param>
    public static int Of(IReadOnlyList<TelemetryAttribute> attributes, AttributeKeys? keys)
    {
        if (attributes.Count == 0)
        {
            return 0;
        }

        var cost = ObjectHeader;
        if (attributes is TelemetryAttribute[] array)
        {
            // The usual case: over the interface every access is a call.
            foreach (var attribute in array)
            {
                cost += Of(attribute, keys);
            }
        }
        else
        {
            for (var i = 0; i < attributes.Count; i++)
            {
                cost += Of(attributes[i], keys);
            }
        }

        return cost;
    }

    public static int Of(string? text) => text is null ? 0 : text.Length <= StringPool.MaxLength ? ObjectHeader + text.Length : ObjectHeader + (2 * text.Length);

    private static int Of(TelemetryAttribute attribute, AttributeKeys? keys)
        => 16 + Of(attribute.Value) + (keys is not null && keys.Add(attribute.Key) ? 0 : Of(attribute.Key));
}

/// <summary>The distinct keys of attributes that have been seen, up to a number. Written under the lock of its store, read at any time.</summary>
internal sealed class AttributeKeys(int limit)
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<string>? _sorted;

    /// <summary>Learns a key.</summary>
    /// <returns>Whether it is known now; false when there are too many.</returns>
    public bool Add(string key)
    {
        if (_keys.Contains(key))
        {
            return true;
        }

        if (_keys.Count >= limit)
        {
            return false;
        }

        _keys.Add(key);
        _sorted = null;
        return true;
    }

    /// <summary>All, sorted. Call under the lock of the store.</summary>
    public IReadOnlyList<string> ToSorted() => _sorted ??= [.. _keys.Order(StringComparer.Ordinal)];

    public void Clear()
    {
        _keys.Clear();
        _sorted = null;
    }
}
