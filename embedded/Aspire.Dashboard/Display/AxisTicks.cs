namespace Aspire.Dashboard.Display;

/// <summary>Places for the marks of an axis, at numbers that people count in.</summary>
internal static class AxisTicks
{
    private static readonly TimeSpan[] ClockSteps =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
    ];

    /// <summary>Marks from at or below the minimum to at or above the maximum, 1, 2 or 5 times a power of ten apart.</summary>
    /// <param name="minimum">The least value to show.</param>
    /// <param name="maximum">The greatest value to show; when it is not greater than the minimum, the axis has a step of its own.</param>
    /// <param name="count">About how many intervals.</param>
    public static IReadOnlyList<double> Values(double minimum, double maximum, int count = 5)
    {
        if (!double.IsFinite(minimum) || !double.IsFinite(maximum) || !double.IsFinite(maximum - minimum))
        {
            (minimum, maximum) = (0, 1);
        }

        // A constant: half of it to each side, and never less apart than a double can tell.
        if (maximum - minimum <= Math.Max(Math.Abs(minimum), Math.Abs(maximum)) * 1e-9)
        {
            var half = maximum == 0 ? 1 : Math.Abs(maximum) / 2;
            (minimum, maximum) = minimum >= 0 ? (Math.Max(0, minimum - half), maximum + half) : (minimum - half, maximum + half);
        }

        var step = NiceStep((maximum - minimum) / count);
        var first = Math.Floor((minimum / step) + 1e-9);
        var last = Math.Ceiling((maximum / step) - 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }

    /// <summary>Moments inside of a duration, from zero, 1, 2 or 5 times a power of ten apart.</summary>
    public static IReadOnlyList<TimeSpan> Offsets(TimeSpan duration, int count = 6)
    {
        if (duration <= TimeSpan.Zero)
        {
            return [TimeSpan.Zero];
        }

        var step = Math.Max(1, (long)Math.Round(NiceStep((double)duration.Ticks / count)));
        return [.. Enumerable.Range(0, (int)(duration.Ticks / step) + 1).Select(i => TimeSpan.FromTicks(i * step))];
    }

    /// <summary>Full seconds or minutes of the clock between two moments.</summary>
    public static IReadOnlyList<DateTime> Clock(DateTime fromUtc, DateTime toUtc, int count = 6)
    {
        var step = Array.Find(ClockSteps, step => (toUtc - fromUtc) / step <= count);
        step = step == default ? ClockSteps[^1] : step;
        var ticks = new List<DateTime>();
        for (var at = (fromUtc.Ticks + step.Ticks - 1) / step.Ticks * step.Ticks; at <= toUtc.Ticks && ticks.Count < 1000; at += step.Ticks)
        {
            ticks.Add(new DateTime(at, DateTimeKind.Utc));
        }

        return ticks;
    }

    private static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch
        {
            <= 1 + 1e-9 => 1,
            <= 2 + 1e-9 => 2,
            <= 5 + 1e-9 => 5,
            _ => 10,
        };
    }
}
