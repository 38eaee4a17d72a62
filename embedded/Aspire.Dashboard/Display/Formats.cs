using System.Globalization;

namespace Aspire.Dashboard.Display;

/// <summary>How the pages write times, durations and colours: the same everywhere.</summary>
internal static class Formats
{
    private const int Colours = 10;

    /// <summary>A moment of today, in the time zone of the app host, to the millisecond.</summary>
    public static string Time(DateTime utc) => utc.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>A moment with its date.</summary>
    public static string DateAndTime(DateTime utc) => utc.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>A duration with three significant digits and the unit that suits it: µs, ms, s or min.</summary>
    public static string Duration(TimeSpan duration) => duration.TotalMicroseconds switch
    {
        < 1_000 and var us => string.Create(CultureInfo.InvariantCulture, $"{us:0} µs"),
        < 10_000 and var us => string.Create(CultureInfo.InvariantCulture, $"{us / 1e3:0.00} ms"),
        < 100_000 and var us => string.Create(CultureInfo.InvariantCulture, $"{us / 1e3:0.0} ms"),
        < 1_000_000 and var us => string.Create(CultureInfo.InvariantCulture, $"{us / 1e3:0} ms"),
        < 60_000_000 and var us => string.Create(CultureInfo.InvariantCulture, $"{us / 1e6:0.00} s"),
        var us => string.Create(CultureInfo.InvariantCulture, $"{us / 6e7:0.0} min"),
    };

    /// <summary>The class of a resource's colour in app.css, <c>c0</c> to <c>c9</c>: the same for a name on every page and in every run.</summary>
    public static string ColourClass(string resource)
    {
        var hash = 2166136261u;
        foreach (var c in resource)
        {
            hash = (hash ^ c) * 16777619u;
        }

        // The high bits: in the low ones, short names differ little.
        return string.Create(CultureInfo.InvariantCulture, $"c{(hash >> 16) % Colours}");
    }
}
