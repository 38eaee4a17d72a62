using System.Globalization;
using System.Numerics;

namespace MongoDB.Embedded.Bson;

internal readonly partial struct Decimal128
{
    /// <summary>
    /// The double in 15 significant digits, trailing zeros kept (2.5 becomes 2.50000000000000): how the server converts.
    /// </summary>
    public static Decimal128 FromDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? NaN : value < 0 ? NegativeInfinity : PositiveInfinity;
        }
        if (value == 0)
        {
            return double.IsNegative(value) ? -Zero : Zero;
        }
        // "-d.ddddddddddddddE+xxx", rounded correctly from the exact binary value.
        string text = value.ToString("E14", CultureInfo.InvariantCulture);
        return Parse(text);
    }

    public double ToDouble()
    {
        if (!IsFinite)
        {
            return IsNaN ? double.NaN : IsNegative ? double.NegativeInfinity : double.PositiveInfinity;
        }
        double magnitude = double.Parse(
            string.Create(CultureInfo.InvariantCulture, $"{Coefficient}E{Exponent}"), CultureInfo.InvariantCulture);
        return IsNegative ? -magnitude : magnitude;
    }

    public bool TryToInt64Exact(out long value)
    {
        value = 0;
        if (!IsFinite)
        {
            return false;
        }
        Decimal128 normal = Normalize();
        if (normal.Exponent < 0 || Digits(normal.Coefficient) + normal.Exponent > 19)
        {
            return false;
        }
        Int128 wide = (Int128)(normal.Coefficient * PowersOfTen[normal.Exponent]);
        wide = IsNegative ? -wide : wide;
        if (wide < long.MinValue || wide > long.MaxValue)
        {
            return false;
        }
        value = (long)wide;
        return true;
    }

    /// <summary>Cut to a long: NaN is 0, what is out of range is the nearest end.</summary>
    public long ToInt64Saturating()
    {
        if (IsNaN)
        {
            return 0;
        }
        if (IsFinite && RoundTo(0, DecimalRounding.TowardZero).TryToInt64Exact(out long value))
        {
            return value;
        }
        return IsNegative ? long.MinValue : long.MaxValue;
    }

    /// <summary>Compares exactly with a double, not through a rounded conversion; NaN is lowest.</summary>
    public static int CompareToDouble(Decimal128 a, double b)
    {
        if (a.IsNaN || double.IsNaN(b))
        {
            return a.IsNaN ? (double.IsNaN(b) ? 0 : -1) : 1;
        }
        double rounded = a.ToDouble();
        if (rounded != b || a.IsZero || !a.IsFinite || !double.IsFinite(b))
        {
            // Rounding keeps order, so unequal means decided; a huge decimal may round to infinity, a tiny one to zero.
            int order = rounded.CompareTo(b);
            return order != 0 ? order : a.IsFinite == double.IsFinite(b) ? 0 : a.IsFinite ? -Math.Sign(b) : 1;
        }
        if (b == 0)
        {
            return a.Sign;
        }
        (BigInteger mantissa, int power) = Decompose(b);
        BigInteger left = a.Signed;
        BigInteger right = mantissa;
        if (a.Exponent >= 0)
        {
            left *= BigInteger.Pow(10, a.Exponent);
        }
        else
        {
            right *= BigInteger.Pow(10, -a.Exponent);
        }
        if (power >= 0)
        {
            right <<= power;
        }
        else
        {
            left <<= -power;
        }
        return left.CompareTo(right);
    }

    /// <exception cref="FormatException">Not a decimal number.</exception>
    public static Decimal128 Parse(string text) => TryParse(text, out Decimal128 value)
        ? value
        : throw new FormatException($"'{text}' is not a decimal number");

    /// <summary>Digits with an optional point and exponent, Infinity, Inf or NaN in any case; more than 34 digits are rounded.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Decimal128 value)
    {
        value = default;
        bool negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is '-' or '+')
        {
            text = text[1..];
        }
        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = NaN;
            return true;
        }
        if (text.Equals("infinity", StringComparison.OrdinalIgnoreCase) || text.Equals("inf", StringComparison.OrdinalIgnoreCase))
        {
            value = negative ? NegativeInfinity : PositiveInfinity;
            return true;
        }
        int exponent = 0;
        int mark = text.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            if (!int.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs((long)exponent) > 1_000_000)
            {
                return false;
            }
            text = text[..mark];
        }
        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<char> fraction = point < 0 ? default : text[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || whole.ContainsAnyExceptInRange('0', '9')
            || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }
        BigInteger magnitude = BigInteger.Parse(string.Concat("0", whole, fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        exponent -= fraction.Length;
        value = magnitude.IsZero
            ? Encode(negative, 0, exponent)
            : Round(negative, magnitude, exponent, inexact: false);
        return true;
    }

    /// <summary>The string form of the BSON decimal128 specification: scientific for exponents above 0 or below 1E-6.</summary>
    public override string ToString()
    {
        if (!IsFinite)
        {
            return IsNaN ? "NaN" : IsNegative ? "-Infinity" : "Infinity";
        }
        string sign = IsNegative ? "-" : "";
        string digits = Coefficient.ToString(CultureInfo.InvariantCulture);
        int exponent = Exponent;
        int adjusted = exponent + digits.Length - 1;
        if (exponent > 0 || adjusted < -6)
        {
            string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits.AsSpan(1)}";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}E{(adjusted < 0 ? "" : "+")}{adjusted}");
        }
        if (exponent == 0)
        {
            return sign + digits;
        }
        int whole = digits.Length + exponent;
        return whole > 0
            ? $"{sign}{digits.AsSpan(0, whole)}.{digits.AsSpan(whole)}"
            : $"{sign}0.{new string('0', -whole)}{digits}";
    }

    /// <summary>A finite double as mantissa times a power of two.</summary>
    internal static (BigInteger Mantissa, int Power) Decompose(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        if (exponent == 0)
        {
            exponent++;
        }
        else
        {
            mantissa |= 1L << 52;
        }
        return (bits < 0 ? -mantissa : mantissa, exponent - 1075);
    }
}
