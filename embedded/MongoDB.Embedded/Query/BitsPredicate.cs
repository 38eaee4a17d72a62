using System.Numerics;
using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

internal enum BitTest
{
    AllSet,
    AllClear,
    AnySet,
    AnyClear,
}

/// <summary>
/// <c>$bitsAllSet</c> and its kin, on integers (sign-extended beyond 64 bits) and binary (little-endian, zero beyond its end).
/// </summary>
internal sealed class BitsPredicate(BitTest test, IReadOnlyList<int> positions) : ValuePredicate
{
    public override bool Test(BsonValue value, ref int position)
    {
        if (value.Type == BsonType.Binary)
        {
            return TestBinary(value.BinaryBytes);
        }
        return value.IsNumber && value.TryToInt64Exact(out long number) && TestNumber(number);
    }

    /// <summary>The positions of the bits set in a mask given as a number.</summary>
    public static List<int> PositionsOf(long mask)
    {
        var positions = new List<int>();
        for (ulong rest = (ulong)mask; rest != 0; rest &= rest - 1)
        {
            positions.Add(BitOperations.TrailingZeroCount(rest));
        }
        return positions;
    }

    /// <summary>The positions of the bits set in a binary mask.</summary>
    public static List<int> PositionsOf(ReadOnlySpan<byte> mask)
    {
        var positions = new List<int>();
        for (int i = 0; i < mask.Length * 8; i++)
        {
            if (IsSet(mask, i))
            {
                positions.Add(i);
            }
        }
        return positions;
    }

    private bool TestNumber(long number)
    {
        foreach (int bit in positions)
        {
            if (Decides(((number >> Math.Min(bit, 63)) & 1) != 0, out bool result))
            {
                return result;
            }
        }
        return Otherwise;
    }

    private bool TestBinary(ReadOnlySpan<byte> bytes)
    {
        foreach (int bit in positions)
        {
            if (Decides(IsSet(bytes, bit), out bool result))
            {
                return result;
            }
        }
        return Otherwise;
    }

    // "All" fails at the first bit of the wrong kind, "any" succeeds at the first of the right one.
    private bool Decides(bool set, out bool result)
    {
        result = test is BitTest.AnySet or BitTest.AnyClear;
        bool wanted = test is BitTest.AllSet or BitTest.AnySet;
        return result ? set == wanted : set != wanted;
    }

    private bool Otherwise => test is BitTest.AllSet or BitTest.AllClear;

    private static bool IsSet(ReadOnlySpan<byte> bytes, int bit) =>
        bit / 8 < bytes.Length && (bytes[bit / 8] & (1 << (bit % 8))) != 0;
}
