using System.Globalization;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Dates;

/// <summary>A time zone: an Olson identifier, or a fixed offset such as +05:30.</summary>
internal sealed class Zone
{
    private readonly TimeZoneInfo? _info;
    private readonly long _offset;

    private Zone(TimeZoneInfo? info, long offset)
    {
        _info = info;
        _offset = offset;
    }

    public static Zone Utc { get; } = new(null, 0);

    public bool IsUtc => _info is null && _offset == 0;

    /// <summary>A zone of a fixed number of milliseconds east of UTC.</summary>
    public static Zone Fixed(long offset) => offset == 0 ? Utc : new Zone(null, offset);

    /// <exception cref="MongoError">40485: there is no such zone.</exception>
    public static Zone Find(string name)
    {
        if (name is "UTC" or "GMT" or "Z" or "Zulu")
        {
            return Utc;
        }
        if (TryOffset(name, out long offset))
        {
            return Fixed(offset);
        }
        // A bare abbreviation or path would reach files that are no zones; the database's names have letters, digits and / _ + -.
        bool plausible = name.Length is > 0 and < 64 && char.IsAsciiLetter(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '+' or '-');
        return plausible && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? info)
            ? new Zone(info, 0)
            : throw new MongoError(40485, $"unrecognized time zone identifier: \"{name}\"");
    }

    /// <summary>Milliseconds east of UTC at a moment.</summary>
    public long OffsetAt(long utc)
    {
        if (_info is null)
        {
            return _offset;
        }
        // Beyond the years .NET knows there are no transitions to ask about.
        bool known = utc is > -62_135_000_000_000 and < 253_402_000_000_000;
        TimeSpan offset = known ? _info.GetUtcOffset(DateTime.UnixEpoch.AddMilliseconds(utc)) : _info.BaseUtcOffset;
        return (long)offset.TotalMilliseconds;
    }

    public CivilTime ToLocal(long utc) => CivilTime.FromMilliseconds(utc + OffsetAt(utc));

    /// <summary>
    /// The moment a local time stands for. One that a transition skips moves forward by the gap; one that comes twice is the first.
    /// </summary>
    public long ToUtc(long local)
    {
        if (_info is null)
        {
            return local - _offset;
        }
        long before = OffsetAt(local - CivilTime.MillisecondsPerDay);
        long candidate = local - before;
        if (OffsetAt(candidate) == before)
        {
            return candidate;
        }
        long after = OffsetAt(candidate);
        long second = local - after;
        return OffsetAt(second) == after ? second : candidate;
    }

    /// <summary>+hh:mm, +hhmm or +hh, with either sign, in milliseconds.</summary>
    public static bool TryOffset(ReadOnlySpan<char> text, out long offset)
    {
        offset = 0;
        if (text.Length is not (3 or 5 or 6) || text[0] is not ('+' or '-') || (text.Length == 6 && text[3] != ':'))
        {
            return false;
        }
        int minutes = 0;
        bool good = int.TryParse(text.Slice(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int hours)
            && (text.Length == 3 || int.TryParse(text[^2..], NumberStyles.None, CultureInfo.InvariantCulture, out minutes));
        offset = (hours * 60L + minutes) * 60_000 * (text[0] == '-' ? -1 : 1);
        return good;
    }
}
