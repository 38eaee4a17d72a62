using System.Runtime.InteropServices;

namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// Measurements in buckets, of one layout or of several. A percentile takes the measurements of a bucket to lie evenly between its ends, as Prometheus's
/// <c>histogram_quantile</c> does.
/// </summary>
internal sealed class Percentiles
{
    private readonly Dictionary<(BucketLayout Layout, long Index), double> _counts = [];

    public void Add(BucketLayout layout, long index, double count)
        => CollectionsMarshal.GetValueRefOrAddDefault(_counts, (layout, index), out _) += count;

    /// <summary>The value below which a part of the measurements lies; null when there are none, or their buckets have no bounds.</summary>
    /// <param name="parts">Rising parts, each from 0 to 1.</param>
    /// <param name="values">One for each.</param>
    public void Read(ReadOnlySpan<double> parts, Span<double?> values)
    {
        var edges = new SortedDictionary<double, Edge>();
        var total = 0.0;
        foreach (var ((layout, index), count) in _counts)
        {
            if (count <= 0 || !layout.TryGetRange(index, out var low, out var high))
            {
                continue;
            }

            total += count;
            var density = count / (high - low);
            if (double.IsFinite(density) && density > 0)
            {
                At(low).Rise += density;
                At(high).Rise -= density;
            }
            else
            {
                At(high).Jump += count;
            }
        }

        values.Clear();
        if (total <= 0)
        {
            return;
        }

        var (part, below, rise, last) = (0, 0.0, 0.0, 0.0);
        foreach (var (value, edge) in edges)
        {
            var width = value - last;
            while (part < parts.Length && rise > 0 && below + (rise * width) >= parts[part] * total)
            {
                values[part] = Math.Min(value, last + (((parts[part] * total) - below) / rise));
                part++;
            }

            below += (rise > 0 ? rise * width : 0) + edge.Jump;
            while (part < parts.Length && below >= parts[part] * total)
            {
                values[part++] = value;
            }

            rise += edge.Rise;
            last = value;
        }

        // Rounding may leave the sum a little below the total.
        while (part < parts.Length)
        {
            values[part++] = last;
        }

        Edge At(double value)
        {
            if (!edges.TryGetValue(value, out var edge))
            {
                edges.Add(value, edge = new Edge());
            }

            return edge;
        }
    }

    private sealed class Edge
    {
        /// <summary>By how much the density of measurements changes here.</summary>
        public double Rise;

        /// <summary>Measurements of exactly this value.</summary>
        public double Jump;
    }
}
