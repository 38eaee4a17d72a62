using System.Numerics;

namespace MongoDB.Embedded.Bson;

internal readonly partial struct Decimal128
{
    // Operands further apart than this cannot influence each other's 34 digits except as "a little more than".
    private const int FarApart = 80;

    public static Decimal128 operator -(Decimal128 value) => new(value._high ^ SignBit, value._low);

    public static Decimal128 operator +(Decimal128 a, Decimal128 b)
    {
        if (!a.IsFinite || !b.IsFinite)
        {
            bool nan = a.IsNaN || b.IsNaN || (a.IsInfinity && b.IsInfinity && a.IsNegative != b.IsNegative);
            return nan ? NaN : a.IsInfinity ? a : b;
        }
        (Decimal128 large, Decimal128 small) = a.Exponent >= b.Exponent ? (a, b) : (b, a);
        int gap = large.Exponent - small.Exponent;
        BigInteger result;
        int exponent;
        if (gap > FarApart && large.Coefficient != 0 && small.Coefficient != 0)
        {
            exponent = large.Exponent - FarApart / 2;
            result = large.Signed * BigInteger.Pow(10, FarApart / 2) + (small.IsNegative ? -1 : 1);
        }
        else
        {
            exponent = small.Exponent;
            result = (large.Coefficient == 0 ? BigInteger.Zero : large.Signed * BigInteger.Pow(10, gap)) + small.Signed;
        }
        bool negative = result.Sign < 0 || (result.IsZero && a.IsNegative && b.IsNegative);
        return Round(negative, BigInteger.Abs(result), exponent, inexact: false);
    }

    public static Decimal128 operator -(Decimal128 a, Decimal128 b) => a + -b;

    public static Decimal128 operator *(Decimal128 a, Decimal128 b)
    {
        bool negative = a.IsNegative != b.IsNegative;
        if (!a.IsFinite || !b.IsFinite)
        {
            return a.IsNaN || b.IsNaN || a.IsZero || b.IsZero ? NaN : negative ? NegativeInfinity : PositiveInfinity;
        }
        return Round(negative, (BigInteger)a.Coefficient * b.Coefficient, a.Exponent + b.Exponent, inexact: false);
    }

    public static Decimal128 operator /(Decimal128 a, Decimal128 b)
    {
        bool negative = a.IsNegative != b.IsNegative;
        if (a.IsNaN || b.IsNaN || (a.IsInfinity && b.IsInfinity) || (a.IsZero && b.IsZero))
        {
            return NaN;
        }
        if (a.IsInfinity || b.IsZero)
        {
            return negative ? NegativeInfinity : PositiveInfinity;
        }
        if (b.IsInfinity)
        {
            return Encode(negative, 0, MinExponent);
        }
        int preferred = a.Exponent - b.Exponent;
        if (a.IsZero)
        {
            return Encode(negative, 0, preferred);
        }
        // Two digits more than fit, so that the rounding sees more than a half or less than a half.
        int shift = Math.Max(0, MaxDigits + 2 - Digits(a.Coefficient) + Digits(b.Coefficient));
        BigInteger quotient = BigInteger.DivRem(a.Coefficient * BigInteger.Pow(10, shift), b.Coefficient, out BigInteger remainder);
        int exponent = preferred - shift;
        while (remainder.IsZero && exponent < preferred)
        {
            BigInteger shorter = BigInteger.DivRem(quotient, 10, out BigInteger digit);
            if (!digit.IsZero)
            {
                break;
            }
            quotient = shorter;
            exponent++;
        }
        return Round(negative, quotient, exponent, inexact: !remainder.IsZero);
    }

    /// <summary>The remainder of truncated division: it has the sign of the dividend.</summary>
    public static Decimal128 operator %(Decimal128 a, Decimal128 b)
    {
        if (a.IsNaN || b.IsNaN || a.IsInfinity || b.IsZero)
        {
            return NaN;
        }
        if (b.IsInfinity || a.IsZero)
        {
            return a;
        }
        int exponent = Math.Min(a.Exponent, b.Exponent);
        BigInteger divisor = b.Coefficient * BigInteger.Pow(10, b.Exponent - exponent);
        // a can be hundreds of digits longer than b: its power of ten is reduced modulo b on the way.
        BigInteger remainder = (BigInteger)a.Coefficient % divisor
            * BigInteger.ModPow(10, a.Exponent - exponent, divisor) % divisor;
        return Round(a.IsNegative, remainder, exponent, inexact: false);
    }

    public Decimal128 Abs() => new(_high & ~SignBit, _low);

    /// <summary>Rounds to a number of decimal places, which may be negative.</summary>
    public Decimal128 RoundTo(int places, DecimalRounding mode)
    {
        if (!IsFinite || Exponent >= -places)
        {
            return this;
        }
        int drop = -places - Exponent;
        if (drop > MaxDigits + 1)
        {
            drop = MaxDigits + 1;
        }
        BigInteger quotient = BigInteger.DivRem(Coefficient, BigInteger.Pow(10, drop), out BigInteger remainder);
        if (!remainder.IsZero && RoundsUp(mode, IsNegative, quotient, remainder, drop))
        {
            quotient += 1;
        }
        return Round(IsNegative, quotient, -places, inexact: false);
    }

    public Decimal128 Sqrt()
    {
        if (IsNaN || IsZero || (IsInfinity && !IsNegative))
        {
            return this;
        }
        if (IsNegative)
        {
            return NaN;
        }
        // Scale to about 72 digits with an even exponent: the integer root then has 36.
        int shift = 2 * (MaxDigits + 2) - Digits(Coefficient);
        shift += (Exponent - shift) & 1;
        BigInteger scaled = Coefficient * BigInteger.Pow(10, shift);
        BigInteger root = IntegerSqrt(scaled);
        int exponent = (Exponent - shift) / 2;
        bool exact = root * root == scaled;
        while (exact && exponent < Exponent / 2 && (root % 10).IsZero)
        {
            root /= 10;
            exponent++;
        }
        return Round(false, root, exponent, inexact: !exact);
    }

    private BigInteger Signed => IsNegative ? -(BigInteger)Coefficient : Coefficient;

    private static bool RoundsUp(DecimalRounding mode, bool negative, BigInteger quotient, BigInteger remainder, int drop) => mode switch
    {
        DecimalRounding.TowardZero => false,
        DecimalRounding.Floor => negative,
        DecimalRounding.Ceiling => !negative,
        _ => (remainder * 2).CompareTo(BigInteger.Pow(10, drop)) switch
        {
            > 0 => true,
            0 => !quotient.IsEven,
            _ => false,
        },
    };

    /// <summary>
    /// Fits a magnitude into 34 digits and the exponent range. <paramref name="inexact"/>: the true value is a little larger.
    /// </summary>
    private static Decimal128 Round(bool negative, BigInteger magnitude, int exponent, bool inexact)
    {
        int digits = CountDigits(magnitude);
        int drop = Math.Max(digits - MaxDigits, MinExponent - exponent);
        if (drop > 0)
        {
            drop = Math.Min(drop, digits + 1);
            BigInteger quotient = BigInteger.DivRem(magnitude, BigInteger.Pow(10, drop), out BigInteger remainder);
            int half = (remainder * 2).CompareTo(BigInteger.Pow(10, drop));
            if (half > 0 || (half == 0 && (inexact || !quotient.IsEven)))
            {
                quotient += 1;
            }
            exponent = exponent + drop < MinExponent ? MinExponent : exponent + drop;
            magnitude = quotient;
            if (CountDigits(magnitude) > MaxDigits)
            {
                magnitude /= 10;
                exponent++;
            }
        }
        return Encode(negative, (UInt128)magnitude, exponent);
    }

    private static int CountDigits(BigInteger magnitude) =>
        magnitude <= (BigInteger)UInt128.MaxValue && Digits((UInt128)magnitude) is < 39 and int small
            ? small
            : magnitude.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;

    private static BigInteger IntegerSqrt(BigInteger value)
    {
        BigInteger root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + value / root) >> 1;
            if (next >= root)
            {
                return root;
            }
            root = next;
        }
    }
}

/// <summary>Directions of <see cref="Decimal128.RoundTo"/>.</summary>
internal enum DecimalRounding
{
    HalfEven,
    TowardZero,
    Floor,
    Ceiling,
}
