using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;

namespace MongoDB.Embedded.Tests.Query;

/// <summary>What the server says of filters it does not take; numbers and wording as its clients have recorded them.</summary>
public class MatcherErrorTests
{
    [Theory]
    [InlineData("{$foo: 1}", 2, "unknown top level operator: $foo. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.")]
    [InlineData("{a: {$foo: 1}}", 2, "unknown operator: $foo")]
    [InlineData("{a: {$gt: 1, b: 2}}", 2, "unknown operator: b")]
    [InlineData("{a: {$expr: 1}}", 2, "unknown operator: $expr")]
    [InlineData("{$and: 1}", 2, "$and must be an array")]
    [InlineData("{$or: []}", 2, "$and/$or/$nor must be a nonempty array")]
    [InlineData("{$nor: [1]}", 2, "$or/$and/$nor entries need to be full objects")]
    [InlineData("{a: {$in: 1}}", 2, "$in needs an array")]
    [InlineData("{a: {$nin: 1}}", 2, "$nin needs an array")]
    [InlineData("{a: {$in: [{$gt: 1}]}}", 2, "cannot nest $ under $in")]
    [InlineData("{a: {$not: 1}}", 2, "$not needs a regex or a document")]
    [InlineData("{a: {$not: {}}}", 2, "$not cannot be empty")]
    [InlineData("{a: {$gt: /x/}}", 2, "Can't have RegEx as arg to predicate over field 'a'.")]
    [InlineData("{a: {$ne: /x/}}", 2, "Can't have regex as arg to $ne.")]
    [InlineData("{a: undefined}", 2, "cannot compare to undefined")]
    [InlineData("{a: {$type: 'text'}}", 2, "Unknown type name alias: text")]
    [InlineData("{a: {$type: 99}}", 2, "Invalid numerical type code: 99")]
    [InlineData("{a: {$type: true}}", 14, "type must be represented as a number or a string")]
    [InlineData("{a: {$type: []}}", 9, "$type must match at least one type")]
    [InlineData("{a: {$size: 'x'}}", 2, "Failed to parse $size. Expected a number in: $size: \"x\"")]
    [InlineData("{a: {$size: -1}}", 2, "Failed to parse $size. Expected a non-negative number in: $size: -1")]
    [InlineData("{a: {$size: 1.5}}", 2, "Failed to parse $size. Expected an integer: $size: 1.5")]
    [InlineData("{a: {$regex: 1}}", 2, "$regex has to be a string")]
    [InlineData("{a: {$regex: 'x', $options: 1}}", 2, "$options has to be a string")]
    [InlineData("{a: {$options: 'i'}}", 2, "$options needs a $regex")]
    [InlineData("{a: {$regex: /x/i, $options: 'm'}}", 51075, "options set in both $regex and $options")]
    [InlineData("{a: {$regex: 'x.', $options: 'z'}}", 51108, "invalid flag in regex options: z")]
    [InlineData("{a: {$mod: 1}}", 2, "malformed mod, needs to be an array")]
    [InlineData("{a: {$mod: [1]}}", 2, "malformed mod, not enough elements")]
    [InlineData("{a: {$mod: [1, 2, 3]}}", 2, "malformed mod, too many elements")]
    [InlineData("{a: {$mod: ['x', 2]}}", 2, "malformed mod, divisor not a number")]
    [InlineData("{a: {$mod: [2, 'x']}}", 2, "malformed mod, remainder not a number")]
    [InlineData("{a: {$mod: [0, 1]}}", 2, "divisor cannot be 0")]
    [InlineData("{a: {$elemMatch: 1}}", 2, "$elemMatch needs an Object")]
    [InlineData("{a: {$all: 1}}", 2, "$all needs an array")]
    [InlineData("{a: {$all: [{$gt: 1}]}}", 2, "no $ expressions in $all")]
    [InlineData("{v: {$bitsAllSet: '123'}}", 2, "v takes an Array, a number, or a BinData but received: $bitsAllSet: \"123\"")]
    [InlineData("{v: {$bitsAnySet: -1}}", 9, "Expected a non-negative number in: $bitsAnySet: -1")]
    [InlineData("{v: {$bitsAnyClear: 1.2}}", 9, "Expected an integer: $bitsAnyClear: 1.2")]
    [InlineData("{v: {$bitsAllClear: ['123']}}", 9, "Failed to parse bit position. Expected a number in: 0: \"123\"")]
    [InlineData("{v: {$bitsAllClear: [-1]}}", 9, "Failed to parse bit position. Expected a non-negative number in: 0: -1")]
    [InlineData("{v: {$bitsAllClear: [1.2]}}", 9, "Failed to parse bit position. Expected an integer: 0: 1.2")]
    [InlineData("{a: {$elemMatch: {$and: [{$expr: 1}]}}}", 2, "$expr can only be applied to the top-level document")]
    [InlineData("{$expr: {$gt: [1]}}", 16020, "Expression $gt takes exactly 2 arguments. 1 were passed in.")]
    [InlineData("{$expr: {$non-existent: 1}}", 168, "Unrecognized expression '$non-existent'")]
    [InlineData("{$expr: '$'}", 16872, "'$' by itself is not a valid FieldPath")]
    [InlineData("{$expr: '$$'}", 9, "empty variable names are not allowed")]
    [InlineData("{$expr: '$$s'}", 17276, "Use of undefined variable: s")]
    [InlineData("{$expr: '$$$s'}", 9, "'$s' starts with an invalid character for a user variable name")]
    [InlineData("{$expr: '$a..b'}", 15998, "FieldPath field names may not be empty strings.")]
    [InlineData("{$expr: '$a.'}", 40353, "FieldPath must not end with a '.'.")]
    [InlineData("{$expr: {$gt: 1, $lt: 2}}", 15983, "An object representing an expression must have exactly one field: { $gt: 1, $lt: 2 }")]
    [InlineData("{$where: 'true'}", 238, "the query operator $where is not supported")]
    [InlineData("{a: {$near: [1, 2]}}", 238, "the query operator $near is not supported")]
    public void A_malformed_filter_is_refused(string filter, int code, string message)
    {
        string quoted = filter.Replace("$non-existent", "'$non-existent'", StringComparison.Ordinal);
        MongoError error = Assert.Throws<MongoError>(() => Matcher.Parse(Shell.Doc(quoted), QueryContext.Create()));
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Fact]
    public void A_malformed_regular_expression_is_refused()
    {
        MongoError error = Assert.Throws<MongoError>(() => Matcher.Parse(Shell.Doc("{a: {$regex: '(x'}}"), QueryContext.Create()));
        Assert.Equal(51091, error.Code);
        Assert.StartsWith("Regular expression is invalid: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runaway_regular_expression_is_an_error_and_no_hang()
    {
        var matcher = Matcher.Parse(Shell.Doc("{a: {$regex: '^(a+)+$'}}"), QueryContext.Create());
        MongoError error = Assert.Throws<MongoError>(() => matcher.IsMatch(Shell.Doc($"{{a: '{new string('a', 64)}!'}}")));
        Assert.Equal(51156, error.Code);
    }
}
