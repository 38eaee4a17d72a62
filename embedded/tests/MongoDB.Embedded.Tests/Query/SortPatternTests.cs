using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;

namespace MongoDB.Embedded.Tests.Query;

/// <summary>"cursor.sort()" and "Multikey Indexes" in the manual.</summary>
public class SortPatternTests
{
    [Theory]
    [InlineData("{a: 1}", "{a: 1}", "{a: 2}", -1)]
    [InlineData("{a: -1}", "{a: 1}", "{a: 2}", 1)]
    [InlineData("{a: 1, b: -1}", "{a: 1, b: 1}", "{a: 1, b: 2}", 1)]
    [InlineData("{a: 1}", "{a: [5, 1]}", "{a: 2}", -1)]
    [InlineData("{a: -1}", "{a: [5, 1]}", "{a: 2}", -1)]
    [InlineData("{a: 1}", "{a: []}", "{a: null}", -1)]
    [InlineData("{a: 1}", "{}", "{a: null}", 0)]
    [InlineData("{a: 1}", "{}", "{a: 0}", -1)]
    [InlineData("{a: 1}", "{a: MinKey}", "{}", -1)]
    [InlineData("{'a.b': 1}", "{a: [{b: 9}, {b: 1}]}", "{a: {b: 2}}", -1)]
    [InlineData("{'a.b': 1, 'a.c': 1}", "{a: [{b: 1, c: 9}, {b: 2, c: 1}]}", "{a: {b: 1, c: 5}}", 1)]
    [InlineData("{'a.0': 1}", "{a: [1, 9]}", "{a: [2, 0]}", -1)]
    [InlineData("{a: 1}", "{a: 'x'}", "{a: 5}", 1)]
    [InlineData("{a: 1}", "{a: [[1, 2]]}", "{a: [3]}", 1)]
    public void Documents_compare_by_the_least_key_under_the_pattern(string pattern, string left, string right, int expected)
    {
        var sort = SortPattern.Parse(Shell.Doc(pattern));
        Assert.Equal(expected, Math.Sign(sort.Compare(Shell.Doc(left), Shell.Doc(right))));
    }

    [Theory]
    [InlineData("{a: 2}", 15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)")]
    [InlineData("{asc: '123'}", 15974, "Illegal key in $sort specification: asc: \"123\"")]
    [InlineData("{'': 1}", 40352, "FieldPath cannot be constructed with empty string")]
    [InlineData("{'a.': 1}", 40353, "FieldPath must not end with a '.'.")]
    [InlineData("{'a..b': 1}", 15998, "FieldPath field names may not be empty strings.")]
    [InlineData("{'a.$b': 1}", 16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")]
    public void A_malformed_pattern_is_refused(string pattern, int code, string message)
    {
        MongoError error = Assert.Throws<MongoError>(() => SortPattern.Parse(Shell.Doc(pattern)));
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Fact]
    public void Parallel_arrays_have_no_sort_key()
    {
        MongoError error = Assert.Throws<MongoError>(() => SortPattern.Parse(Shell.Doc("{a: 1, b: 1}")).KeyOf(Shell.Doc("{a: [1], b: [2]}")));
        Assert.Equal((2, "cannot sort with keys that are parallel arrays"), (error.Code, error.Message));
    }

    [Fact]
    public void Sorting_keeps_the_order_of_equals()
    {
        List<BsonDoc> documents = [Shell.Doc("{a: 2, n: 1}"), Shell.Doc("{a: 1, n: 2}"), Shell.Doc("{a: 2, n: 3}"), Shell.Doc("{a: 1, n: 4}")];
        var pattern = SortPattern.Parse(Shell.Doc("{a: 1}"));
        Assert.Equal([2, 4, 1, 3], Sorter.Sort(documents, pattern).Select(d => d["n"].AsInt32));
        Assert.Equal([2, 4, 1], Sorter.Sort(documents, pattern, limit: 3).Select(d => d["n"].AsInt32));
    }

    [Theory]
    [InlineData("a", "{a: 1}", "1", false)]
    [InlineData("a", "{}", "null", false)]
    [InlineData("a", "{a: [1, 2, 1]}", "1|2", true)]
    [InlineData("a", "{a: []}", "undefined", true)]
    [InlineData("a", "{a: [[1, 2], 3]}", "[1, 2]|3", true)]
    [InlineData("a.b", "{a: [{b: 1}, {b: [2, 3]}, {}]}", "1|2|3|null", true)]
    [InlineData("a.b", "{a: []}", "null", true)]
    [InlineData("a.b", "{a: 5}", "null", false)]
    [InlineData("a.b", "{a: [5]}", "null", true)]
    [InlineData("a.1", "{a: [5, 6]}", "6", false)]
    public void Index_keys_of_one_path(string path, string document, string expected, bool multikey)
    {
        var keys = new List<BsonValue>();
        Assert.Equal(multikey, Embedded.Query.Paths.CollectIndexKeys(Shell.Doc(document), new FieldPath(path), keys));
        Assert.Equal(expected, string.Join('|', keys.Select(Shell.Print)));
    }

    [Theory]
    [InlineData("a b", "{a: [1, 2], b: 3}", "1,3|2,3")]
    [InlineData("a.b a.c", "{a: [{b: 1, c: 2}, {b: 3}]}", "1,2|3,null")]
    [InlineData("a.b a", "{a: [{b: 1}]}", "1,{b: 1}")]
    [InlineData("a b", "{}", "null,null")]
    public void Compound_keys_take_their_values_from_the_same_element(string paths, string document, string expected)
    {
        IndexKeys.Collect(Shell.Doc(document), [.. paths.Split(' ').Select(p => new FieldPath(p))], out List<BsonValue[]> keys);
        Assert.Equal(expected, string.Join('|', keys.Select(k => string.Join(',', k.Select(Shell.Print)))));
    }

    [Fact]
    public void Parallel_arrays_cannot_be_indexed()
    {
        MongoError error = Assert.Throws<MongoError>(() =>
            IndexKeys.Collect(Shell.Doc("{a: [1], b: [2]}"), [new FieldPath("a"), new FieldPath("b")], out _));
        Assert.Equal((171, "CannotIndexParallelArrays", "cannot index parallel arrays [b] [a]"), (error.Code, error.CodeName, error.Message));
    }

    [Theory]
    [InlineData("a", "{a: [1, [2], 1]}", "1|[2]|1")]
    [InlineData("a.b", "{a: [{b: 1}, {b: [2, 3]}, {c: 1}]}", "1|2|3")]
    [InlineData("a", "{}", "")]
    public void Distinct_takes_the_elements_of_arrays(string path, string document, string expected)
    {
        var values = new List<BsonValue>();
        Embedded.Query.Paths.CollectDistinct(Shell.Doc(document), new FieldPath(path), values);
        Assert.Equal(expected, string.Join('|', values.Select(Shell.Print)));
    }
}
