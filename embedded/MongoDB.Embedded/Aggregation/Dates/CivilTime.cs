namespace MongoDB.Embedded.Aggregation.Dates;

/// <summary>
/// A date and time of day in the proleptic Gregorian calendar, without a zone. BSON dates reach far beyond the years that
/// <see cref="DateTime"/> knows, so the calendar is computed here.
/// </summary>
internal readonly record struct CivilTime(long Year, int Month, int Day, int Hour, int Minute, int Second, int Millisecond)
{
    public const long MillisecondsPerDay = 86_400_000;

    private const int DaysPer400Years = 146_097;

    /// <summary>Days from 1970-01-01 to 0000-03-01: years counted from March end with the leap day.</summary>
    private const int EpochOffset = 719_468;

    private static readonly int[] DaysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

    public static CivilTime FromMilliseconds(long ms)
    {
        long days = Math.DivRem(ms, MillisecondsPerDay, out long rest);
        if (rest < 0)
        {
            days--;
            rest += MillisecondsPerDay;
        }
        (long year, int month, int day) = FromDays(days);
        return new CivilTime(
            year, month, day, (int)(rest / 3_600_000), (int)(rest / 60_000 % 60), (int)(rest / 1000 % 60), (int)(rest % 1000));
    }

    /// <summary>Milliseconds since the epoch; any field may be out of its range and carries over.</summary>
    public static Int128 ToMilliseconds(long year, long month, long day, long hour, long minute, long second, Int128 millisecond)
    {
        long months = month - 1;
        year += FloorDiv(months, 12);
        long days = ToDays(year, (int)(months - FloorDiv(months, 12) * 12) + 1, 1) + day - 1;
        return (Int128)days * MillisecondsPerDay + (Int128)hour * 3_600_000 + (Int128)minute * 60_000 + (Int128)second * 1000 + millisecond;
    }

    public Int128 ToMilliseconds() => ToMilliseconds(Year, Month, Day, Hour, Minute, Second, Millisecond);

    /// <summary>Days since 1970-01-01.</summary>
    public long Days => ToDays(Year, Month, Day);

    /// <summary>1 to 366.</summary>
    public int DayOfYear => DaysBeforeMonth[Month - 1] + Day + (Month > 2 && IsLeap(Year) ? 1 : 0);

    /// <summary>0 is Sunday.</summary>
    public int DayOfWeek => (int)(((Days + 4) % 7 + 7) % 7);

    /// <summary>1 is Monday, 7 Sunday.</summary>
    public int IsoDayOfWeek => DayOfWeek == 0 ? 7 : DayOfWeek;

    /// <summary>0 to 53: weeks begin on Sunday, the days before the first are week 0.</summary>
    public int Week => (DayOfYear - 1 + 7 - DayOfWeek) / 7;

    /// <summary>ISO 8601 year and week: the week belongs to the year of its Thursday.</summary>
    public (long Year, int Week) IsoWeek
    {
        get
        {
            (long year, int month, int day) = FromDays(Days + 4 - IsoDayOfWeek);
            var thursday = new CivilTime(year, month, day, 0, 0, 0, 0);
            return (year, (thursday.DayOfYear - 1) / 7 + 1);
        }
    }

    public static int DaysInMonth(long year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    public static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    /// <summary>Days since 1970-01-01 of the Monday that starts an ISO year's first week.</summary>
    public static long IsoYearStart(long isoYear)
    {
        // The 4th of January is always in week 1.
        var fourth = FromDate(ToDays(isoYear, 1, 4));
        return fourth.Days - (fourth.IsoDayOfWeek - 1);
    }

    public static CivilTime FromDate(long days)
    {
        (long year, int month, int day) = FromDays(days);
        return new CivilTime(year, month, day, 0, 0, 0, 0);
    }

    public static long ToDays(long year, int month, int day)
    {
        long shifted = month <= 2 ? year - 1 : year;
        long era = FloorDiv(shifted, 400);
        long yearOfEra = shifted - era * 400;
        long dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DaysPer400Years + dayOfEra - EpochOffset;
    }

    public static long FloorDiv(long a, long b) => a / b - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0);

    private static (long Year, int Month, int Day) FromDays(long days)
    {
        days += EpochOffset;
        long era = FloorDiv(days, DaysPer400Years);
        long dayOfEra = days - era * DaysPer400Years;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = (int)(dayOfYear - (153 * shiftedMonth + 2) / 5) + 1;
        int month = (int)(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9);
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
    }
}
