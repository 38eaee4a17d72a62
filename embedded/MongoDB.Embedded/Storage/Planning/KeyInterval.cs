namespace MongoDB.Embedded.Storage.Planning;

/// <summary>
/// An interval of encoded keys: from <see cref="Low"/> up to and without <see cref="High"/>. A point is the interval of all keys
/// that begin with one value's encoding.
/// </summary>
internal readonly record struct KeyInterval(byte[] Low, byte[] High, bool IsPoint)
{
    public bool IsEmpty => Low.AsSpan().SequenceCompareTo(High) >= 0;

    /// <summary>All keys that begin with <paramref name="prefix"/>.</summary>
    public static KeyInterval Prefix(byte[] prefix, bool isPoint = true) => new(prefix, After(prefix), isPoint);

    /// <summary>The first key behind all keys that begin with <paramref name="prefix"/>.</summary>
    public static byte[] After(ReadOnlySpan<byte> prefix)
    {
        int last = prefix.Length - 1;
        while (last >= 0 && prefix[last] == 0xFF)
        {
            last--;
        }
        if (last < 0)
        {
            // Only bytes FF: longer than any key that matters and above it.
            return [.. prefix, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        }
        byte[] after = prefix[..(last + 1)].ToArray();
        after[last]++;
        return after;
    }

    public KeyInterval Intersect(KeyInterval other)
    {
        byte[] low = Low.AsSpan().SequenceCompareTo(other.Low) >= 0 ? Low : other.Low;
        byte[] high = High.AsSpan().SequenceCompareTo(other.High) <= 0 ? High : other.High;
        return new KeyInterval(low, high, IsPoint || other.IsPoint);
    }

    /// <summary>The interval of compound keys whose earlier fields have the encoding <paramref name="prefix"/>.</summary>
    public KeyInterval Behind(byte[] prefix) => prefix.Length == 0 ? this : new([.. prefix, .. Low], [.. prefix, .. High], IsPoint);
}
