namespace Aspire.Dashboard.Telemetry;

/// <summary>The buckets that have grown, as bytes: most have not, and those that have grew by little. Pairs of index and count, each a variable-length integer.</summary>
internal static class BucketIncreases
{
    public static byte[] Encode(IReadOnlyCollection<Bucket> buckets)
    {
        Span<byte> small = stackalloc byte[256];
        var buffer = buckets.Count * 20 <= small.Length ? small : new byte[buckets.Count * 20];
        var length = 0;
        foreach (var (index, count) in buckets)
        {
            Write(buffer, ref length, (ulong)((index << 1) ^ (index >> 63)));
            Write(buffer, ref length, (ulong)count);
        }

        return buffer[..length].ToArray();
    }

    /// <summary>Reads the next pair.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out Bucket bucket)
    {
        if (bytes.IsEmpty)
        {
            bucket = default;
            return false;
        }

        var index = Read(ref bytes);
        bucket = new Bucket((long)(index >> 1) ^ -(long)(index & 1), (long)Read(ref bytes));
        return true;
    }

    private static void Write(Span<byte> buffer, ref int length, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            buffer[length++] = (byte)(value | 0x80);
        }

        buffer[length++] = (byte)value;
    }

    private static ulong Read(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
