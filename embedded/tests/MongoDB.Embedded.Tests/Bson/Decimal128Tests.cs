using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Tests.Bson;

/// <summary>IEEE 754-2008 arithmetic and the string form of the BSON decimal128 specification.</summary>
public class Decimal128Tests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "-0")]
    [InlineData("1.10", "1.10")]
    [InlineData("0.000001234567890123456789012345678901234", "0.000001234567890123456789012345678901234")]
    [InlineData("1E3", "1E+3")]
    [InlineData("12.3E+4", "1.23E+5")]
    [InlineData("0.0000001", "1E-7")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("+7", "7")]
    [InlineData("nan", "NaN")]
    [InlineData("-inf", "-Infinity")]
    [InlineData("9.999999999999999999999999999999999E+6144", "9.999999999999999999999999999999999E+6144")]
    [InlineData("1E+6112", "1.0E+6112")]
    [InlineData("1E+6145", "Infinity")]
    [InlineData("1E-6176", "1E-6176")]
    [InlineData("4E-6177", "0E-6176")]
    [InlineData("6E-6177", "1E-6176")]
    [InlineData("0E+8000", "0E+6111")]
    [InlineData("12345678901234567890123456789012345", "1.234567890123456789012345678901234E+34")]
    [InlineData("12345678901234567890123456789012355", "1.234567890123456789012345678901236E+34")]
    public void Text_round_trips_in_the_specified_form(string text, string expected) =>
        Assert.Equal(expected, Decimal128.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("1.2.3")]
    [InlineData("0x1")]
    [InlineData(" 1")]
    public void What_is_not_a_number_does_not_parse(string text) => Assert.False(Decimal128.TryParse(text, out _));

    [Theory]
    [InlineData("1.10", "+", "1.1", "2.20")]
    [InlineData("0.1", "+", "0.2", "0.3")]
    [InlineData("1E+30", "+", "1E-30", "1000000000000000000000000000000.000")]
    [InlineData("1E+100", "+", "1", "1.000000000000000000000000000000000E+100")]
    [InlineData("1E+3000", "-", "1E-3000", "1.000000000000000000000000000000000E+3000")]
    [InlineData("9999999999999999999999999999999999", "+", "1", "1.000000000000000000000000000000000E+34")]
    [InlineData("Infinity", "-", "Infinity", "NaN")]
    [InlineData("1.20", "*", "3", "3.60")]
    [InlineData("1E+6000", "*", "1E+6000", "Infinity")]
    [InlineData("0", "*", "Infinity", "NaN")]
    [InlineData("1", "/", "3", "0.3333333333333333333333333333333333")]
    [InlineData("2", "/", "3", "0.6666666666666666666666666666666667")]
    [InlineData("10", "/", "4", "2.5")]
    [InlineData("2.40", "/", "2", "1.20")]
    [InlineData("1", "/", "0", "Infinity")]
    [InlineData("0", "/", "0", "NaN")]
    [InlineData("10.5", "%", "3", "1.5")]
    [InlineData("-7", "%", "3", "-1")]
    [InlineData("1E+6000", "%", "7", "1")]
    public void Arithmetic_rounds_half_to_even_in_34_digits(string left, string op, string right, string expected)
    {
        Decimal128 a = Decimal128.Parse(left);
        Decimal128 b = Decimal128.Parse(right);
        Decimal128 result = op switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            _ => a % b,
        };
        Assert.Equal(expected, result.ToString());
    }

    [Theory]
    [InlineData(2.5, "2.50000000000000")]
    [InlineData(1.0, "1.00000000000000")]
    [InlineData(0.1, "0.100000000000000")]
    [InlineData(-1e300, "-1.00000000000000E+300")]
    [InlineData(0.0, "0")]
    [InlineData(double.NaN, "NaN")]
    public void A_double_becomes_fifteen_digits(double value, string expected) =>
        Assert.Equal(expected, Decimal128.FromDouble(value).ToString());

    [Theory]
    [InlineData("2.5", 0, DecimalRounding.HalfEven, "2")]
    [InlineData("3.5", 0, DecimalRounding.HalfEven, "4")]
    [InlineData("-2.7", 0, DecimalRounding.TowardZero, "-2")]
    [InlineData("-2.1", 0, DecimalRounding.Floor, "-3")]
    [InlineData("2.1", 0, DecimalRounding.Ceiling, "3")]
    [InlineData("1234.567", 2, DecimalRounding.HalfEven, "1234.57")]
    [InlineData("1234.567", -2, DecimalRounding.HalfEven, "1.2E+3")]
    [InlineData("1E-40", 0, DecimalRounding.Ceiling, "1")]
    [InlineData("5", 3, DecimalRounding.HalfEven, "5")]
    public void Rounding_follows_its_mode(string text, int places, object mode, string expected) =>
        Assert.Equal(expected, Decimal128.Parse(text).RoundTo(places, (DecimalRounding)mode).ToString());

    [Theory]
    [InlineData("4", "2")]
    [InlineData("2", "1.414213562373095048801688724209698")]
    [InlineData("0.25", "0.5")]
    [InlineData("1E+7", "3162.277660168379331998893544432719")]
    [InlineData("-1", "NaN")]
    public void Square_roots_are_exact_to_34_digits(string text, string expected) =>
        Assert.Equal(expected, Decimal128.Parse(text).Sqrt().ToString());

    [Theory]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("-9223372036854775808", true, long.MinValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("1E+3", true, 1000)]
    [InlineData("1000.00", true, 1000)]
    [InlineData("1.5", false, 0)]
    [InlineData("NaN", false, 0)]
    public void Exact_conversion_to_long_knows_its_range(string text, bool exact, long expected)
    {
        Assert.Equal(exact, Decimal128.Parse(text).TryToInt64Exact(out long value));
        Assert.Equal(expected, value);
    }
}
