using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Dates;

internal enum DateUnit
{
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

/// <summary>Date arithmetic by calendar unit ("$dateAdd", "$dateDiff", "$dateTrunc" in the manual).</summary>
internal static class DateUnits
{
    private const long Reference = 946_684_800_000; // 2000-01-01, where the bins of $dateTrunc start

    public static bool TryParse(string name, out DateUnit unit)
    {
        bool known = name is "year" or "quarter" or "month" or "week" or "day" or "hour" or "minute" or "second" or "millisecond";
        unit = known ? Enum.Parse<DateUnit>(name, ignoreCase: true) : default;
        return known;
    }

    /// <summary>Sunday 0 … Saturday 6, from a full or three-letter name in any case.</summary>
    public static bool TryWeekday(string name, out int day)
    {
        day = Array.FindIndex(Enum.GetNames<DayOfWeek>(), d =>
            d.Equals(name, StringComparison.OrdinalIgnoreCase) || d.AsSpan(0, 3).Equals(name, StringComparison.OrdinalIgnoreCase));
        return day >= 0;
    }

    /// <summary>Adds an amount of units; days and longer keep the local time of day, months keep the day where it exists.</summary>
    /// <exception cref="MongoError">Overflow (15).</exception>
    public static long Add(long utc, DateUnit unit, long amount, Zone zone)
    {
        long milliseconds = Milliseconds(unit);
        if (unit >= DateUnit.Hour)
        {
            return Checked(utc + (Int128)amount * milliseconds);
        }
        CivilTime local = zone.ToLocal(utc);
        if (unit is DateUnit.Day or DateUnit.Week)
        {
            return zone.ToUtc(Checked(local.ToMilliseconds() + (Int128)amount * milliseconds));
        }
        Int128 months = (Int128)local.Year * 12 + local.Month - 1 + (Int128)amount * Months(unit);
        if (months < -4_000_000_000 || months > 4_000_000_000)
        {
            throw Overflow();
        }
        long year = CivilTime.FloorDiv((long)months, 12);
        int month = (int)((long)months - year * 12) + 1;
        int day = Math.Min(local.Day, CivilTime.DaysInMonth(year, month));
        CivilTime moved = local with { Year = year, Month = month, Day = day };
        return zone.ToUtc(Checked(moved.ToMilliseconds()));
    }

    /// <summary>How many boundaries of the unit lie between two moments.</summary>
    public static long Difference(long start, long end, DateUnit unit, Zone zone, int startOfWeek)
    {
        if (unit == DateUnit.Millisecond)
        {
            return end - start;
        }
        if (unit is DateUnit.Minute or DateUnit.Second || (unit == DateUnit.Hour && zone.IsUtc))
        {
            long size = Milliseconds(unit);
            return CivilTime.FloorDiv(end, size) - CivilTime.FloorDiv(start, size);
        }
        if (unit == DateUnit.Hour)
        {
            // Counted in elapsed hours, from the full local hour on.
            long from = start + zone.OffsetAt(start);
            long floor = start - (from - CivilTime.FloorDiv(from, 3_600_000) * 3_600_000);
            return CivilTime.FloorDiv(end - floor, 3_600_000);
        }
        CivilTime a = zone.ToLocal(start);
        CivilTime b = zone.ToLocal(end);
        return unit switch
        {
            DateUnit.Year => b.Year - a.Year,
            DateUnit.Quarter => b.Year * 4 + (b.Month - 1) / 3 - (a.Year * 4 + (a.Month - 1) / 3),
            DateUnit.Month => b.Year * 12 + b.Month - (a.Year * 12 + a.Month),
            DateUnit.Week => (WeekStart(b.Days, startOfWeek) - WeekStart(a.Days, startOfWeek)) / 7,
            _ => b.Days - a.Days,
        };
    }

    /// <summary>The start of the bin a moment is in; bins are counted from 2000-01-01 (weeks from the first start of week after it).</summary>
    public static long Truncate(long utc, DateUnit unit, long binSize, Zone zone, int startOfWeek)
    {
        if (unit >= DateUnit.Hour)
        {
            long size = Milliseconds(unit) * binSize;
            // Hours and shorter count elapsed time from the reference in the zone.
            long reference = zone.ToUtc(Reference);
            return reference + CivilTime.FloorDiv(utc - reference, size) * size;
        }
        CivilTime local = zone.ToLocal(utc);
        if (unit is DateUnit.Day or DateUnit.Week)
        {
            long referenceDay = Reference / CivilTime.MillisecondsPerDay;
            long days = binSize;
            if (unit == DateUnit.Week)
            {
                days *= 7;
                long weekStart = WeekStart(referenceDay, startOfWeek);
                referenceDay = weekStart == referenceDay ? referenceDay : weekStart + 7;
            }
            long bin = referenceDay + CivilTime.FloorDiv(local.Days - referenceDay, days) * days;
            return zone.ToUtc(bin * CivilTime.MillisecondsPerDay);
        }
        long months = binSize * Months(unit);
        long since = (local.Year - 2000) * 12 + local.Month - 1;
        long month = CivilTime.FloorDiv(since, months) * months;
        long year = CivilTime.FloorDiv(month, 12);
        return zone.ToUtc(CivilTime.ToDays(2000 + year, (int)(month - year * 12) + 1, 1) * CivilTime.MillisecondsPerDay);
    }

    private static long WeekStart(long days, int startOfWeek)
    {
        int weekday = CivilTime.FromDate(days).DayOfWeek;
        return days - (weekday - startOfWeek + 7) % 7;
    }

    private static long Milliseconds(DateUnit unit) => unit switch
    {
        DateUnit.Week => 7 * CivilTime.MillisecondsPerDay,
        DateUnit.Day => CivilTime.MillisecondsPerDay,
        DateUnit.Hour => 3_600_000,
        DateUnit.Minute => 60_000,
        DateUnit.Second => 1000,
        _ => 1,
    };

    private static int Months(DateUnit unit) => unit switch
    {
        DateUnit.Year => 12,
        DateUnit.Quarter => 3,
        _ => 1,
    };

    private static long Checked(Int128 milliseconds) =>
        milliseconds >= long.MinValue && milliseconds <= long.MaxValue ? (long)milliseconds : throw Overflow();

    private static MongoError Overflow() => new(ErrorCode.Overflow, "the resulting date is out of range");
}
