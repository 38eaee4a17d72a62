using System.Buffers;

namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// The newest log records, in a ring. Each place knows the place before it of the same resource and of the same trace, so those are found without a scan;
/// a chain ends where it leaves the ring, so what is evicted needs no unlinking.
/// </summary>
internal sealed class LogStore(TelemetryLimits limits)
{
    private const long None = -1;

    private readonly Lock _lock = new();
    private readonly Place[] _ring = new Place[limits.MaxLogCount];
    private readonly Dictionary<string, long> _lastOfResource = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<TraceId, long> _lastOfTrace = [];
    private readonly AttributeKeys _keys = new(limits.MaxAttributeKeyCount);
    private long _first, _next, _sequence, _bytes, _evicted;

    public long Evicted => Interlocked.Read(ref _evicted);

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

    /// <summary>Adds records, which get their sequence numbers here.</summary>
    public void Add(IReadOnlyList<LogEntry> entries)
    {
        lock (_lock)
        {
            for (var i = 0; i < entries.Count; i++)
            {
                entries[i].Sequence = ++_sequence;
                Add(entries[i], TelemetryCost.Of(entries[i], _keys));
            }
        }
    }

    public LogEntry? Get(long sequence)
    {
        lock (_lock)
        {
            var at = Find(sequence);
            return at < _next && At(at).Entry!.Sequence == sequence ? At(at).Entry : null;
        }
    }

    public Found<LogEntry> Get(LogQuery query, int skip, int take)
    {
        var candidates = ArrayPool<LogEntry>.Shared.Rent(Math.Max(1, (int)(Volatile.Read(ref _next) - Volatile.Read(ref _first)) + 1));
        var count = 0;
        try
        {
            lock (_lock)
            {
                var needed = (int)(_next - _first);
                if (candidates.Length < needed)
                {
                    ArrayPool<LogEntry>.Shared.Return(candidates);
                    candidates = ArrayPool<LogEntry>.Shared.Rent(needed);
                }

                count = Collect(query, candidates);
            }

            return Page.Take(candidates.AsSpan(0, count), query, static (entry, query) => Filters.Matches(entry, query), static entry => entry, skip, take);
        }
        finally
        {
            Array.Clear(candidates, 0, count);
            ArrayPool<LogEntry>.Shared.Return(candidates);
        }
    }

    public void Clear(string? resource)
    {
        lock (_lock)
        {
            var kept = new List<(LogEntry Entry, int Cost)>();
            if (resource is not null)
            {
                for (var at = _first; at < _next; at++)
                {
                    ref var place = ref At(at);
                    if (!Filters.Same(place.Entry!.Resource.Name, resource))
                    {
                        kept.Add((place.Entry, place.Cost));
                    }
                }
            }

            Array.Clear(_ring);
            _lastOfResource.Clear();
            _lastOfTrace.Clear();
            _keys.Clear();
            (_first, _next, _bytes) = (0, 0, 0);
            foreach (var (entry, _) in kept)
            {
                Add(entry, TelemetryCost.Of(entry, _keys));
            }
        }
    }

    private void Add(LogEntry entry, int cost)
    {
        while (_next - _first >= _ring.Length || (_bytes + cost > limits.MaxLogBytes && _next > _first))
        {
            Evict();
        }

        ref var place = ref At(_next);
        place.Entry = entry;
        place.Cost = cost;
        place.BeforeOfResource = _lastOfResource.GetValueOrDefault(entry.Resource.Name, None);
        _lastOfResource[entry.Resource.Name] = _next;
        place.BeforeOfTrace = None;
        if (!entry.TraceId.IsEmpty)
        {
            place.BeforeOfTrace = _lastOfTrace.GetValueOrDefault(entry.TraceId, None);
            _lastOfTrace[entry.TraceId] = _next;
        }

        _bytes += cost;
        _next++;
    }

    private void Evict()
    {
        ref var place = ref At(_first);
        var entry = place.Entry!;
        if (_lastOfResource.GetValueOrDefault(entry.Resource.Name, None) == _first)
        {
            _lastOfResource.Remove(entry.Resource.Name);
        }

        if (!entry.TraceId.IsEmpty && _lastOfTrace.GetValueOrDefault(entry.TraceId, None) == _first)
        {
            _lastOfTrace.Remove(entry.TraceId);
        }

        _bytes -= place.Cost;
        place = default;
        _first++;
        _evicted++;
    }

    /// <summary>Those that the indexes cannot exclude, the newest first. Only references are copied under the lock.</summary>
    private int Collect(LogQuery query, LogEntry[] into)
    {
        var count = 0;
        var before = query.Before ?? long.MaxValue;
        if (query.TraceId is { IsEmpty: false } trace)
        {
            for (var at = _lastOfTrace.GetValueOrDefault(trace, None); at >= _first; at = At(at).BeforeOfTrace)
            {
                Take(at);
            }
        }
        else if (query.Resource is { } resource)
        {
            for (var at = _lastOfResource.GetValueOrDefault(resource, None); at >= _first; at = At(at).BeforeOfResource)
            {
                Take(at);
            }
        }
        else
        {
            for (var at = Find(before) - 1; at >= _first; at--)
            {
                into[count++] = At(at).Entry!;
            }
        }

        return count;

        void Take(long at)
        {
            if (At(at).Entry!.Sequence < before)
            {
                into[count++] = At(at).Entry!;
            }
        }
    }

    /// <summary>The first place whose sequence number is not less.</summary>
    private long Find(long sequence)
    {
        var (low, high) = (_first, _next);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (At(middle).Entry!.Sequence < sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private ref Place At(long position) => ref _ring[position % _ring.Length];

    private struct Place
    {
        public LogEntry? Entry;
        public long BeforeOfResource;
        public long BeforeOfTrace;
        public int Cost;
    }
}
