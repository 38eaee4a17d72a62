using System.Buffers.Binary;
using System.Numerics;

namespace MongoDB.Embedded.Bson;

/// <summary>
/// IEEE 754-2008 decimal128 in the binary integer encoding that BSON stores: 34 digits, exponents -6176 to 6111.
/// Arithmetic rounds half to even and keeps the preferred exponent, so 1.10 + 1.1 is 2.20.
/// </summary>
internal readonly partial struct Decimal128 : IEquatable<Decimal128>
{
    private const int Bias = 6176;
    private const int MinExponent = -6176;
    private const int MaxExponent = 6111;
    private const int MaxDigits = 34;
    private const ulong SignBit = 0x8000_0000_0000_0000;
    private const ulong InfinityBits = 0x7800_0000_0000_0000;
    private const ulong NaNBits = 0x7C00_0000_0000_0000;

    private static readonly UInt128[] PowersOfTen = Powers();
    private static readonly UInt128 MaxCoefficient = PowersOfTen[MaxDigits] - 1;

    private readonly ulong _high;
    private readonly ulong _low;

    public Decimal128(ReadOnlySpan<byte> littleEndian)
    {
        _low = BinaryPrimitives.ReadUInt64LittleEndian(littleEndian);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(littleEndian[8..]);
    }

    private Decimal128(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    public static Decimal128 Zero { get; } = Encode(false, 0, 0);

    public static Decimal128 One { get; } = Encode(false, 1, 0);

    public static Decimal128 NaN => new(NaNBits, 0);

    public static Decimal128 PositiveInfinity => new(InfinityBits, 0);

    public static Decimal128 NegativeInfinity => new(InfinityBits | SignBit, 0);

    public bool IsNaN => (_high & NaNBits) == NaNBits;

    public bool IsInfinity => (_high & NaNBits) == InfinityBits;

    public bool IsFinite => (_high & InfinityBits) != InfinityBits;

    public bool IsNegative => (_high & SignBit) != 0;

    public bool IsZero => IsFinite && Coefficient == 0;

    // Two layouts: exponent in bits 49..62, or, when bits 61 and 62 are set, in 47..60 with a coefficient beyond 34 digits,
    // which the standard says to read as zero.
    private bool IsLarge => (_high & 0x6000_0000_0000_0000) == 0x6000_0000_0000_0000;

    private int Exponent => (int)((IsLarge ? _high >> 47 : _high >> 49) & 0x3FFF) - Bias;

    private UInt128 Coefficient
    {
        get
        {
            if (IsLarge)
            {
                return 0;
            }
            var coefficient = new UInt128(_high & 0x1_FFFF_FFFF_FFFF, _low);
            return coefficient > MaxCoefficient ? 0 : coefficient;
        }
    }

    public static Decimal128 FromInt64(long value) => value < 0
        ? Encode(true, (UInt128)(-(Int128)value), 0)
        : Encode(false, (UInt128)value, 0);

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, _low);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _high);
    }

    /// <summary>Order of values: NaN first and equal to itself, 1.0 equal to 1.00, 0 equal to -0.</summary>
    public static int Compare(Decimal128 a, Decimal128 b)
    {
        if (a.IsNaN || b.IsNaN)
        {
            return a.IsNaN ? (b.IsNaN ? 0 : -1) : 1;
        }
        int signA = a.Sign;
        int signB = b.Sign;
        if (signA != signB)
        {
            return signA.CompareTo(signB);
        }
        if (signA == 0)
        {
            return 0;
        }
        return signA * CompareMagnitude(a, b);
    }

    /// <summary>-1, 0 or 1; NaN counts as its sign bit says.</summary>
    public int Sign => IsZero ? 0 : IsNegative ? -1 : 1;

    public bool Equals(Decimal128 other) => Compare(this, other) == 0;

    public override bool Equals(object? obj) => obj is Decimal128 other && Equals(other);

    public override int GetHashCode()
    {
        if (!IsFinite)
        {
            return IsNaN ? 1 : IsNegative ? 2 : 3;
        }
        Decimal128 normal = Normalize();
        return HashCode.Combine(normal._high, normal._low);
    }

    public static bool operator ==(Decimal128 left, Decimal128 right) => left.Equals(right);

    public static bool operator !=(Decimal128 left, Decimal128 right) => !left.Equals(right);

    private static int CompareMagnitude(Decimal128 a, Decimal128 b)
    {
        if (a.IsInfinity || b.IsInfinity)
        {
            return a.IsInfinity.CompareTo(b.IsInfinity);
        }
        UInt128 ca = a.Coefficient;
        UInt128 cb = b.Coefficient;
        int ea = a.Exponent;
        int eb = b.Exponent;
        int order = (Digits(ca) + ea).CompareTo(Digits(cb) + eb);
        if (order != 0)
        {
            return order;
        }
        // Equal leading positions: the exponents differ by at most 33.
        BigInteger ba = (BigInteger)ca * BigInteger.Pow(10, Math.Max(ea - eb, 0));
        BigInteger bb = (BigInteger)cb * BigInteger.Pow(10, Math.Max(eb - ea, 0));
        return ba.CompareTo(bb);
    }

    /// <summary>The same value without trailing zeros; zero gets exponent 0 and a plus sign.</summary>
    private Decimal128 Normalize()
    {
        UInt128 coefficient = Coefficient;
        int exponent = Exponent;
        if (coefficient == 0)
        {
            return Zero;
        }
        while (true)
        {
            (UInt128 quotient, UInt128 remainder) = UInt128.DivRem(coefficient, 10);
            if (remainder != 0)
            {
                return Encode(IsNegative, coefficient, exponent);
            }
            coefficient = quotient;
            exponent++;
        }
    }

    private static Decimal128 Encode(bool negative, UInt128 coefficient, int exponent)
    {
        // A value whose exponent is above the range may still fit by moving zeros into the coefficient.
        while (exponent > MaxExponent && coefficient != 0 && coefficient <= MaxCoefficient / 10)
        {
            coefficient *= 10;
            exponent--;
        }
        if (exponent > MaxExponent)
        {
            if (coefficient != 0)
            {
                return negative ? NegativeInfinity : PositiveInfinity;
            }
            exponent = MaxExponent;
        }
        exponent = Math.Max(exponent, MinExponent);
        ulong high = (ulong)(coefficient >> 64) | ((ulong)(exponent + Bias) << 49) | (negative ? SignBit : 0);
        return new Decimal128(high, (ulong)coefficient);
    }

    private static int Digits(UInt128 value)
    {
        int digits = 0;
        while (digits < PowersOfTen.Length && value >= PowersOfTen[digits])
        {
            digits++;
        }
        return digits;
    }

    private static UInt128[] Powers()
    {
        var powers = new UInt128[39];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
