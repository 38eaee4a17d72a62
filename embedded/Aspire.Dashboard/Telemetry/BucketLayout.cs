namespace Aspire.Dashboard.Telemetry;

/// <summary>Which values a bucket of a histogram stands for. Equal layouts compare equal.</summary>
internal abstract class BucketLayout : IEquatable<BucketLayout>
{
    /// <summary>The values of a bucket; equal ends stand for a single value. False when nothing is known about them.</summary>
    public abstract bool TryGetRange(long index, out double low, out double high);

    /// <summary>The estimated bytes of memory.</summary>
    public abstract int Bytes { get; }

    public abstract bool Equals(BucketLayout? other);

    public sealed override bool Equals(object? obj) => obj is BucketLayout other && Equals(other);

    public abstract override int GetHashCode();
}

/// <summary>Buckets with explicit bounds: bucket i has what is above bound i-1 and at most bound i (OTLP's Histogram).</summary>
internal sealed class ExplicitBuckets(double[] bounds) : BucketLayout
{
    private readonly int _hash = bounds.Aggregate(bounds.Length, HashCode.Combine);

    public override int Bytes => 64 + (sizeof(double) * bounds.Length);

    public override bool TryGetRange(long index, out double low, out double high)
    {
        if (bounds.Length == 0)
        {
            (low, high) = (0, 0);
            return false;
        }

        // The outer buckets have one bound. Below: from 0, as nearly everything that is measured is positive. Above: the last bound, as Prometheus has it.
        high = bounds[Math.Min(index, bounds.Length - 1)];
        low = index > 0 ? bounds[index - 1] : Math.Min(0, high);
        return true;
    }

    public override bool Equals(BucketLayout? other) => ReferenceEquals(this, other) || (other is ExplicitBuckets same && same.Matches(bounds));

    public bool Matches(ReadOnlySpan<double> other) => other.SequenceEqual(bounds);

    public override int GetHashCode() => _hash;
}

/// <summary>Buckets that grow by the factor 2^(2^-scale) (OTLP's ExponentialHistogram). An index tells the sign of the values too.</summary>
internal sealed class ExponentialBuckets(int scale) : BucketLayout
{
    public const int MinScale = -10;
    public const int MaxScale = 20;

    public int Scale => scale;

    public override int Bytes => 24;

    public static long Zero => 0;

    public static long Positive(int index) => ((long)index << 2) | 1;

    public static long Negative(int index) => ((long)index << 2) | 2;

    /// <summary>The bucket that has this one in a layout whose scale is less.</summary>
    public static long Downscale(long index, int by) => index == Zero ? Zero : (index >> 2 >> by << 2) | (index & 3);

    public override bool TryGetRange(long index, out double low, out double high)
    {
        if (index == Zero)
        {
            (low, high) = (0, 0);
            return true;
        }

        var at = index >> 2;
        low = Bound(at);
        high = Bound(at + 1);
        if ((index & 3) == 2)
        {
            (low, high) = (-high, -low);
        }

        return true;
    }

    public override bool Equals(BucketLayout? other) => other is ExponentialBuckets same && same.Scale == scale;

    public override int GetHashCode() => scale;

    private double Bound(long index) => Math.Min(Math.Pow(2, index * Math.Pow(2, -scale)), double.MaxValue);
}
