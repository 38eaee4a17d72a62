using System.Buffers;

namespace Aspire.Dashboard.Telemetry;

/// <summary>The newest traces, in the order in which their first spans arrived.</summary>
internal sealed class TraceStore(TelemetryLimits limits, TrafficCounters traffic)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TraceId, TraceEntry> _byId = [];
    private readonly AttributeKeys _keys = new(limits.MaxAttributeKeyCount);
    private Queue<TraceEntry> _inOrder = new();
    private long _bytes, _evicted, _refused;

    /// <summary>The spans that were evicted with their traces.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>The spans beyond the limit of their trace, and those that were there already.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The estimated bytes held.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_lock)
            {
                return _keys.ToSorted();
            }
        }
    }

    /// <summary>Adds spans to their traces.</summary>
    /// <returns>How many were refused.</returns>
    public int Add(IReadOnlyList<Span> spans)
    {
        var refused = 0;
        lock (_lock)
        {
            for (var i = 0; i < spans.Count; i++)
            {
                refused += Add(spans[i]) ? 0 : 1;
            }

            _refused += refused;
        }

        return refused;
    }

    public Found<TraceSummary> Get(TraceQuery query, int skip, int take)
    {
        TraceEntry[] entries;
        int count;
        lock (_lock)
        {
            count = _inOrder.Count;
            entries = ArrayPool<TraceEntry>.Shared.Rent(Math.Max(1, count));
            _inOrder.CopyTo(entries, 0);
        }

        try
        {
            var newestFirst = entries.AsSpan(0, count);
            newestFirst.Reverse();
            return Page.Take(newestFirst, query, static (entry, query) => Matches(entry, query), static entry => entry.Summarize(), skip, take);
        }
        finally
        {
            Array.Clear(entries, 0, count);
            ArrayPool<TraceEntry>.Shared.Return(entries);
        }
    }

    public Trace? Get(TraceId id)
    {
        TraceEntry? entry;
        lock (_lock)
        {
            entry = _byId.GetValueOrDefault(id);
        }

        return entry?.ToTrace();
    }

    /// <summary>Forgets the traces that a resource has a part in, or all.</summary>
    public void Clear(string? resource)
    {
        lock (_lock)
        {
            var kept = new Queue<TraceEntry>();
            foreach (var entry in _inOrder)
            {
                if (resource is not null && !HasPart(entry, resource))
                {
                    kept.Enqueue(entry);
                }
                else
                {
                    _byId.Remove(entry.TraceId);
                    _bytes -= entry.Bytes;
                }
            }

            _inOrder = kept;
            if (resource is null)
            {
                _keys.Clear();
            }

            traffic.Clear(resource);
        }
    }

    private bool Add(Span span)
    {
        if (_byId.TryGetValue(span.TraceId, out var entry))
        {
            if (entry.Count >= limits.MaxSpansPerTrace || entry.Find(span.SpanId) is not null)
            {
                return false;
            }
        }
        else
        {
            entry = new TraceEntry(span.TraceId);
            _byId.Add(span.TraceId, entry);
            _inOrder.Enqueue(entry);
            _bytes += entry.Bytes;
        }

        var cost = TelemetryCost.Of(span, _keys);
        entry.Add(span);
        entry.Bytes += cost;
        _bytes += cost;
        traffic.Add(entry, span);
        while (_inOrder.Count > limits.MaxTraceCount || _bytes > limits.MaxTraceBytes)
        {
            var oldest = _inOrder.Dequeue();
            _byId.Remove(oldest.TraceId);
            _bytes -= oldest.Bytes;
            _evicted += oldest.Count;
        }

        return true;
    }

    private static bool Matches(TraceEntry entry, TraceQuery query)
    {
        if ((query.ErrorsOnly && !entry.HasError) || (query.MinimumDuration is { } least && entry.Duration < least)
            || (query.Resource is { } resource && !HasPart(entry, resource)))
        {
            return false;
        }

        return (string.IsNullOrEmpty(query.Text) || HasText(entry, query.Text)) && (query.Filters.Count == 0 || HasSpan(entry, query.Filters));
    }

    private static bool HasPart(TraceEntry entry, string resource)
    {
        foreach (var span in entry.Spans)
        {
            if (Filters.Same(span.Resource.Name, resource))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasText(TraceEntry entry, string text)
    {
        foreach (var span in entry.Spans)
        {
            if (Filters.Contains(span.Name, text))
            {
                return true;
            }
        }

        return text.Length <= 32 && Filters.Contains(entry.TraceId.ToString(), text);
    }

    private static bool HasSpan(TraceEntry entry, IReadOnlyList<AttributeFilter> filters)
    {
        foreach (var span in entry.Spans)
        {
            if (Filters.All(span, filters))
            {
                return true;
            }
        }

        return false;
    }
}
