using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using Official = MongoDB.Bson;

namespace MongoDB.Embedded.Tests.Bson;

/// <summary>Reading and writing, checked against the official driver's own BSON library.</summary>
public class BsonDocTests
{
    private const string AllTypes = """
        {d: 1.5, s: "é", o: {a: [1, {b: null}]}, a: [], b: HexData(128, "00ff"), u: undefined, i: ObjectId("65f000000000000000000001"),
         t: true, dt: Date(1700000000000), n: null, r: /a.b/im, js: Code("f()"), sy: Symbol("x"), i32: -7, ts: Timestamp(5, 6),
         i64: NumberLong(9007199254740993), dec: NumberDecimal("1.10"), min: MinKey, max: MaxKey, "": 0}
        """;

    [Fact]
    public void Every_type_is_written_as_the_driver_reads_it()
    {
        BsonDoc document = Shell.Doc(AllTypes);
        BsonDoc.Validate(document.Span);
        var driver = new Official.RawBsonDocument(document.ToArray());
        Assert.Equal(1.5, driver["d"].AsDouble);
        Assert.Equal("é", driver["s"].AsString);
        Assert.True(driver["o"]["a"][1]["b"].IsBsonNull);
        Assert.Equal(Official.BsonBinarySubType.UserDefined, driver["b"].AsBsonBinaryData.SubType);
        Assert.Equal("65f000000000000000000001", driver["i"].AsObjectId.ToString());
        Assert.Equal(1700000000000, driver["dt"].AsBsonDateTime.MillisecondsSinceEpoch);
        Assert.Equal("im", driver["r"].AsBsonRegularExpression.Options);
        Assert.Equal(6, driver["ts"].AsBsonTimestamp.Increment);
        Assert.Equal(9007199254740993, driver["i64"].AsInt64);
        Assert.Equal("1.10", driver["dec"].AsDecimal128.ToString());
        Assert.Equal(20, driver.ElementCount);
        Assert.Equal(Official.BsonExtensionMethods.ToBson(driver), document.ToArray());
    }

    [Fact]
    public void Lookup_finds_the_first_of_a_name_and_nothing_for_an_unknown_one()
    {
        BsonDoc document = Shell.Doc("{ab: 1, a: 2, a: 3}");
        Assert.Equal(2, document["a"].AsInt32);
        Assert.Equal(1, document.Get("ab"u8).AsInt32);
        Assert.True(document["abc"].IsMissing);
        Assert.True(BsonDoc.Empty["a"].IsMissing);
        Assert.Equal(3, document.Count);
    }

    [Fact]
    public void A_writer_grows_nests_and_copies_elements()
    {
        using var writer = new BsonWriter(16);
        writer.StartArray("list");
        for (int i = 0; i < 1200; i++)
        {
            writer.Write(i, BsonValue.Int32(i));
        }
        writer.End();
        writer.StartDocument("o"u8);
        writer.WriteElements(Shell.Doc("{x: 'y', z: 1.0}"));
        writer.End();
        writer.Write("gone", BsonValue.Missing);
        BsonDoc document = writer.ToDocument();
        BsonDoc.Validate(document.Span);
        var driver = new Official.RawBsonDocument(document.ToArray());
        Assert.Equal(1199, driver["list"][1199].AsInt32);
        Assert.Equal("y", driver["o"]["x"].AsString);
        Assert.Equal(2, driver.ElementCount);
        Assert.Equal("1199", LastName(document["list"].AsDocument));
        Assert.Throws<InvalidOperationException>(writer.End);
    }

    private static string LastName(BsonDoc document)
    {
        string name = "";
        foreach (BsonElement element in document)
        {
            name = element.Name;
        }
        return name;
    }

    [Theory]
    [InlineData("0500000001", "not terminated")]
    [InlineData("0600000000", "invalid document length 6")]
    [InlineData("04000000", "invalid document length 4")]
    [InlineData("060000000000", "ends before its length")]
    [InlineData("0500000000ff", "5 bytes long but 6")]
    [InlineData("09000000106100ff00", "past the end")]
    [InlineData("0b00000099610001000000", "Unrecognized BSON type 153")]
    [InlineData("090000000861000200", "neither 0 nor 1")]
    [InlineData("0e00000002610002000000ff0000", "not valid UTF-8")]
    [InlineData("0e00000002610002000000616100", "not terminated with NUL")]
    [InlineData("0e00000002610000000000000000", "invalid string length 0")]
    [InlineData("0e00000002610000ffffff610000", "invalid string length")]
    [InlineData("08000000 0aff00 00", "name at offset 5 is not valid UTF-8")]
    [InlineData("0d000000056100ffffffff0000", "invalid binary length -1")]
    [InlineData("0800000003610000", "past the end")]
    public void Malformed_bytes_are_refused_with_the_reason(string hex, string reason)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        MongoError error = Assert.Throws<MongoError>(() => BsonDoc.Validate(bytes));
        Assert.Equal((int)ErrorCode.InvalidBSON, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Nesting_is_limited(int levels, bool accepted)
    {
        string text = string.Concat(Enumerable.Repeat("{a: ", levels)) + "1" + new string('}', levels);
        byte[] bytes = Shell.Doc($"{{r: {text}}}").ToArray();
        if (accepted)
        {
            BsonDoc.Validate(bytes);
        }
        else
        {
            Assert.Equal((int)ErrorCode.Overflow, Assert.Throws<MongoError>(() => BsonDoc.Validate(bytes)).Code);
        }
    }

    [Fact]
    public void Truncated_bytes_never_escape_the_validator()
    {
        byte[] whole = Shell.Doc(AllTypes).ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] part = whole[..length];
            Assert.Throws<MongoError>(() => BsonDoc.Validate(part));
        }
    }

    [Theory]
    [InlineData("{a: 1, b: 'x', c: [1.0, {}], d: null}", "{ a: 1, b: \"x\", c: [ 1.0, {} ], d: null }")]
    [InlineData("{d: Date(5), o: ObjectId('65f000000000000000000001'), r: /a/i}", "{ d: new Date(5), o: ObjectId('65f000000000000000000001'), r: /a/i }")]
    public void Messages_quote_documents_in_the_servers_notation(string text, string expected) =>
        Assert.Equal(expected, BsonText.ToShell(Shell.Doc(text)));

    [Fact]
    public void Relaxed_json_is_what_the_specification_gives()
    {
        BsonDoc document = Shell.Doc("{a: 1, b: 1.0, c: NumberDecimal('1.10'), d: Date(1356351330501), e: Date(-1), f: 'a\"b', g: NaN}");
        Assert.Equal(
            """{"a":1,"b":1.0,"c":{"$numberDecimal":"1.10"},"d":{"$date":"2012-12-24T12:15:30.501Z"},"e":{"$date":{"$numberLong":"-1"}},"f":"a\"b","g":{"$numberDouble":"NaN"}}""",
            BsonText.ToRelaxedJson(document));
    }

    [Fact]
    public void New_object_ids_ascend_and_differ()
    {
        var previous = ObjectId.NewId();
        var seen = new HashSet<string> { previous.ToString() };
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(seen.Add(ObjectId.NewId().ToString()));
        }
        Assert.True(ObjectId.TryParse("65f000000000000000000001", out ObjectId id));
        Assert.Equal(0x65f00000u, id.Timestamp);
        Assert.False(ObjectId.TryParse("65f00000000000000000000g", out _));
    }
}
