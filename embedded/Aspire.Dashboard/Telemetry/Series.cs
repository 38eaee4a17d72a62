namespace Aspire.Dashboard.Telemetry;

/// <summary>A dimension set of an instrument over time. Times are hundredths of a second since the epoch of <see cref="MetricStore"/>.</summary>
internal abstract class Series(StoredInstrument instrument, SeriesKey key)
{
    /// <summary>Samples that are at most so far apart belong together; what is longer is a gap. An export interval of a minute is the default of OpenTelemetry.</summary>
    protected const int Gap = 90 * Second;

    /// <summary>Samples of the same second become one.</summary>
    protected const int Second = 100;

    public StoredInstrument Instrument => instrument;

    public SeriesKey Key => key;

    /// <summary>The estimated bytes, as last counted by the store.</summary>
    public long CountedBytes { get; set; }

    /// <summary>When the store last took a point.</summary>
    public int LastUse { get; set; }

    /// <summary>The place in the store's list; null while the series is not in it.</summary>
    public LinkedListNode<Series>? ByUse { get; set; }

    /// <summary>The place in the list of the instrument.</summary>
    public LinkedListNode<Series>? InInstrument { get; set; }

    public abstract long Bytes { get; }

    /// <summary>Takes a point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="isDelta">Whether it counts since the last one.</param>
    /// <param name="start">Since when it counts; null when that is not said.</param>
    /// <param name="time">Its time.</param>
    /// <param name="known">Since when the store sees all: what a counter has from before is no increase.</param>
    /// <returns>False when it is older than what is there.</returns>
    public abstract bool Add(MetricDataPoint point, bool isDelta, int? start, int time, int known);

    /// <summary>Forgets what ended before.</summary>
    public abstract void Trim(int before);

    /// <summary>Adds what is there to the steps.</summary>
    public abstract void Read(MetricSteps steps);

    /// <summary>What it takes beside its samples.</summary>
    protected long ObjectBytes { get; } = 300 + TelemetryCost.Of(key.InstanceId) + TelemetryCost.Of(key.Attributes, keys: null);
}

/// <summary>The values of a gauge or of an up-down counter. A sample is a time in which the value was reported unchanged.</summary>
internal sealed class ValueSeries(StoredInstrument instrument, SeriesKey key, int limit) : Series(instrument, key)
{
    private readonly SampleRing<Sample> _samples = new(limit);
    private double _total;

    public override long Bytes => ObjectBytes + _samples.Bytes;

    public override bool Add(MetricDataPoint point, bool isDelta, int? start, int time, int known)
    {
        if (_samples.Count > 0 && time < _samples.Last.To)
        {
            return false;
        }

        _total = isDelta ? _total + point.Value : point.Value;
        if (_samples.Count > 0)
        {
            ref var last = ref _samples.Last;
            if (last.Value.Equals(_total) && time - last.To <= Gap)
            {
                last.To = time;
                return true;
            }

            if (last.From == last.To && last.To / Second == time / Second)
            {
                last = new Sample(time, time, _total);
                return true;
            }
        }

        _samples.Add(new Sample(time, time, _total));
        return true;
    }

    public override void Trim(int before)
    {
        while (_samples.Count > 0 && _samples[0].To < before)
        {
            _samples.RemoveFirst();
        }
    }

    public override void Read(MetricSteps steps)
    {
        for (var i = 0; i < _samples.Count; i++)
        {
            var sample = _samples[i];
            // The value holds until the next one; after the last one, for as long as the next may take.
            var isLast = i == _samples.Count - 1;
            var interval = i > 0 ? Math.Max(sample.From - _samples[i - 1].To, 0) : 0;
            var hold = isLast ? sample.To + Math.Clamp(2 * interval, 10 * Second, Gap) : _samples[i + 1].From - sample.To <= Gap ? _samples[i + 1].From : sample.To;
            steps.AddValue(sample.From, sample.To, hold, sample.Value);
        }

        steps.EndValues();
    }

    private record struct Sample(int From, int To, double Value);
}

/// <summary>The increases of a counter, each over the time from the sample before.</summary>
internal sealed class CounterSeries(StoredInstrument instrument, SeriesKey key, int limit) : Series(instrument, key)
{
    private readonly SampleRing<Sample> _samples = new(limit);
    private readonly Reported _reported = new();
    private double _value;

    public override long Bytes => ObjectBytes + _samples.Bytes;

    public override bool Add(MetricDataPoint point, bool isDelta, int? start, int time, int known)
    {
        if (_reported.IsOld(time))
        {
            return false;
        }

        var restarted = _reported.Next(isDelta, start, time, known, point.Value < _value, out var from, out var isBase);
        var increase = isBase ? 0 : isDelta || restarted ? point.Value : point.Value - _value;
        _value = point.Value;
        if (isBase)
        {
            return true;
        }

        if (_samples.Count > 0)
        {
            ref var last = ref _samples.Last;
            if (last.To == from && ((last.Value == 0 && increase == 0 && time - from <= Gap) || last.To / Second == time / Second))
            {
                last = new Sample(last.From, time, last.Value + increase);
                return true;
            }
        }

        _samples.Add(new Sample(from, time, increase));
        return true;
    }

    public override void Trim(int before)
    {
        while (_samples.Count > 0 && _samples[0].To < before)
        {
            _samples.RemoveFirst();
        }
    }

    public override void Read(MetricSteps steps)
    {
        for (var i = 0; i < _samples.Count; i++)
        {
            var sample = _samples[i];
            steps.AddIncrease(sample.From, sample.To, sample.Value);
        }

        steps.EndIncreases();
    }

    private record struct Sample(int From, int To, double Value);
}

/// <summary>What was last reported of something that counts.</summary>
internal sealed class Reported
{
    private const int Second = 100;

    private int? _time;
    private int? _start;

    public bool IsOld(int time) => time < _time;

    /// <summary>Takes note of a point.</summary>
    /// <param name="isDelta">Whether it counts since the last one.</param>
    /// <param name="start">Since when it counts.</param>
    /// <param name="time">Its time.</param>
    /// <param name="known">Since when the store sees all.</param>
    /// <param name="isLess">Whether its value is less than the last one.</param>
    /// <param name="from">From when on the increase was.</param>
    /// <param name="isBase">Whether it only tells where counting begins.</param>
    /// <returns>Whether a cumulative point counts from 0 on.</returns>
    public bool Next(bool isDelta, int? start, int time, int known, bool isLess, out int from, out bool isBase)
    {
        var restarted = !isDelta && (_time is null || isLess || start > _start);
        isBase = _time is null && !isDelta && (start is null || start < known);
        // The first value has come to be at some time since the start, but most likely since the last report of the others.
        from = isDelta || (restarted && _time is not null) ? Math.Max(start ?? int.MinValue, _time ?? (time - Second)) : _time ?? Math.Max(start ?? int.MinValue, time - Second);
        from = Math.Min(from, time);
        (_time, _start) = (time, start ?? _start);
        return restarted;
    }
}
