namespace Aspire.Dashboard.Telemetry;

/// <summary>An instrument with the dimension sets of all instances of its resource. Used under the lock of <see cref="MetricStore"/>.</summary>
internal sealed class StoredInstrument(Instrument instrument, int maxExemplars)
{
    /// <summary>Distinct values of a dimension that are listed.</summary>
    private const int MaxValues = 1_000;

    private const int ObjectBytes = 400;
    private const int ExemplarBytes = 96;

    private readonly int _ownBytes = ObjectBytes + TelemetryCost.Of(instrument.Meter) + TelemetryCost.Of(instrument.Name) + TelemetryCost.Of(instrument.Description) + TelemetryCost.Of(instrument.Unit);
    private Queue<(Exemplar Exemplar, SeriesKey Key)> _exemplars = new();

    public Instrument Instrument => instrument;

    public Dictionary<SeriesKey, Series> Series { get; } = [];

    /// <summary>The dimension sets by their last report, the newest last.</summary>
    public LinkedList<Series> ByUse { get; } = new();

    /// <summary>The estimated bytes beside those of the dimension sets.</summary>
    public long Bytes => _ownBytes + (_exemplars.Count * ExemplarBytes);

    /// <summary>The estimated bytes, as last counted by the store.</summary>
    public long CountedBytes { get; set; }

    /// <summary>Forgets the exemplars of a dimension set, which would keep its attributes.</summary>
    public void RemoveExemplars(SeriesKey key)
    {
        if (_exemplars.Any(e => ReferenceEquals(e.Key, key)))
        {
            _exemplars = new(_exemplars.Where(e => !ReferenceEquals(e.Key, key)));
        }
    }

    public void AddExemplars(IReadOnlyList<Exemplar> exemplars, SeriesKey key)
    {
        for (var i = 0; i < exemplars.Count && maxExemplars > 0; i++)
        {
            if (_exemplars.Count >= maxExemplars)
            {
                _exemplars.Dequeue();
            }

            _exemplars.Enqueue((exemplars[i], key));
        }
    }

    public MetricSeries Read(MetricQuery query, MetricSteps steps)
    {
        foreach (var series in Series.Values)
        {
            if (series.Key.Matches(query.Dimensions))
            {
                series.Read(steps);
            }
        }

        var points = new MetricPoint[query.Steps];
        var length = (query.ToUtc - query.FromUtc) / query.Steps;
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = steps.Read(i, instrument.Kind, query.FromUtc + ((i + 1) * length));
        }

        return new MetricSeries(instrument, points, Dimensions(), [.. _exemplars
            .Where(e => e.Exemplar.TimeUtc >= query.FromUtc && e.Exemplar.TimeUtc <= query.ToUtc && e.Key.Matches(query.Dimensions)).Select(e => e.Exemplar)]);
    }

    private List<Dimension> Dimensions()
    {
        var values = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var key in Series.Keys)
        {
            foreach (var attribute in key.Attributes)
            {
                if (!values.TryGetValue(attribute.Key, out var known))
                {
                    values.Add(attribute.Key, known = new SortedSet<string>(StringComparer.Ordinal));
                }

                if (known.Count < MaxValues)
                {
                    known.Add(attribute.Value);
                }
            }
        }

        // Where a dimension set lacks a dimension that others have, its value is "".
        foreach (var (dimension, known) in values)
        {
            if (Series.Keys.Any(k => Filters.Value(k.Attributes, dimension) is null))
            {
                known.Add("");
            }
        }

        return [.. values.Select(v => new Dimension(v.Key, [.. v.Value]))];
    }
}
