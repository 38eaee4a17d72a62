namespace Aspire.Dashboard.Telemetry;

/// <summary>Equal steps of time, into which the samples of the dimension sets of an instrument are gathered. A step has its end and not its beginning.</summary>
internal sealed class MetricSteps(double from, double to, int count)
{
    private readonly double _length = (to - from) / count;
    private readonly double[] _increases = new double[count];
    private readonly double[] _covered = new double[count];
    private readonly double[] _coveredByOne = new double[count];
    private readonly double[] _values = new double[count];
    private readonly int[] _reporting = new int[count];
    private readonly double?[] _valuesOfOne = new double?[count];
    private readonly Percentiles?[] _percentiles = new Percentiles?[count];

    /// <summary>Adds an increase, spread evenly over its time.</summary>
    public void AddIncrease(int start, int end, double increase)
    {
        foreach (var (step, overlap, part) in Overlaps(start, end))
        {
            _increases[step] += increase * part;
            _coveredByOne[step] += overlap;
        }
    }

    /// <summary>Adds the increase of a bucket, spread evenly over its time.</summary>
    public void AddBucket(int start, int end, BucketLayout layout, Bucket bucket)
    {
        foreach (var (step, _, part) in Overlaps(start, end))
        {
            (_percentiles[step] ??= new Percentiles()).Add(layout, bucket.Index, bucket.Count * part);
        }
    }

    /// <summary>The end of the increases of one dimension set.</summary>
    public void EndIncreases()
    {
        for (var i = 0; i < count; i++)
        {
            _covered[i] = Math.Max(_covered[i], Math.Min(_coveredByOne[i], _length));
            _coveredByOne[i] = 0;
        }
    }

    /// <summary>Adds a value of a dimension set; they come by time.</summary>
    /// <param name="start">When it was reported first.</param>
    /// <param name="end">When it was reported last.</param>
    /// <param name="hold">Until when it holds.</param>
    /// <param name="value">The value.</param>
    public void AddValue(int start, int end, int hold, double value)
    {
        for (var i = Math.Max(0, StepOf(start)); i < count && StartOf(i) < hold; i++)
        {
            if (hold >= StartOf(i + 1) || end > StartOf(i))
            {
                _valuesOfOne[i] = value;
            }
        }
    }

    /// <summary>The end of the values of one dimension set.</summary>
    public void EndValues()
    {
        for (var i = 0; i < count; i++)
        {
            if (_valuesOfOne[i] is { } value)
            {
                _values[i] += value;
                _reporting[i]++;
                _valuesOfOne[i] = null;
            }
        }
    }

    /// <summary>A step as its instrument shows it.</summary>
    public MetricPoint Read(int step, InstrumentKind kind, DateTime endUtc)
    {
        switch (kind)
        {
            case InstrumentKind.Gauge:
                return new MetricPoint(endUtc, _reporting[step] == 0 ? null : _values[step] / _reporting[step], null, null, null);
            case InstrumentKind.UpDownCounter:
                return new MetricPoint(endUtc, _reporting[step] == 0 ? null : _values[step], null, null, null);
            default:
                // Divided by the time for which there are reports: the newest step is not over yet.
                double? rate = _covered[step] > 0 ? _increases[step] / _covered[step] * MetricStore.UnitsPerSecond : null;
                Span<double?> percentiles = [null, null, null];
                _percentiles[step]?.Read([0.5, 0.9, 0.99], percentiles);
                return new MetricPoint(endUtc, rate, percentiles[0], percentiles[1], percentiles[2]);
        }
    }

    private double StartOf(int step) => from + (step * _length);

    private int StepOf(double time) => (int)Math.Clamp(Math.Ceiling((time - from) / _length) - 1, -1, count);

    private OverlapEnumerator Overlaps(int start, int end) => new(this, start, Math.Max(start + 1, end));

    /// <summary>The steps that a time has a part in, with the length of that part and its share of the time.</summary>
    private struct OverlapEnumerator(MetricSteps steps, int start, int end)
    {
        private int _step = Math.Max(steps.StepOf(start), 0) - 1;

        public (int Step, double Overlap, double Part) Current { get; private set; }

        public readonly OverlapEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (++_step < steps._increases.Length && steps.StartOf(_step) < end)
            {
                var overlap = Math.Min(end, steps.StartOf(_step + 1)) - Math.Max(start, steps.StartOf(_step));
                if (overlap > 0)
                {
                    Current = (_step, overlap, overlap / (end - start));
                    return true;
                }
            }

            return false;
        }
    }
}
