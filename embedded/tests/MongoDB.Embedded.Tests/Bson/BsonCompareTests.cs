using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Tests.Bson;

/// <summary>"Comparison/Sort Order" in the manual's chapter on BSON types.</summary>
public class BsonCompareTests
{
    // One line per bracket, in the order the manual gives; each line's values ascend as well.
    private static readonly string[] Ascending =
    [
        "MinKey",
        "undefined",
        "null",
        "NaN", "-Infinity", "NumberLong(-9223372036854775808)", "-5", "-1.5", "0", "NumberDecimal('0.1')", "0.5", "1",
        "NumberLong(9007199254740993)", "9223372036854775808.0", "NumberDecimal('9.3E18')", "Infinity",
        "''", "'A'", "'a'", "'aa'", "'b'", "'é'", "'𝄞'",
        "{}", "{a: 1}", "{a: 1, b: 1}", "{a: 2}", "{b: 1}", "{a: 'x'}",
        "[]", "[1]", "[1, 2]", "[2]", "['a']",
        "HexData(0, '00')", "HexData(5, '00')", "HexData(0, '0001')",
        "ObjectId('000000000000000000000001')", "ObjectId('ffffffffffffffffffffffff')",
        "false", "true",
        "Date(-1)", "Date(0)", "Date(1)",
        "Timestamp(1, 1)", "Timestamp(1, 2)", "Timestamp(4294967295, 0)",
        "/a/", "/a/i", "/b/",
        "Code('a')", "Code('b')",
        "MaxKey",
    ];

    [Fact]
    public void Values_sort_by_bracket_and_then_by_value()
    {
        for (int i = 0; i < Ascending.Length; i++)
        {
            for (int j = 0; j < Ascending.Length; j++)
            {
                int order = BsonCompare.Compare(Shell.Value(Ascending[i]), Shell.Value(Ascending[j]));
                Assert.True(Math.Sign(order) == Math.Sign(i - j), $"{Ascending[i]} against {Ascending[j]} gave {order}");
            }
        }
    }

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "NumberLong(1)")]
    [InlineData("1.0", "NumberDecimal('1.000')")]
    [InlineData("0.5", "NumberDecimal('0.50')")]
    [InlineData("0.0", "-0.0")]
    [InlineData("0", "NumberDecimal('-0E+5')")]
    [InlineData("NaN", "NumberDecimal('NaN')")]
    [InlineData("Infinity", "NumberDecimal('Infinity')")]
    [InlineData("1e20", "NumberDecimal('1E20')")]
    [InlineData("9223372036854775808.0", "NumberDecimal('9223372036854775808')")]
    [InlineData("'a'", "Symbol('a')")]
    [InlineData("{a: 1, b: [1.0, {c: NumberLong(2)}]}", "{a: 1.0, b: [1, {c: 2.0}]}")]
    public void Equal_values_of_different_types_compare_and_hash_alike(string left, string right)
    {
        BsonValue a = Shell.Value(left);
        BsonValue b = Shell.Value(right);
        Assert.Equal(0, BsonCompare.Compare(a, b));
        Assert.True(BsonCompare.Equals(a, b));
        Assert.Equal(BsonHash.GetHashCode(a), BsonHash.GetHashCode(b));
    }

    [Theory]
    [InlineData("NumberLong(9007199254740993)", "9007199254740992.0", 1)]
    [InlineData("NumberLong(9223372036854775807)", "9223372036854775808.0", -1)]
    [InlineData("0.1", "NumberDecimal('0.1')", 1)]
    [InlineData("0.3", "NumberDecimal('0.3')", -1)]
    [InlineData("NumberLong(9007199254740993)", "NumberDecimal('9007199254740992.5')", 1)]
    [InlineData("5e-324", "NumberDecimal('0')", 1)]
    [InlineData("0.0", "NumberDecimal('1E-6176')", -1)]
    [InlineData("1.7976931348623157e308", "NumberDecimal('1E6111')", -1)]
    [InlineData("Infinity", "NumberDecimal('1E6111')", 1)]
    [InlineData("-Infinity", "NumberDecimal('-1E6111')", -1)]
    [InlineData("-1.5", "NumberLong(-1)", -1)]
    [InlineData("-1.5", "NumberLong(-2)", 1)]
    public void Numbers_of_different_types_compare_without_loss(string left, string right, int expected)
    {
        Assert.Equal(expected, Math.Sign(BsonCompare.Compare(Shell.Value(left), Shell.Value(right))));
        Assert.Equal(-expected, Math.Sign(BsonCompare.Compare(Shell.Value(right), Shell.Value(left))));
    }

    [Theory]
    [InlineData("1", "1.0", false)]
    [InlineData("1", "1", true)]
    [InlineData("{a: 1}", "{a: NumberLong(1)}", false)]
    [InlineData("'a'", "'a'", true)]
    [InlineData("'a'", "Symbol('a')", false)]
    [InlineData("null", "null", true)]
    [InlineData("null", "undefined", false)]
    public void Binary_equality_tells_types_apart(string left, string right, bool equal) =>
        Assert.Equal(equal, BsonCompare.BinaryEquals(Shell.Value(left), Shell.Value(right)));
}
