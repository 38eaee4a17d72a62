using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// The payload of a number's key: the largest double that is not above the number, as eight sortable bytes, and, where the number
/// is not that double exactly (large longs, decimals), how far it lies on the way to the next double. NaN is below all.
/// <example>
/// 1, 1.0, NumberLong(1), NumberDecimal("1.00"):  BF F0 00 00 00 00 00 00 | 00
/// NumberLong("9007199254740993") = 2^53 + 1:     C3 40 00 00 00 00 00 00 | 01 80 00 00 00 00 00 00 00 00 00
/// </example>
/// </summary>
internal static class NumberEncoding
{
    private const byte Exact = 0;
    private const byte Inexact = 1;

    // Two decimals of 34 digits that share the double below them differ by more than 2^-66 of the way to the next double.
    private const int FractionBits = 80;

    private const long TwoTo53 = 1L << 53;

    private static readonly UInt128 MaxCoefficient = UInt128.Parse("9999999999999999999999999999999999", CultureInfo.InvariantCulture);

    public static void Append(ref KeyWriter writer, BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Int32:
                AppendExact(ref writer, value.AsInt32);
                break;
            case BsonType.Double:
                AppendExact(ref writer, value.AsDouble);
                break;
            case BsonType.Int64:
                AppendInt64(ref writer, value.AsInt64);
                break;
            default:
                AppendDecimal(ref writer, value.RawSlice);
                break;
        }
    }

    private static void AppendExact(ref KeyWriter writer, double value)
    {
        writer.UInt64(Sortable(value));
        writer.Byte(Exact);
    }

    private static void AppendInt64(ref KeyWriter writer, long value)
    {
        if (value is >= -TwoTo53 and <= TwoTo53)
        {
            AppendExact(ref writer, value);
            return;
        }
        double below = value;
        if ((Int128)below > value)
        {
            below = Math.BitDecrement(below);
        }
        Int128 rest = value - (Int128)below;
        if (rest == 0)
        {
            AppendExact(ref writer, below);
            return;
        }
        var step = (UInt128)(Math.BitIncrement(below) - below);
        writer.UInt64(Sortable(below));
        writer.Byte(Inexact);
        AppendFraction(ref writer, ((UInt128)rest << FractionBits) / step);
    }

    private static void AppendDecimal(ref KeyWriter writer, ReadOnlySpan<byte> bytes)
    {
        ulong high = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        bool negative = high >> 63 != 0;
        uint combination = (uint)(high >> 58) & 0x1F;
        if (combination >= 0x1E)
        {
            AppendExact(ref writer, combination == 0x1F ? double.NaN : negative ? double.NegativeInfinity : double.PositiveInfinity);
            return;
        }
        // The second form of the encoding can only hold coefficients above the maximum, which count as zero.
        bool canonical = combination >> 3 != 3;
        UInt128 coefficient = canonical ? new UInt128(high & 0x1FFFFFFFFFFFF, BinaryPrimitives.ReadUInt64LittleEndian(bytes)) : 0;
        int exponent = (int)((high >> 49) & 0x3FFF) - 6176;
        if (coefficient == 0 || coefficient > MaxCoefficient)
        {
            AppendExact(ref writer, 0);
            return;
        }
        AppendFinite(ref writer, negative, coefficient, exponent);
    }

    private static void AppendFinite(ref KeyWriter writer, bool negative, UInt128 coefficient, int exponent)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{(negative ? "-" : "")}{coefficient}E{exponent}");
        double below = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

        // The number as numerator / denominator.
        BigInteger numerator = negative ? -(BigInteger)coefficient : coefficient;
        BigInteger denominator = BigInteger.One;
        if (exponent >= 0)
        {
            numerator *= BigInteger.Pow(10, exponent);
        }
        else
        {
            denominator = BigInteger.Pow(10, -exponent);
        }

        BigInteger over = default;
        int shift = 0;
        if (double.IsFinite(below))
        {
            (over, shift) = Difference(numerator, denominator, below);
            if (over.Sign < 0)
            {
                below = Math.BitDecrement(below);
                (over, shift) = Difference(numerator, denominator, below);
            }
            if (over.IsZero)
            {
                AppendExact(ref writer, below);
                return;
            }
        }
        else if (!negative)
        {
            below = double.MaxValue;
        }

        writer.UInt64(Sortable(below));
        writer.Byte(Inexact);
        double next = Math.BitIncrement(below);
        if (double.IsNormal(below) && double.IsFinite(next))
        {
            // over / (denominator * 2^shift) of a step that is a power of two.
            int step = Math.ILogB(next - below);
            BigInteger scaled = over << Math.Max(0, FractionBits - step - shift);
            BigInteger divisor = denominator << Math.Max(0, step + shift - FractionBits);
            AppendFraction(ref writer, (UInt128)(scaled / divisor));
        }
        else
        {
            AppendMagnitude(ref writer, negative, coefficient, exponent);
        }
    }

    /// <summary>numerator / denominator - value, as a multiple of 1 / (denominator * 2^shift).</summary>
    private static (BigInteger Over, int Shift) Difference(BigInteger numerator, BigInteger denominator, double value)
    {
        if (value == 0)
        {
            return (numerator, 0);
        }
        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)(bits >> 52) & 0x7FF;
        long mantissa = bits & 0xFFFFFFFFFFFFF;
        mantissa = biased == 0 ? mantissa : mantissa | (1L << 52);
        int power = Math.Max(biased, 1) - 1075;
        BigInteger signed = bits < 0 ? -mantissa : mantissa;
        return power >= 0
            ? (numerator - ((signed * denominator) << power), 0)
            : ((numerator << -power) - (signed * denominator), -power);
    }

    // Beyond the range of double (and in its thin bottom) decimals share a double by the million: sort them by their own
    // exponent and digits.
    private static void AppendMagnitude(ref KeyWriter writer, bool negative, UInt128 coefficient, int exponent)
    {
        while (coefficient <= MaxCoefficient / 10)
        {
            coefficient *= 10;
            exponent--;
        }
        int start = writer.Length;
        writer.UInt16((ushort)(exponent + 8192));
        writer.UInt64((ulong)(coefficient >> 64));
        writer.UInt64((ulong)coefficient);
        if (negative)
        {
            KeyEncoding.Invert(writer.From(start));
        }
    }

    private static void AppendFraction(ref KeyWriter writer, UInt128 fraction)
    {
        writer.UInt16((ushort)(fraction >> 64));
        writer.UInt64((ulong)fraction);
    }

    private static ulong Sortable(double value)
    {
        if (double.IsNaN(value))
        {
            return 0;
        }
        // Minus zero is zero.
        long bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return bits < 0 ? ~(ulong)bits : (ulong)bits | (1UL << 63);
    }
}
