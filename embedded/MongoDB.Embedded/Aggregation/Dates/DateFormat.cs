using System.Globalization;
using System.Text;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Dates;

/// <summary>Dates to text by format specifiers ("$dateToString" in the manual).</summary>
internal static class DateFormat
{
    public const string Iso = "%Y-%m-%dT%H:%M:%S.%LZ";
    public const string IsoLocal = "%Y-%m-%dT%H:%M:%S.%L";

    internal static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];

    /// <summary>A date in UTC as ISO 8601 with milliseconds.</summary>
    public static string IsoText(long utc) => Format(Iso, utc, Zone.Utc);

    /// <exception cref="MongoError">18535 or 18536: the format is malformed.</exception>
    public static string Format(string format, long utc, Zone zone)
    {
        CivilTime local = zone.ToLocal(utc);
        long offset = zone.OffsetAt(utc) / 60_000;
        var result = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if (c != '%')
            {
                result.Append(c);
                continue;
            }
            if (++i == format.Length)
            {
                throw new MongoError(18535, "Unmatched '%' at end of format string");
            }
            Append(result, format[i], local, offset);
        }
        return result.ToString();
    }

    private static void Append(StringBuilder result, char specifier, CivilTime local, long offset)
    {
        switch (specifier)
        {
            case '%':
                result.Append('%');
                break;
            case 'Y':
                Year(result, local.Year);
                break;
            case 'G':
                Year(result, local.IsoWeek.Year);
                break;
            case 'm':
                Number(result, local.Month, 2);
                break;
            case 'd':
                Number(result, local.Day, 2);
                break;
            case 'H':
                Number(result, local.Hour, 2);
                break;
            case 'M':
                Number(result, local.Minute, 2);
                break;
            case 'S':
                Number(result, local.Second, 2);
                break;
            case 'L':
                Number(result, local.Millisecond, 3);
                break;
            case 'j':
                Number(result, local.DayOfYear, 3);
                break;
            case 'w':
                Number(result, local.DayOfWeek + 1, 1);
                break;
            case 'u':
                Number(result, local.IsoDayOfWeek, 1);
                break;
            case 'U':
                Number(result, local.Week, 2);
                break;
            case 'V':
                Number(result, local.IsoWeek.Week, 2);
                break;
            case 'b':
                result.Append(Months[local.Month - 1], 0, 3);
                break;
            case 'B':
                result.Append(Months[local.Month - 1]);
                break;
            case 'z':
                result.Append(offset < 0 ? '-' : '+');
                Number(result, Math.Abs(offset) / 60, 2);
                Number(result, Math.Abs(offset) % 60, 2);
                break;
            case 'Z':
                result.Append(offset < 0 ? '-' : '+').Append(Math.Abs(offset));
                break;
            default:
                throw new MongoError(18536, $"Invalid format character '%{specifier}' in format string");
        }
    }

    private static void Year(StringBuilder result, long year)
    {
        if (year is < 0 or > 9999)
        {
            throw new MongoError(18537, $"Could not convert date to string: date component was outside the supported range of 0-9999: {year}");
        }
        Number(result, year, 4);
    }

    private static void Number(StringBuilder result, long number, int digits) =>
        result.Append(number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0'));
}
