namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// The instruments of the resources over the last hour, about one sample a second. An instance of a resource has its own dimension sets; a query adds
/// them up. Metrics come seldom, a request a second from each process, so one lock is enough.
/// </summary>
internal sealed class MetricStore
{
    /// <summary>Times of samples are whole units since the epoch, in 32 bits: that is more than 200 days.</summary>
    public const int UnitsPerSecond = 100;

    private const long TicksPerUnit = TimeSpan.TicksPerSecond / UnitsPerSecond;

    private static readonly TimeSpan Past = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly TelemetryLimits _limits;
    private readonly TimeProvider _time;
    private readonly DateTime _epoch;
    private readonly Dictionary<string, Dictionary<(string Meter, string Name), StoredInstrument>> _resources = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<Series> _byUse = new();
    private readonly Dictionary<string, int> _knownOf = new(StringComparer.OrdinalIgnoreCase);
    private long _bytes, _evicted, _refused;
    private int _known;

    public MetricStore(TelemetryLimits limits, TimeProvider time)
    {
        (_limits, _time) = (limits, time);
        _epoch = time.GetUtcNow().UtcDateTime - Past;
        _known = ToUnits(time.GetUtcNow().UtcDateTime);
    }

    /// <summary>The dimension sets that made place.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>The points that were older than what is there, of another kind of instrument than before, or of instruments beyond the limit.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The estimated bytes held.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Adds points.</summary>
    /// <returns>How many were refused.</returns>
    public int Add(IReadOnlyList<MetricData> metrics)
    {
        var refused = 0;
        lock (_lock)
        {
            var now = ToUnits(_time.GetUtcNow().UtcDateTime);
            for (var i = 0; i < metrics.Count; i++)
            {
                refused += Add(metrics[i], now);
            }

            var oldest = now - (int)(_limits.MetricsRetention.TotalSeconds * UnitsPerSecond);
            while (_byUse.First is { } first && first.Value.LastUse < oldest)
            {
                Remove(first.Value);
            }

            _refused += refused;
        }

        return refused;
    }

    public IReadOnlyList<Instrument> GetInstruments(string resource)
    {
        lock (_lock)
        {
            return !_resources.TryGetValue(resource, out var instruments) ? []
                : [.. instruments.Values.Select(i => i.Instrument).OrderBy(i => i.Meter, StringComparer.Ordinal).ThenBy(i => i.Name, StringComparer.Ordinal)];
        }
    }

    public MetricSeries? Get(MetricQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Steps, 600);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(query.ToUtc, query.FromUtc);
        lock (_lock)
        {
            return _resources.TryGetValue(query.Resource, out var instruments) && instruments.TryGetValue((query.Meter, query.Name), out var instrument)
                ? instrument.Read(query, new MetricSteps(Units(query.FromUtc), Units(query.ToUtc), query.Steps)) : null;
        }
    }

    public void Clear(string? resource)
    {
        lock (_lock)
        {
            var isKnown = resource is not null && _resources.ContainsKey(resource);
            foreach (var series in _byUse.Where(s => resource is null || Filters.Same(s.Instrument.Instrument.Resource, resource)).ToArray())
            {
                Remove(series);
            }

            // What counters have from before is forgotten with the rest and must not come back as an increase.
            var now = ToUnits(_time.GetUtcNow().UtcDateTime);
            if (resource is null)
            {
                _known = now;
                _knownOf.Clear();
            }
            else if (isKnown)
            {
                _knownOf[resource] = now;
            }
        }
    }

    private int Add(MetricData metric, int now)
    {
        var name = metric.Resource.Name;
        if (!_resources.TryGetValue(name, out var instruments))
        {
            _resources.Add(name, instruments = []);
        }

        if (!instruments.TryGetValue((metric.Meter, metric.Name), out var instrument))
        {
            if (instruments.Count >= _limits.MaxInstrumentCount || metric.Points.Count == 0)
            {
                return metric.Points.Count;
            }

            instrument = new StoredInstrument(new Instrument(name, metric.Meter, metric.Name, metric.Unit, metric.Description, metric.Kind), _limits.MaxExemplarCount);
            instruments.Add((metric.Meter, metric.Name), instrument);
        }
        else if (instrument.Instrument.Kind != metric.Kind)
        {
            return metric.Points.Count;
        }

        var refused = 0;
        for (var i = 0; i < metric.Points.Count; i++)
        {
            refused += Add(instrument, metric, metric.Points[i], now) ? 0 : 1;
        }

        return refused;
    }

    private bool Add(StoredInstrument instrument, MetricData metric, MetricDataPoint point, int now)
    {
        var key = new SeriesKey(metric.Resource.InstanceId, point.Attributes);
        if (!instrument.Series.TryGetValue(key, out var series))
        {
            series = metric.Kind switch
            {
                InstrumentKind.Counter => new CounterSeries(instrument, key, _limits.MaxMetricsCount),
                InstrumentKind.Histogram => new HistogramSeries(instrument, key, _limits.MaxMetricsCount),
                _ => new ValueSeries(instrument, key, _limits.MaxMetricsCount),
            };
        }

        // A clock that is ahead must not keep out what comes after it.
        var time = Math.Min(ToUnits(point.TimeUtc), now + (5 * UnitsPerSecond));
        if (!series.Add(point, metric.IsDelta, point.StartUtc is { } start ? ToUnits(start) : null, time, _knownOf.GetValueOrDefault(metric.Resource.Name, _known)))
        {
            return false;
        }

        if (series.ByUse is null)
        {
            if (instrument.Series.Count >= _limits.MaxDimensionSetCount)
            {
                Evict(instrument.ByUse.First!.Value);
            }

            // Making place may have removed the instrument with its last dimension set.
            Attach(instrument);
            instrument.Series.Add(key, series);
            series.ByUse = _byUse.AddLast(series);
            series.InInstrument = instrument.ByUse.AddLast(series);
        }
        else
        {
            _byUse.Remove(series.ByUse);
            _byUse.AddLast(series.ByUse);
            instrument.ByUse.Remove(series.InInstrument!);
            instrument.ByUse.AddLast(series.InInstrument!);
        }

        series.LastUse = now;
        instrument.AddExemplars(point.Exemplars, series.Key);
        series.Trim(now - (int)(_limits.MetricsRetention.TotalSeconds * UnitsPerSecond));
        _bytes += series.Bytes - series.CountedBytes;
        series.CountedBytes = series.Bytes;
        _bytes += instrument.Bytes - instrument.CountedBytes;
        instrument.CountedBytes = instrument.Bytes;
        while (_bytes > _limits.MaxMetricsBytes && _byUse.First is { } first)
        {
            Evict(first.Value);
        }

        return true;
    }

    private void Attach(StoredInstrument instrument)
    {
        var (name, meter, of) = (instrument.Instrument.Name, instrument.Instrument.Meter, instrument.Instrument.Resource);
        if (!_resources.TryGetValue(of, out var instruments))
        {
            _resources.Add(of, instruments = []);
        }

        instruments[(meter, name)] = instrument;
    }

    private void Evict(Series series)
    {
        Remove(series);
        _evicted++;
    }

    private void Remove(Series series)
    {
        var stored = series.Instrument;
        var instrument = stored.Instrument;
        _bytes -= series.CountedBytes;
        _byUse.Remove(series.ByUse!);
        stored.ByUse.Remove(series.InInstrument!);
        stored.Series.Remove(series.Key);
        stored.RemoveExemplars(series.Key);
        _bytes += stored.Bytes - stored.CountedBytes;
        stored.CountedBytes = stored.Bytes;
        if (stored.Series.Count == 0 && _resources.TryGetValue(instrument.Resource, out var instruments))
        {
            _bytes -= stored.CountedBytes;
            stored.CountedBytes = 0;
            instruments.Remove((instrument.Meter, instrument.Name));
            if (instruments.Count == 0)
            {
                _resources.Remove(instrument.Resource);
            }
        }
    }

    private int ToUnits(DateTime time) => (int)Math.Clamp((time - _epoch).Ticks / TicksPerUnit, 0, int.MaxValue / 2);

    private double Units(DateTime time) => (time - _epoch).Ticks / (double)TicksPerUnit;
}
