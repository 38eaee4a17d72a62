using System.Globalization;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Display;

/// <summary>How the values of an instrument are written. Units come in UCUM's case-sensitive codes (OpenTelemetry, semantic conventions for metrics).</summary>
/// <param name="Label">The unit as people write it; empty when the numbers have none.</param>
/// <param name="Scale">What a value is multiplied with to be in this unit.</param>
internal readonly record struct MetricUnit(string Label, double Scale)
{
    private static readonly (string Prefix, double Size)[] BytePrefixes = [("", 1), ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1L << 40)];

    /// <summary>The unit that suits values up to a greatest one.</summary>
    /// <param name="unit">The unit of the instrument.</param>
    /// <param name="kind">A counter's values are per second; seconds of a histogram are shown in milliseconds.</param>
    /// <param name="greatest">The greatest value to show, in the instrument's unit.</param>
    public static MetricUnit For(string unit, InstrumentKind kind, double greatest)
    {
        var (label, scale) = unit switch
        {
            "s" when kind == InstrumentKind.Histogram => ("ms", 1e3),
            "s" when kind != InstrumentKind.Counter && greatest < 1 => ("ms", 1e3),
            "us" => ("µs", 1),
            "min" or "h" or "d" or "s" or "ms" or "ns" or "%" => (unit, 1),
            "1" or "" => ("", 1),
            "By" => Bytes(greatest, "B"),
            "KiBy" => Bytes(greatest * (1 << 10), "B", 1 << 10),
            "MiBy" => Bytes(greatest * (1 << 20), "B", 1 << 20),
            "By/s" => Bytes(greatest, "B/s"),
            "Cel" => ("°C", 1),
            _ => (Annotation(unit), 1d),
        };
        return new MetricUnit(kind == InstrumentKind.Counter ? $"{label}/s" : label, scale);
    }

    /// <summary>A value of the instrument as a number in this unit, without the unit.</summary>
    public string Number(double value)
    {
        var shown = value * Scale;
        var size = Math.Abs(shown);
        return shown.ToString(size switch
        {
            0 => "0",
            < 0.001 or >= 1e9 => "0.##e0",
            < 1 => "0.####",
            < 10 => "0.###",
            < 100 => "0.##",
            < 1000 => "0.#",
            _ => "#,0",
        }, CultureInfo.InvariantCulture);
    }

    /// <summary>A value of the instrument with its unit.</summary>
    public string Text(double value) => Label.Length == 0 ? Number(value) : Label[0] is '/' or '%' ? Number(value) + Label : $"{Number(value)} {Label}";

    private static (string Label, double Scale) Bytes(double greatest, string label, double unit = 1)
    {
        var (prefix, size) = BytePrefixes.LastOrDefault(prefix => Math.Abs(greatest) >= prefix.Size, BytePrefixes[0]);
        return (prefix + label, unit / size);
    }

    // {request} is a count of requests: what is in braces is no unit but says what is counted.
    private static string Annotation(string unit) => DisplayText.Line(unit.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), 40);
}
