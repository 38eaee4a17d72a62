namespace Aspire.Dashboard.Telemetry;

/// <summary>The increases of a histogram, each over the time from the sample before.</summary>
internal sealed class HistogramSeries(StoredInstrument instrument, SeriesKey key, int limit) : Series(instrument, key)
{
    private const int ArrayBytes = 24;

    private readonly SampleRing<Sample> _samples = new(limit);
    private readonly Reported _reported = new();
    private HistogramData? _last;
    private long _bucketBytes;

    public override long Bytes => ObjectBytes + _samples.Bytes + _bucketBytes + (_last is null ? 0 : (_last.Buckets.Count * 16) + _last.Layout.Bytes);

    public override bool Add(MetricDataPoint point, bool isDelta, int? start, int time, int known)
    {
        var histogram = point.Histogram!;
        if (_reported.IsOld(time))
        {
            return false;
        }

        IReadOnlyList<Bucket>? increases = null;
        var layout = histogram.Layout;
        if (!isDelta && _last is { } last && last.Count <= histogram.Count)
        {
            increases = Subtract(histogram, last, out layout);
        }

        var restarted = _reported.Next(isDelta, start, time, known, isLess: !isDelta && _last is not null && increases is null, out var from, out var isBase);
        var count = histogram.Count;
        if (isDelta || restarted || increases is null)
        {
            (increases, layout) = (histogram.Buckets, histogram.Layout);
        }
        else
        {
            count -= _last!.Count;
        }

        if (!isBase)
        {
            Add(new Sample(from, time, count, Shared(layout), count == 0 ? null : BucketIncreases.Encode(increases)), increases);
        }

        _last = isDelta ? null : histogram with { Layout = Shared(histogram.Layout) };

        return true;
    }

    public override void Trim(int before)
    {
        while (_samples.Count > 0 && _samples[0].To < before)
        {
            RemoveFirst();
        }
    }

    public override void Read(MetricSteps steps)
    {
        for (var i = 0; i < _samples.Count; i++)
        {
            ref var sample = ref _samples[i];
            steps.AddIncrease(sample.From, sample.To, sample.Count);
            ReadOnlySpan<byte> buckets = sample.Buckets;
            while (BucketIncreases.TryRead(ref buckets, out var bucket))
            {
                steps.AddBucket(sample.From, sample.To, sample.Layout, bucket);
            }
        }

        steps.EndIncreases();
    }

    private void Add(Sample sample, IReadOnlyList<Bucket> increases)
    {
        if (_samples.Count > 0)
        {
            ref var last = ref _samples.Last;
            if (last.To == sample.From && last.Buckets is null && sample.Buckets is null && sample.To - sample.From <= Gap)
            {
                last.To = sample.To;
                return;
            }

            if (last.To == sample.From && last.To / Second == sample.To / Second && last.Layout.Equals(sample.Layout))
            {
                _bucketBytes -= BytesOf(last);
                last = new Sample(last.From, sample.To, last.Count + sample.Count, last.Layout, Merge(last.Buckets, increases));
                _bucketBytes += BytesOf(last);
                return;
            }
        }

        if (_samples.Count == limit)
        {
            RemoveFirst();
        }

        _bucketBytes += BytesOf(sample) + (_samples.Count > 0 && ReferenceEquals(_samples.Last.Layout, sample.Layout) ? 0 : sample.Layout.Bytes);
        _samples.Add(sample);
    }

    private void RemoveFirst()
    {
        var first = _samples[0];
        _samples.RemoveFirst();
        _bucketBytes -= BytesOf(first) + (_samples.Count > 0 && ReferenceEquals(_samples[0].Layout, first.Layout) ? 0 : first.Layout.Bytes);
    }

    /// <summary>Every request brings its own bounds; the samples share one object while they are equal.</summary>
    private BucketLayout Shared(BucketLayout layout) => _samples.Count > 0 && _samples.Last.Layout.Equals(layout) ? _samples.Last.Layout : layout;

    private static byte[]? Merge(ReadOnlySpan<byte> encoded, IReadOnlyList<Bucket> more)
    {
        var sums = more.ToDictionary(b => b.Index, b => b.Count);
        while (BucketIncreases.TryRead(ref encoded, out var bucket))
        {
            sums[bucket.Index] = sums.GetValueOrDefault(bucket.Index) + bucket.Count;
        }

        return sums.Count == 0 ? null : BucketIncreases.Encode([.. sums.Select(s => new Bucket(s.Key, s.Value))]);
    }

    /// <summary>By how much each bucket has grown; null when one has shrunk or the layouts do not go together: it has been started anew.</summary>
    private static List<Bucket>? Subtract(HistogramData now, HistogramData before, out BucketLayout layout)
    {
        layout = now.Layout;
        var (shiftNow, shiftBefore) = (0, 0);
        if (now.Layout is ExponentialBuckets to && before.Layout is ExponentialBuckets from)
        {
            // The scale becomes less when values are farther apart.
            var scale = Math.Min(to.Scale, from.Scale);
            (shiftNow, shiftBefore) = (to.Scale - scale, from.Scale - scale);
            layout = shiftNow == 0 ? to : from;
        }
        else if (!now.Layout.Equals(before.Layout))
        {
            return null;
        }

        var counts = new Dictionary<long, long>(now.Buckets.Count);
        foreach (var (index, count) in now.Buckets)
        {
            var at = shiftNow == 0 ? index : ExponentialBuckets.Downscale(index, shiftNow);
            counts[at] = counts.GetValueOrDefault(at) + count;
        }

        foreach (var (index, count) in before.Buckets)
        {
            var at = shiftBefore == 0 ? index : ExponentialBuckets.Downscale(index, shiftBefore);
            var left = counts.GetValueOrDefault(at) - count;
            if (left < 0)
            {
                return null;
            }

            counts[at] = left;
        }

        var increases = new List<Bucket>();
        foreach (var (index, count) in counts)
        {
            if (count > 0)
            {
                increases.Add(new Bucket(index, count));
            }
        }

        return increases;
    }

    private static int BytesOf(in Sample sample) => sample.Buckets is { } buckets ? ArrayBytes + buckets.Length : 0;

    private record struct Sample(int From, int To, double Count, BucketLayout Layout, byte[]? Buckets);
}
