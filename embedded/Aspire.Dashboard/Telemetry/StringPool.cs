using System.Text;

namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// Gives the same string for the same UTF-8 bytes, mostly: keys, names and most values come again and again. A fixed number of places, of which a new string
/// takes the one that its hash points to, so it is bounded and needs no lock.
/// </summary>
internal sealed class StringPool
{
    /// <summary>Longer strings are not pooled: they seldom come again.</summary>
    public const int MaxLength = 64;

    private const int Places = 1 << 14;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>The string; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var place = ref _entries[hash.ToHashCode() & (Places - 1)];
        var entry = Volatile.Read(ref place);
        if (entry is not null && utf8.SequenceEqual(entry.Utf8))
        {
            return entry.Text;
        }

        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref place, new Entry(utf8.ToArray(), text));
        return text;
    }

    private sealed class Entry(byte[] utf8, string text)
    {
        public byte[] Utf8 => utf8;

        public string Text => text;
    }
}
