using System.Globalization;
using System.Text.RegularExpressions;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Dates;

/// <summary>
/// Text to dates ("$dateFromString"): ISO 8601 in the variants its users write, or by format specifiers. The server takes
/// further free forms ("Oct 5 2017") that are not taken here.
/// </summary>
internal static partial class DateParser
{
    /// <summary>Milliseconds since the epoch; <paramref name="zone"/> applies when the text names none.</summary>
    /// <exception cref="MongoError">ConversionFailure (241).</exception>
    public static long Parse(string text, Zone? zone)
    {
        Match match = IsoPattern().Match(text);
        if (!match.Success)
        {
            throw Failure(text, "Unexpected character");
        }
        Zone? own = null;
        string suffix = match.Groups["zone"].Value;
        if (suffix.Length > 0)
        {
            try
            {
                own = Zone.Find(suffix);
            }
            catch (MongoError)
            {
                throw Failure(text, "The timezone could not be found in the database");
            }
        }
        int fraction = 0;
        if (match.Groups["fraction"].Value is { Length: > 0 } digits)
        {
            fraction = int.Parse(digits.PadRight(3, '0').AsSpan(0, 3), CultureInfo.InvariantCulture);
        }
        var parts = new DateParts
        {
            Year = Number(match, "year"),
            Month = match.Groups["month"].Success ? Number(match, "month") : 1,
            Day = match.Groups["day"].Success ? Number(match, "day") : 1,
            Hour = Number(match, "hour"),
            Minute = Number(match, "minute"),
            Second = Number(match, "second"),
            Millisecond = fraction,
        };
        return Resolve(text, parts, own, zone);
    }

    /// <summary>Milliseconds since the epoch by a format.</summary>
    /// <exception cref="MongoError">ConversionFailure (241), or 18535 and 18536 for a malformed format.</exception>
    public static long Parse(string text, string format, Zone? zone)
    {
        var parts = new DateParts();
        Zone? own = null;
        int at = 0;
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if (c != '%')
            {
                Literal(text, ref at, c);
                continue;
            }
            if (++i == format.Length)
            {
                throw new MongoError(18535, "Unmatched '%' at end of format string");
            }
            Field(text, ref at, format[i], parts, ref own);
        }
        return at == text.Length ? Resolve(text, parts, own, zone) : throw Failure(text, "Trailing data");
    }

    private static void Field(string text, ref int at, char specifier, DateParts parts, ref Zone? zone)
    {
        switch (specifier)
        {
            case '%':
                Literal(text, ref at, '%');
                break;
            case 'Y':
                parts.Year = Digits(text, ref at, 4, 4);
                break;
            case 'm':
                parts.Month = Digits(text, ref at, 1, 2);
                break;
            case 'b' or 'B':
                parts.Month = Month(text, ref at, full: specifier == 'B');
                break;
            case 'd':
                parts.Day = Digits(text, ref at, 1, 2);
                break;
            case 'j':
                parts.DayOfYear = Digits(text, ref at, 1, 3);
                break;
            case 'H':
                parts.Hour = Digits(text, ref at, 1, 2);
                break;
            case 'M':
                parts.Minute = Digits(text, ref at, 1, 2);
                break;
            case 'S':
                parts.Second = Digits(text, ref at, 1, 2);
                break;
            case 'L':
                int start = at;
                int digits = Digits(text, ref at, 1, 3);
                parts.Millisecond = digits * (at - start == 1 ? 100 : at - start == 2 ? 10 : 1);
                break;
            case 'G':
                parts.IsoYear = Digits(text, ref at, 4, 4);
                break;
            case 'V':
                parts.IsoWeek = Digits(text, ref at, 1, 2);
                break;
            case 'u':
                parts.IsoDay = Digits(text, ref at, 1, 1);
                break;
            case 'z':
                zone = Offset(text, ref at);
                break;
            case 'Z':
                zone = MinutesOffset(text, ref at);
                break;
            default:
                throw new MongoError(18536, $"Invalid format character '%{specifier}' in format string");
        }
    }

    private static long Resolve(string text, DateParts parts, Zone? own, Zone? given)
    {
        if (own is not null && given is not null)
        {
            throw Failure(text, "you cannot pass in a date/time string with time zone information together with a timezone argument");
        }
        string? reason = parts.Problem();
        return reason is null ? (own ?? given ?? Zone.Utc).ToUtc(parts.ToLocal()) : throw Failure(text, reason);
    }

    private static Zone Offset(string text, ref int at)
    {
        foreach (int length in (int[])[6, 5, 3])
        {
            if (at + length <= text.Length && Zone.TryOffset(text.AsSpan(at, length), out long offset))
            {
                at += length;
                return Zone.Fixed(offset);
            }
        }
        if (at < text.Length && text[at] == 'Z')
        {
            at++;
            return Zone.Utc;
        }
        throw Failure(text, "The timezone could not be found in the database");
    }

    private static Zone MinutesOffset(string text, ref int at)
    {
        int sign = at < text.Length && text[at] == '-' ? -1 : 1;
        at += at < text.Length && text[at] is '+' or '-' ? 1 : 0;
        return Zone.Fixed(sign * Digits(text, ref at, 1, 4) * 60_000L);
    }

    private static int Month(string text, ref int at, bool full)
    {
        for (int i = 0; i < DateFormat.Months.Length; i++)
        {
            string name = full ? DateFormat.Months[i] : DateFormat.Months[i][..3];
            if (text.AsSpan(at).StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                at += name.Length;
                return i + 1;
            }
        }
        throw Failure(text, "A textual month could not be found");
    }

    private static int Digits(string text, ref int at, int least, int most)
    {
        int start = at;
        while (at < text.Length && at - start < most && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
        return at - start >= least
            ? int.Parse(text.AsSpan(start, at - start), CultureInfo.InvariantCulture)
            : throw Failure(text, at >= text.Length ? "Not enough data available to satisfy format" : "Unexpected character");
    }

    private static void Literal(string text, ref int at, char c)
    {
        if (at >= text.Length || text[at] != c)
        {
            throw Failure(text, at >= text.Length ? "Not enough data available to satisfy format" : "Format literal not found");
        }
        at++;
    }

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static MongoError Failure(string text, string reason) =>
        new(ErrorCode.ConversionFailure, $"Error parsing date string '{text}'; {reason}");

    [GeneratedRegex(
        @"^\s*(?<year>\d{4})-(?<month>\d{1,2})(-(?<day>\d{1,2}))?([T ]\s*(?<hour>\d{1,2}):(?<minute>\d{2})(:(?<second>\d{2})([.,](?<fraction>\d{1,9}))?)?)?\s*(?<zone>Z|[+-]\d{2}:?(\d{2})?|[A-Za-z][A-Za-z_/+\-0-9]*)?\s*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex IsoPattern();

    /// <summary>The fields a text gave.</summary>
    private sealed class DateParts
    {
        public int? Year { get; set; }

        public int? Month { get; set; }

        public int? Day { get; set; }

        public int? DayOfYear { get; set; }

        public int? IsoYear { get; set; }

        public int? IsoWeek { get; set; }

        public int? IsoDay { get; set; }

        public int Hour { get; set; }

        public int Minute { get; set; }

        public int Second { get; set; }

        public int Millisecond { get; set; }

        private bool IsIso => IsoYear is not null || IsoWeek is not null || IsoDay is not null;

        public string? Problem()
        {
            if (IsIso && (Year is not null || Month is not null || Day is not null))
            {
                return "Mixing of ISO dates with natural dates is not allowed";
            }
            if (IsIso ? IsoYear is null : Year is null || (DayOfYear is null && (Month is null || Day is null)))
            {
                return "an incomplete date/time string has been found, with elements missing";
            }
            if (Hour > 24 || Minute > 59 || Second > 60)
            {
                return "The parsed time was invalid";
            }
            bool good = IsIso
                ? IsoWeek is null or (>= 1 and <= 53) && IsoDay is null or (>= 1 and <= 7)
                : DayOfYear is null or (>= 1 and <= 366)
                    && (DayOfYear is not null || (Month is >= 1 and <= 12 && Day >= 1 && Day <= CivilTime.DaysInMonth(Year!.Value, Month.Value)));
            return good ? null : "The parsed date was invalid";
        }

        public long ToLocal()
        {
            long days = IsIso ? CivilTime.IsoYearStart(IsoYear!.Value) + ((IsoWeek ?? 1) - 1) * 7 + (IsoDay ?? 1) - 1
                : DayOfYear is { } dayOfYear ? CivilTime.ToDays(Year!.Value, 1, 1) + dayOfYear - 1
                : CivilTime.ToDays(Year!.Value, Month!.Value, Day!.Value);
            return days * CivilTime.MillisecondsPerDay + Hour * 3_600_000L + Minute * 60_000L + Second * 1000L + Millisecond;
        }
    }
}
