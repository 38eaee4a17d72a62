using System.Numerics;

namespace MongoDB.Embedded.Bson;

internal readonly partial struct Decimal128
{
    // Fixed-point numbers with this many decimals; 34 digits are kept of the result, the rest absorbs the rounding on the way.
    private const int Scale = 60;

    private static readonly BigInteger Unit = BigInteger.Pow(10, Scale);
    private static readonly Lazy<BigInteger> Ln10 = new(() => LnFixed(Unit * 10));

    /// <summary>e to this power.</summary>
    public Decimal128 Exp()
    {
        if (!IsFinite)
        {
            return IsNaN ? this : IsNegative ? Zero : this;
        }
        if (IsZero)
        {
            return One;
        }
        if (ToDouble() is > 15000 or < -15000)
        {
            return IsNegative ? Encode(false, 0, MinExponent) : PositiveInfinity;
        }
        // e^x = 10^k · e^r with r below ln 10.
        BigInteger x = ToFixed();
        BigInteger k = BigInteger.Divide(x, Ln10.Value);
        return Round(false, ExpFixed(x - k * Ln10.Value), (int)k - Scale, inexact: true);
    }

    /// <summary>Natural logarithm; negative numbers give NaN, zero minus infinity.</summary>
    public Decimal128 Ln()
    {
        if (IsNaN || (IsInfinity && !IsNegative))
        {
            return this;
        }
        if (IsZero)
        {
            return NegativeInfinity;
        }
        if (IsNegative)
        {
            return NaN;
        }
        return FromFixed(LnOf(out int power) + power * Ln10.Value);
    }

    /// <summary>Logarithm to base ten, exact for powers of ten.</summary>
    public Decimal128 Log10()
    {
        Decimal128 normal = IsFinite && !IsZero && !IsNegative ? Normalize() : this;
        if (normal.IsFinite && normal.Coefficient == 1)
        {
            return FromInt64(normal.Exponent);
        }
        if (!IsFinite || IsZero || IsNegative)
        {
            return Ln();
        }
        BigInteger ln = LnOf(out int power);
        return FromFixed(ln * Unit / Ln10.Value + power * Unit);
    }

    /// <summary>This to a power; exact for whole exponents while the result has 34 digits.</summary>
    public Decimal128 Pow(Decimal128 exponent)
    {
        if (exponent.IsZero)
        {
            return One;
        }
        if (IsNaN || exponent.IsNaN)
        {
            return NaN;
        }
        if (exponent.TryToInt64Exact(out long whole) && Math.Abs(whole) <= 10_000)
        {
            return WholePower(whole);
        }
        if (IsZero)
        {
            return exponent.IsNegative ? PositiveInfinity : Zero;
        }
        return IsNegative ? NaN : (Ln() * exponent).Exp();
    }

    private Decimal128 WholePower(long exponent)
    {
        Decimal128 result = One;
        Decimal128 square = this;
        for (long rest = Math.Abs(exponent); rest > 0; rest >>= 1)
        {
            result = (rest & 1) != 0 ? result * square : result;
            square = rest > 1 ? square * square : square;
        }
        return exponent < 0 ? One / result : result;
    }

    // ln of the coefficient brought between 1 and 10; power is the exponent that was taken out.
    private BigInteger LnOf(out int power)
    {
        int digits = Digits(Coefficient);
        power = Exponent + digits - 1;
        return LnFixed((BigInteger)Coefficient * Unit / BigInteger.Pow(10, digits - 1));
    }

    // e^x for 0 <= |x| < ln 10: halve the argument ten times, sum the series, square ten times.
    private static BigInteger ExpFixed(BigInteger x)
    {
        const int Halvings = 10;
        BigInteger small = x / (1 << Halvings);
        BigInteger sum = Unit;
        BigInteger term = Unit;
        for (int n = 1; !term.IsZero; n++)
        {
            term = term * small / Unit / n;
            sum += term;
        }
        for (int i = 0; i < Halvings; i++)
        {
            sum = sum * sum / Unit;
        }
        return sum;
    }

    // ln x = 2·artanh((x-1)/(x+1)), after square roots have brought x close to 1.
    private static BigInteger LnFixed(BigInteger x)
    {
        int roots = 0;
        while (BigInteger.Abs(x - Unit) > Unit / 100)
        {
            x = IntegerSqrt(x * Unit);
            roots++;
        }
        BigInteger ratio = (x - Unit) * Unit / (x + Unit);
        BigInteger square = ratio * ratio / Unit;
        BigInteger sum = 0;
        for (int n = 1; !ratio.IsZero; n += 2)
        {
            sum += ratio / n;
            ratio = ratio * square / Unit;
        }
        return sum * 2 << roots;
    }

    private BigInteger ToFixed()
    {
        int shift = Exponent + Scale;
        return shift >= 0 ? Signed * BigInteger.Pow(10, shift) : Signed / BigInteger.Pow(10, Math.Min(-shift, 100));
    }

    private static Decimal128 FromFixed(BigInteger value) =>
        value.IsZero ? Zero : Round(value.Sign < 0, BigInteger.Abs(value), -Scale, inexact: true);
}
