using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;
using MongoDB.Embedded.Update;

namespace MongoDB.Embedded.Tests.Update;

/// <summary>What the server says of updates it does not take; numbers and wording as its clients have recorded them.</summary>
public class UpdateErrorTests
{
    [Theory]
    [InlineData("{$unknown: {a: 1}}", 9, "Unknown modifier: $unknown. Expected a valid update modifier or pipeline-style update specified as an array")]
    [InlineData("{$set: {a: 1}, b: 1}", 9, "Unknown modifier: b. Expected a valid update modifier or pipeline-style update specified as an array")]
    [InlineData("{$set: 'x'}", 9, "Modifiers operate on fields but we found type string instead. For example: {$mod: {<field>: ...}} not {$set: \"x\"}")]
    [InlineData("{a: 1, $set: {b: 1}}", 52, "The dollar ($) prefixed field '$set' in '$set' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.")]
    [InlineData("{$set: {'': 1}}", 56, "An empty update path is not valid.")]
    [InlineData("{$set: {'v.': 1}}", 56, "The update path 'v.' contains an empty field name, which is not allowed.")]
    [InlineData("{$rename: {'': 'v'}}", 56, "An empty update path is not valid.")]
    [InlineData("{$set: {v: 1}, $inc: {v: 1}}", 40, "Updating the path 'v' would create a conflict at 'v'")]
    [InlineData("{$set: {v: 1, 'v.foo': 1}}", 40, "Updating the path 'v.foo' would create a conflict at 'v'")]
    [InlineData("{$set: {'v.foo': 1}, $unset: {v: 1}}", 40, "Updating the path 'v' would create a conflict at 'v'")]
    [InlineData("{$rename: {a: 'b'}, $set: {b: 1}}", 40, "Updating the path 'b' would create a conflict at 'b'")]
    [InlineData("{$inc: {v: 'string'}}", 14, "Cannot increment with non-numeric argument: {v: \"string\"}")]
    [InlineData("{$mul: {v: 'string'}}", 14, "Cannot multiply with non-numeric argument: {v: \"string\"}")]
    [InlineData("{$rename: {a: 1}}", 2, "The 'to' field for $rename must be a string: a: 1")]
    [InlineData("{$rename: {a: 'a'}}", 2, "The source and target field for $rename must differ: a: \"a\"")]
    [InlineData("{$rename: {a: 'a.b'}}", 2, "The source and target field for $rename must not be on the same path: a: \"a.b\"")]
    [InlineData("{$rename: {'a.$': 'b'}}", 2, "The source field for $rename may not be dynamic: a.$")]
    [InlineData("{$rename: {a: 'b.$'}}", 2, "The destination field for $rename may not be dynamic: b.$")]
    [InlineData("{$currentDate: {a: 'x'}}", 2, "string is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).")]
    [InlineData("{$currentDate: {a: {$type: 'x'}}}", 2, "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}")]
    [InlineData("{$currentDate: {a: {foo: 1}}}", 2, "Unrecognized $currentDate option: foo")]
    [InlineData("{$bit: {v: 'string'}}", 2, "The $bit modifier is not compatible with a string. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}")]
    [InlineData("{$bit: {v: {not: 1}}}", 2, "The $bit modifier only supports 'and', 'or', and 'xor', not 'not' which is an unknown operator: {not: 1}")]
    [InlineData("{$bit: {v: {and: 'x'}}}", 2, "The $bit modifier field must be an Integer(32/64 bit); a 'string' is not supported here: {and: \"x\"}")]
    [InlineData("{$bit: {v: {}}}", 2, "You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}")]
    [InlineData("{$push: {a: {$each: 1}}}", 2, "The argument to $each in $push must be an array but it was of type: int")]
    [InlineData("{$push: {a: {$each: [], $foo: 1}}}", 2, "Unrecognized clause in $push: $foo")]
    [InlineData("{$push: {a: {$each: [], $slice: 'x'}}}", 2, "The value for $slice must be an integer value but was given type: string")]
    [InlineData("{$push: {a: {$each: [], $position: 'x'}}}", 2, "The value for $position must be an integer value, not of type: string")]
    [InlineData("{$push: {a: {$each: [], $sort: 2}}}", 2, "The $sort element value must be either 1 or -1")]
    [InlineData("{$push: {a: {$each: [], $sort: 'x'}}}", 2, "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields")]
    [InlineData("{$addToSet: {a: {$each: 1}}}", 14, "The argument to $each in $addToSet must be an array but it was of type int")]
    [InlineData("{$addToSet: {a: {$each: [], $slice: 1}}}", 2, "Found unexpected fields after $each in $addToSet: { $each: [], $slice: 1 }")]
    [InlineData("{$pullAll: {a: 1}}", 2, "$pullAll requires an array argument but was given a int")]
    [InlineData("{$pop: {a: 2}}", 9, "$pop expects 1 or -1, found: 2")]
    [InlineData("{$pop: {a: 'x'}}", 9, "Expected a number in: a: \"x\"")]
    [InlineData("{$set: {'$': 1}}", 2, "Cannot have positional (i.e. '$') element in the first position in path '$'")]
    [InlineData("{$set: {'a.$.b.$': 1}}", 2, "Too many positional (i.e. '$') elements found in path 'a.$.b.$'")]
    [InlineData("{$set: {'a.$[i]': 1}}", 2, "No array filter found for identifier 'i' in path 'a.$[i]'")]
    [InlineData("[{$match: {a: 1}}]", 72, "$match is not allowed to be used within an update")]
    public void A_malformed_update_is_refused(string update, int code, string message) =>
        Expect(code, message, () => UpdateProgram.Parse(Shell.Value(update), null, QueryContext.Create()));

    [Theory]
    [InlineData("{$set: {'a.$[i]': 1}}", "[{i: 1}, {j: 1}]", 9, "The array filter for identifier 'j' was not used in the update { $set: { a.$[i]: 1 } }")]
    [InlineData("{$set: {'a.$[i]': 1}}", "[{i: 1, j: 2}]", 9, "Error parsing array filter :: caused by :: Expected a single top-level field name, found 'i' and 'j'")]
    [InlineData("{$set: {'a.$[i]': 1}}", "[{i: 1}, {'i.x': 2}]", 9, "Found multiple array filters with the same top-level field name i")]
    [InlineData("{$set: {'a.$[i]': 1}}", "[{}]", 9, "Cannot use an expression without a top-level field name in arrayFilters")]
    [InlineData("{$set: {'a.$[I]': 1}}", "[{I: 1}]", 2, "Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found 'I'")]
    [InlineData("{a: 1}", "[{i: 1}]", 9, "arrayFilters may not be specified for replacement-style updates")]
    [InlineData("[{$set: {a: 1}}]", "[{i: 1}]", 9, "arrayFilters may not be specified for pipeline-syle updates")]
    public void Malformed_array_filters_are_refused(string update, string filters, int code, string message) =>
        Expect(code, message, () => UpdateProgram.Parse(Shell.Value(update), Shell.Array(filters), QueryContext.Create()));

    [Theory]
    [InlineData("{_id: 1, v: 42}", "{$set: {'v.foo': 1}}", 28, "Cannot create field 'foo' in element {v: 42}")]
    [InlineData("{_id: 1, v: [{foo: 1}]}", "{$inc: {'v.foo': 1}}", 28, "Cannot create field 'foo' in element {v: [ { foo: 1 } ]}")]
    [InlineData("{_id: 1, v: 42}", "{$pop: {'v.foo': 1}}", 28, "cannot use the part (v of v.foo) to traverse the element ({v: 42})")]
    [InlineData("{_id: 1, v: [{foo: [{bar: 'hello'}]}]}", "{$rename: {'v.foo': 'foo'}}", 28, "cannot use the part (v of v.foo) to traverse the element ({v: [ { foo: [ { bar: \"hello\" } ] } ]})")]
    [InlineData("{_id: 't', a: [1, 2], b: 2}", "{$rename: {b: 'a.1'}}", 2, "The destination field cannot be an array element, 'a.1' in doc with _id: \"t\" has an array field called 'a'")]
    [InlineData("{_id: 't', a: [1, 2], b: 2}", "{$rename: {b: 'a.2'}}", 2, "The destination field cannot be an array element, 'a.2' in doc with _id: \"t\" has an array field called 'a'")]
    [InlineData("{_id: 't', a: [1, 2]}", "{$rename: {'a.0': 'b'}}", 2, "The source field cannot be an array element, 'a.0' in doc with _id: \"t\" has an array field called 'a'")]
    [InlineData("{_id: 1, a: [{a: 1}, {b: 2}]}", "{$rename: {'a.a': 'b'}}", 28, "cannot use the part (a of a.a) to traverse the element ({a: [ { a: 1 }, { b: 2 } ]})")]
    [InlineData("{_id: 1, v: {bar: 'x'}}", "{$inc: {'v.bar': 1}}", 14, "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'bar' of non-numeric type string")]
    [InlineData("{_id: 1, v: null}", "{$mul: {v: 1}}", 14, "Cannot apply $mul to a value of non-numeric type. {_id: 1} has the field 'v' of non-numeric type null")]
    [InlineData("{_id: 'm', v: NumberLong(9223372036854775807)}", "{$inc: {v: 1}}", 2, "Failed to apply $inc operations to current value ((NumberLong)9223372036854775807) for document {_id: \"m\"}")]
    [InlineData("{_id: 'i', v: 42}", "{$inc: {v: NumberLong(9223372036854775807)}}", 2, "Failed to apply $inc operations to current value ((NumberInt)42) for document {_id: \"i\"}")]
    [InlineData("{_id: 'm', v: NumberLong(9223372036854775807)}", "{$mul: {v: 2}}", 2, "Failed to apply $mul operations to current value ((NumberLong)9223372036854775807) for document {_id: \"m\"}")]
    [InlineData("{_id: 1, v: 's'}", "{$bit: {v: {and: 1}}}", 2, "Cannot apply $bit to a value of non-integral type._id: 1 has the field v of non-integer type string")]
    [InlineData("{_id: 1, v: 's'}", "{$push: {v: 1}}", 2, "The field 'v' must be an array but is of type string in document {_id: 1}")]
    [InlineData("{_id: 1, v: 's'}", "{$addToSet: {v: 1}}", 2, "Cannot apply $addToSet to non-array field. Field named 'v' has non-array type string")]
    [InlineData("{_id: 1, v: 's'}", "{$pull: {v: 1}}", 2, "Cannot apply $pull to a non-array value")]
    [InlineData("{_id: 1, v: 's'}", "{$pop: {v: 1}}", 14, "Path 'v' contains an element of non-array type 'string'")]
    [InlineData("{_id: 1, v: 's'}", "{$set: {'v.$[]': 1}}", 2, "Cannot apply array updates to non-array element v: \"s\"")]
    [InlineData("{_id: 1}", "{$set: {'v.$[]': 1}}", 2, "The path 'v' must exist in the document in order to apply array updates.")]
    [InlineData("{_id: 1, v: [1]}", "{$set: {'v.$': 1}}", 2, "The positional operator did not find the match needed from the query.")]
    [InlineData("{_id: 1, v: [1]}", "{$set: {'v.2000000': 1}}", 34, "can't backfill more than 1500000 elements")]
    [InlineData("{_id: 1}", "{$set: {_id: 'other'}}", 66, "Performing an update on the path '_id' would modify the immutable field '_id'")]
    [InlineData("{_id: 1}", "{$unset: {_id: 1}}", 66, "Performing an update on the path '_id' would modify the immutable field '_id'")]
    [InlineData("{_id: 1}", "{_id: 2}", 66, "After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2")]
    [InlineData("{_id: 1}", "[{$set: {_id: 2}}]", 66, "After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2")]
    [InlineData("{_id: 1}", "{$set: {$bad: 1}}", 52, "The dollar ($) prefixed field '$bad' in '$bad' is not valid for storage.")]
    [InlineData("{_id: 1, a: [{b: 1}]}", "{$set: {'a.$[].b': 2, 'a.0.b': 3}}", 40, "Updating the path 'a.0.b' would create a conflict at 'a.0.b'")]
    public void An_update_that_does_not_fit_the_document_is_refused(string document, string update, int code, string message)
    {
        var program = UpdateProgram.Parse(Shell.Value(update), null, QueryContext.Create());
        Expect(code, message, () => program.Apply(Shell.Doc(document), default));
    }

    [Theory]
    [InlineData("{a: 1, $and: [{a: 2}]}", "{$set: {b: 1}}", 54, "cannot infer query fields to set, path 'a' is matched twice")]
    [InlineData("{a: {b: 1}, 'a.b': 1}", "{$set: {c: 1}}", 54, "cannot infer query fields to set, both paths 'a.b' and 'a' are matched")]
    [InlineData("{_id: 1}", "{$set: {_id: 2}}", 66, "Performing an update on the path '_id' would modify the immutable field '_id'")]
    [InlineData("{a: 1}", "{$set: {_id: [1]}}", 53, "The '_id' value cannot be of type array")]
    [InlineData("{a: 1}", "{_id: /x/}", 53, "The '_id' value cannot be of type regex")]
    public void An_upsert_that_cannot_be_inserted_is_refused(string query, string update, int code, string message)
    {
        var context = QueryContext.Create();
        var program = UpdateProgram.Parse(Shell.Value(update), null, context);
        Expect(code, message, () => program.ApplyForUpsert(Matcher.Parse(Shell.Doc(query), context)));
    }

    private static void Expect(int code, string message, Action action)
    {
        MongoError error = Assert.Throws<MongoError>(action);
        Assert.Equal((code, message), (error.Code, error.Message));
    }
}
