using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Tests.Bson;

namespace MongoDB.Embedded.Tests.Storage;

/// <summary>The unsigned order of encoded keys is the order of the values in the manual's "Comparison/Sort Order".</summary>
public class KeyEncodingTests
{
    /// <summary>Each line is above the one before it; values on one line are equal.</summary>
    private static readonly string[][] Ascending =
    [
        ["MinKey"],
        ["undefined"],
        ["null"],
        ["NaN", "NumberDecimal('NaN')"],
        ["-Infinity", "NumberDecimal('-Infinity')"],
        ["NumberDecimal('-9E6144')"],
        ["NumberDecimal('-1E400')"],
        ["-1.7976931348623157e308"],
        ["NumberLong('-9223372036854775808')", "-9223372036854775808.0", "NumberDecimal('-9223372036854775808')"],
        ["NumberLong('-9223372036854775807')", "NumberDecimal('-9223372036854775807')"],
        ["NumberLong('-9007199254740993')"],
        ["NumberLong('-9007199254740992')", "-9007199254740992.0"],
        ["-2", "-2.0", "NumberLong(-2)", "NumberDecimal('-2.0')"],
        ["NumberDecimal('-1.5')", "-1.5"],
        ["-1"],
        ["NumberDecimal('-1E-400')"],
        ["NumberDecimal('-1E-6176')"],
        ["0", "-0.0", "NumberLong(0)", "NumberDecimal('0E+10')", "NumberDecimal('-0')"],
        ["NumberDecimal('1E-6176')"],
        ["NumberDecimal('1E-400')"],
        ["5e-324"],
        ["NumberDecimal('0.1')"],
        ["0.1"],
        ["0.5", "NumberDecimal('0.5')", "NumberDecimal('0.50')"],
        ["1", "1.0", "NumberLong(1)", "NumberDecimal('1')", "NumberDecimal('1.000')"],
        ["NumberDecimal('1.000000000000000000000000000000001')"],
        ["NumberDecimal('1.000000000000000000000000000000002')"],
        ["2"],
        ["9007199254740992.0", "NumberLong('9007199254740992')"],
        ["NumberLong('9007199254740993')", "NumberDecimal('9007199254740993')"],
        ["NumberDecimal('9007199254740993.5')"],
        ["NumberLong('9007199254740994')", "9007199254740994.0"],
        ["NumberLong('9223372036854775806')"],
        ["NumberLong('9223372036854775807')", "NumberDecimal('9223372036854775807')"],
        ["9223372036854775808.0"],
        ["1.7976931348623157e308"],
        ["NumberDecimal('1E400')"],
        ["NumberDecimal('2E400')"],
        ["NumberDecimal('9E6144')"],
        ["Infinity", "NumberDecimal('Infinity')"],
        ["''"],
        ["'\\u0000'"],
        ["'\\u0000a'"],
        ["'a'"],
        ["'a\\u0000'"],
        ["'a\\u0001'"],
        ["'aa'"],
        ["'b'"],
        ["'\u00e9'"],
        ["{}"],
        ["{a: 1}"],
        ["{a: 1, b: 1}"],
        ["{a: 2}"],
        ["{b: 1}"],
        ["{a: 'x'}"],
        ["[]"],
        ["[1]"],
        ["[1, 2]"],
        ["[2]"],
        ["['a']"],
        ["HexData(0, '')"],
        ["HexData(0, 'ff')"],
        ["HexData(1, '00')"],
        ["HexData(0, '0000')"],
        ["ObjectId('000000000000000000000001')"],
        ["ObjectId('ff0000000000000000000000')"],
        ["false"],
        ["true"],
        ["ISODate('1969-12-31T23:59:59.999Z')"],
        ["ISODate('1970-01-01T00:00:00.000Z')"],
        ["ISODate('2026-01-01T00:00:00.000Z')"],
        ["/a/"],
        ["/a/i"],
        ["/b/"],
        ["MaxKey"],
    ];

    [Fact]
    public void Encodings_are_in_the_order_of_the_manual()
    {
        for (int i = 0; i < Ascending.Length; i++)
        {
            foreach (string text in Ascending[i])
            {
                Assert.True(Encode(text).AsSpan().SequenceEqual(Encode(Ascending[i][0])), $"{text} and {Ascending[i][0]} should be equal");
                for (int j = 0; j < i; j++)
                {
                    Assert.True(Encode(Ascending[j][0]).AsSpan().SequenceCompareTo(Encode(text)) < 0, $"{Ascending[j][0]} should be below {text}");
                }
            }
        }
    }

    [Fact]
    public void No_encoding_is_a_prefix_of_another()
    {
        byte[][] all = [.. Ascending.Select(line => Encode(line[0]))];
        for (int i = 0; i < all.Length; i++)
        {
            for (int j = 0; j < all.Length; j++)
            {
                Assert.True(i == j || !all[i].AsSpan().StartsWith(all[j]), $"{Ascending[j][0]} is a prefix of {Ascending[i][0]}");
            }
        }
    }

    [Fact]
    public void Inverted_encodings_are_in_the_opposite_order()
    {
        byte[][] inverted = [.. Ascending.Select(line => Encode(line[0]))];
        foreach (byte[] bytes in inverted)
        {
            KeyEncoding.Invert(bytes);
        }
        for (int i = 1; i < inverted.Length; i++)
        {
            Assert.True(inverted[i].AsSpan().SequenceCompareTo(inverted[i - 1]) < 0, Ascending[i][0]);
        }
    }

    [Fact]
    public void Random_numbers_of_all_types_are_in_the_order_of_comparison()
    {
        var random = new Random(11);
        BsonValue[] values = [.. Enumerable.Range(0, 1500).Select(_ => RandomNumber(random))];
        byte[][] encoded = [.. values.Select(KeyEncoding.Encode)];
        for (int n = 0; n < 60_000; n++)
        {
            int i = random.Next(values.Length);
            int j = random.Next(values.Length);
            int expected = Math.Sign(BsonCompare.Compare(values[i], values[j]));
            int actual = Math.Sign(encoded[i].AsSpan().SequenceCompareTo(encoded[j]));
            Assert.True(expected == actual, $"{values[i]} ({values[i].Type}) against {values[j]} ({values[j].Type}): compare {expected}, keys {actual}");
        }
    }

    [Fact]
    public void A_missing_value_is_encoded_as_null() => Assert.Equal(Encode("null"), KeyEncoding.Encode(BsonValue.Missing));

    private static BsonValue RandomNumber(Random random)
    {
        long small = random.Next(-20, 20);
        switch (random.Next(7))
        {
            case 0:
                return BsonValue.Int32((int)small);
            case 1:
                return BsonValue.Int64(small << random.Next(63));
            case 2:
                return BsonValue.Int64(random.NextInt64(long.MinValue, long.MaxValue));
            case 3:
                return BsonValue.Double(small / 4.0);
            case 4:
                return BsonValue.Double(BitConverter.Int64BitsToDouble(random.NextInt64()));
            case 5:
                return Shell.Value($"NumberDecimal('{small}.{random.Next(4) * 25:00}')");
            default:
                return Shell.Value($"NumberDecimal('{small}{random.NextInt64(1L << 60)}E{random.Next(-40, 20) * random.Next(1, 20)}')");
        }
    }

    private static byte[] Encode(string text) => KeyEncoding.Encode(text switch
    {
        "NaN" => BsonValue.Double(double.NaN),
        "Infinity" => BsonValue.Double(double.PositiveInfinity),
        "-Infinity" => BsonValue.Double(double.NegativeInfinity),
        _ when text[0] == '\'' => BsonValue.String(System.Text.RegularExpressions.Regex.Unescape(text.Trim('\''))),
        _ => Shell.Value(text.Replace('\'', '"')),
    });
}
