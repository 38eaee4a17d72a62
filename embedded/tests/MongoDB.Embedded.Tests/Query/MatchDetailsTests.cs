using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;

namespace MongoDB.Embedded.Tests.Query;

/// <summary>The array position behind the positional operator, and what a planner is told.</summary>
public class MatchDetailsTests
{
    [Theory]
    [InlineData("{a: 2}", "{a: [1, 2, 3]}", 1)]
    [InlineData("{a: {$gt: 2}}", "{a: [1, 2, 3]}", 2)]
    [InlineData("{'a.b': 4}", "{a: [{b: [2, 3]}, {b: [4, 5]}]}", 1)]
    [InlineData("{a: {$elemMatch: {b: 1, c: 2}}}", "{a: [{b: 1}, {b: 1, c: 2}]}", 1)]
    [InlineData("{a: {$elemMatch: {$gt: 2}}}", "{a: [1, 2, 3]}", 2)]
    [InlineData("{'a.0.b': 3}", "{a: [{b: [2, 3]}, {b: [4, 5]}]}", 1)]
    [InlineData("{a: [1, 2]}", "{a: [1, 2]}", -1)]
    [InlineData("{x: 1}", "{x: 1, a: [1]}", -1)]
    [InlineData("{x: 1, a: {$in: [3]}}", "{x: 1, a: [1, 3]}", 1)]
    [InlineData("{$or: [{a: 9}, {a: 3}]}", "{a: [1, 3]}", 1)]
    [InlineData("{a: {$ne: 9}}", "{a: [1, 3]}", -1)]
    [InlineData("{a: {$not: {$eq: 9}}}", "{a: [1, 3]}", -1)]
    public void The_position_is_the_index_in_the_outermost_array(string filter, string document, int expected)
    {
        var matcher = Matcher.Parse(Shell.Doc(filter), QueryContext.Create());
        Assert.True(matcher.IsMatch(Shell.Doc(document), out MatchDetails details));
        Assert.Equal(expected, details.HasPosition ? details.Position : -1);
    }

    [Fact]
    public void Conjuncts_are_the_conditions_that_must_all_hold()
    {
        var matcher = Matcher.Parse(
            Shell.Doc("{a: 1, b: {$gt: 2, $lte: 5}, $and: [{c: {$in: [1, 2]}}, {d: /^ab.*c/}], $or: [{e: 1}, {f: 1}], g: {$exists: false}, h: {$ne: 1}}"),
            QueryContext.Create());
        Assert.Equal(
            ["a Eq 1", "b Gt 2", "b Lte 5", "c In ", "d Regex /^ab.*c/", "g Exists false", "h Other "],
            matcher.Conjuncts.Select(c => $"{c.Path} {c.Kind} {(c.Operand.IsMissing ? "" : BsonText.ToShell(c.Operand))}"));
        Assert.Equal(2, matcher.Conjuncts[3].Values.Count);
        Assert.Equal("ab", matcher.Conjuncts[4].Prefix);
    }

    [Theory]
    [InlineData("^abc", "", "abc")]
    [InlineData("^abc.*", "", "abc")]
    [InlineData("^abc?", "", "ab")]
    [InlineData("^abc*d", "", "ab")]
    [InlineData("^a+", "", "a")]
    [InlineData("^abc", "i", null)]
    [InlineData("abc", "", null)]
    [InlineData("^a|b", "", null)]
    [InlineData("^[ab]", "", null)]
    [InlineData("^é{0,2}", "", null)]
    public void A_regular_expression_has_a_prefix_where_every_match_starts_with_it(string pattern, string options, string? expected) =>
        Assert.Equal(expected, PcrePattern.Prefix(pattern, options));

    [Fact]
    public void Matching_allocates_nothing_on_common_operators()
    {
        var matcher = Matcher.Parse(
            Shell.Doc("{'a.b': {$gt: 3, $lt: 100}, name: {$in: ['x', 'y']}, tags: 'blue', s: /^pre/, e: {$exists: true}}"),
            QueryContext.Create());
        BsonDoc document = Shell.Doc("{a: [{b: 1}, {b: 5}], name: 'y', tags: ['red', 'blue'], s: 'prefix', e: null}");
        Assert.True(matcher.IsMatch(document));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            matcher.IsMatch(document);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
