using System.Globalization;

namespace RvkApp.Bench;

/// <summary>How a benchmark prints the values of its runs.</summary>
internal static class Medians
{
    /// <summary>Prints the median of the values, with the least and the greatest.</summary>
    public static void Report(string name, IReadOnlyList<double> values)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-44} median {Of(values):0.00}   min {values.Min():0.00}   max {values.Max():0.00}   n {values.Count}"));

    /// <summary>The median: the value in the middle, or the mean of the two there.</summary>
    public static double Of(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
