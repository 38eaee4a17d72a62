using System.Globalization;

namespace RvkApp.Bench;

/// <summary>How a benchmark prints the values of its runs.</summary>
internal static class Medians
{
    /// <summary>Prints the median of the values, with the least and the greatest.</summary>
    public static void Report(string name, List<double> values)
    {
        values.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-36} median {values[values.Count / 2]:0.00}   min {values[0]:0.00}   max {values[^1]:0.00}   n {values.Count}"));
    }
}
