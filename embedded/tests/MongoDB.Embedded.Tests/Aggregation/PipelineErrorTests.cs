using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;

namespace MongoDB.Embedded.Tests.Aggregation;

/// <summary>What the server says of pipelines it does not take; numbers and wording as its clients have recorded them.</summary>
public class PipelineErrorTests
{
    [Theory]
    [InlineData("[{$foo: 1}]", 40324, "Unrecognized pipeline stage name: '$foo'")]
    [InlineData("[{$graphLookup: {}}]", 238, "the aggregation stage $graphLookup is not supported")]
    [InlineData("[{$match: {}, $limit: 1}]", 40323, "A pipeline stage specification object must contain exactly one field.")]
    [InlineData("[{}]", 40323, "A pipeline stage specification object must contain exactly one field.")]
    [InlineData("[1]", 14, "Each element of the 'pipeline' array must be an object")]
    [InlineData("[{$match: 1}]", 15959, "the match filter must be an expression in an object")]
    [InlineData("[{$project: {}}]", 51272, "Invalid $project :: caused by :: projection specification must have at least one field")]
    [InlineData("[{$project: 1}]", 15969, "$project specification must be an object")]
    [InlineData("[{$project: {v: {}}}]", 51270, "Invalid $project :: caused by :: An empty sub-projection is not a valid value. Found empty object at path")]
    [InlineData("[{$project: {'': true}}]", 40352, "Invalid $project :: caused by :: FieldPath cannot be constructed with empty string")]
    [InlineData("[{$project: {'v..d': true}}]", 15998, "Invalid $project :: caused by :: FieldPath field names may not be empty strings.")]
    [InlineData("[{$project: {foo: false, bar: true}}]", 31253, "Invalid $project :: caused by :: Cannot do inclusion on field bar in exclusion projection")]
    [InlineData("[{$project: {foo: true, bar: false}}]", 31254, "Invalid $project :: caused by :: Cannot do exclusion on field bar in inclusion projection")]
    [InlineData("[{$project: {'v.$': true}}]", 31324, "Invalid $project :: caused by :: Cannot use positional projection in aggregation projection")]
    [InlineData("[{$project: {'v.$.foo.$': true}}]", 31324, "Invalid $project :: caused by :: Cannot use positional projection in aggregation projection")]
    [InlineData("[{$project: {v: {$foo: 1}}}]", 31325, "Invalid $project :: caused by :: Unknown expression $foo")]
    [InlineData("[{$project: {v: {$type: {$foo: 1}}}}]", 168, "Invalid $project :: caused by :: Unrecognized expression '$foo'")]
    [InlineData("[{$project: {v: {$type: ['foo', 'bar']}}}]", 16020, "Invalid $project :: caused by :: Expression $type takes exactly 1 arguments. 2 were passed in.")]
    [InlineData("[{$project: {sum: {$sum: '$'}}}]", 16872, "Invalid $project :: caused by :: '$' by itself is not a valid FieldPath")]
    [InlineData("[{$set: 'x'}]", 40272, "$set specification stage must be an object, got string")]
    [InlineData("[{$addFields: 'x'}]", 40272, "$addFields specification stage must be an object, got string")]
    [InlineData("[{$set: {$v: 1}}]", 16410, "Invalid $set :: caused by :: FieldPath field names may not start with '$'. Consider using $getField or $setField.")]
    [InlineData("[{$unset: 1}]", 31002, "$unset specification must be a string or an array")]
    [InlineData("[{$unset: []}]", 31119, "$unset specification must be a string or an array with at least one field")]
    [InlineData("[{$unset: ['v', 1]}]", 31120, "$unset specification must be a string or an array containing only string values")]
    [InlineData("[{$unset: ['v', 'v']}]", 31250, "Invalid $unset :: caused by :: Path collision at v")]
    [InlineData("[{$unset: ['v', 'v.foo']}]", 31249, "Invalid $unset :: caused by :: Path collision at v.foo remaining portion foo")]
    [InlineData("[{$unset: ['v', 'v.foo.bar']}]", 31249, "Invalid $unset :: caused by :: Path collision at v.foo.bar remaining portion foo.bar")]
    [InlineData("[{$unset: ''}]", 40352, "Invalid $unset :: caused by :: FieldPath cannot be constructed with empty string")]
    [InlineData("[{$unset: 'v.'}]", 40353, "Invalid $unset :: caused by :: FieldPath must not end with a '.'.")]
    [InlineData("[{$group: {v: {$sum: 1}}}]", 15955, "a group specification must include an _id")]
    [InlineData("[{$group: 1}]", 15947, "a group's fields must be specified in an object")]
    [InlineData("[{$group: {_id: 1, v: 1}}]", 40234, "The field 'v' must be an accumulator object")]
    [InlineData("[{$group: {_id: 1, v: {$sum: [1, 2]}}}]", 40237, "The $sum accumulator is a unary operator")]
    [InlineData("[{$group: {_id: 1, v: {$sum: 1, $avg: 1}}}]", 40238, "The field 'v' must specify one accumulator")]
    [InlineData("[{$group: {_id: 1, v: {$foo: 1}}}]", 15952, "unknown group operator '$foo'")]
    [InlineData("[{$group: {_id: 1, 'a.b': {$sum: 1}}}]", 40235, "The field name 'a.b' cannot contain '.'")]
    [InlineData("[{$group: {_id: {$foo: 1}}}]", 168, "Unrecognized expression '$foo'")]
    [InlineData("[{$group: {_id: {v: '$v', 'v': 1}}}]", 16406, "duplicate field name specified in object literal: { v: \"$v\", v: 1 }")]
    [InlineData("[{$sort: 1}]", 15973, "the $sort key specification must be an object")]
    [InlineData("[{$sort: {}}]", 15976, "$sort stage must have at least one sort key")]
    [InlineData("[{$sort: {a: 0}}]", 15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)")]
    [InlineData("[{$limit: 'x'}]", 5107201, "invalid argument to $limit stage: Expected a number in: $limit: \"x\"")]
    [InlineData("[{$limit: 0}]", 15958, "the limit must be positive")]
    [InlineData("[{$limit: 1.5}]", 5107201, "invalid argument to $limit stage: Expected an integer: $limit: 1.5")]
    [InlineData("[{$skip: -1}]", 5107200, "invalid argument to $skip stage: Expected a non-negative number in: $skip: -1")]
    [InlineData("[{$count: ''}]", 40156, "the count field must be a non-empty string")]
    [InlineData("[{$count: '$v'}]", 40158, "the count field cannot be a $-prefixed path")]
    [InlineData("[{$count: 'a.b'}]", 40160, "the count field cannot contain '.'")]
    [InlineData("[{$sample: {}}]", 28749, "$sample stage must specify a size")]
    [InlineData("[{$sample: {size: 'x'}}]", 28746, "size argument to $sample must be a number")]
    [InlineData("[{$unwind: 1}]", 15981, "expected either a string or an object as specification for $unwind stage, got int")]
    [InlineData("[{$unwind: 'a'}]", 28818, "path option to $unwind stage should be prefixed with a '$': a")]
    [InlineData("[{$unwind: {}}]", 28812, "no path specified to $unwind stage")]
    [InlineData("[{$unwind: {path: '$a', foo: 1}}]", 28811, "unrecognized option to $unwind stage: foo")]
    [InlineData("[{$unwind: {path: '$a', includeArrayIndex: '$i'}}]", 28822, "includeArrayIndex option to $unwind stage should not be prefixed with a '$': $i")]
    [InlineData("[{$lookup: 1}]", 9, "the $lookup stage specification must be an object, but found int")]
    [InlineData("[{$lookup: {from: 'x', localField: 'a', foreignField: 'b'}}]", 9, "must specify 'as' field for a $lookup")]
    [InlineData("[{$lookup: {from: 'x', as: 'y'}}]", 9, "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified")]
    [InlineData("[{$lookup: {from: 1, as: 'y'}}]", 9, "$lookup argument 'from: 1' must be a string, is type int")]
    [InlineData("[{$lookup: {from: 'x', as: 'y', foo: 1}}]", 9, "unknown argument to $lookup: foo")]
    [InlineData("[{$facet: {}}]", 40169, "the $facet specification must be a non-empty object")]
    [InlineData("[{$facet: {a: 1}}]", 40170, "arguments to $facet must be arrays, a is type int")]
    [InlineData("[{$facet: {a: [{$facet: {b: []}}]}}]", 40600, "$facet is not allowed to be used within a $facet stage")]
    [InlineData("[{$bucket: {groupBy: '$a'}}]", 40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.")]
    [InlineData("[{$bucket: {groupBy: '$a', boundaries: [1]}}]", 40192, "The $bucket 'boundaries' field must have at least 2 values, but found 1 value(s).")]
    [InlineData("[{$bucket: {groupBy: '$a', boundaries: [1, 5], default: 3}}]", 40199, "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.")]
    [InlineData("[{$sortByCount: 'a'}]", 40148, "the sortByCount field must be defined as a $-prefixed path or an expression inside an object")]
    [InlineData("[{$limit: 1}, {$documents: []}]", 40602, "$documents is only valid as the first stage in a pipeline")]
    [InlineData("[{$replaceRoot: {}}]", 40414, "BSON field '$replaceRoot.newRoot' is missing but a required field")]
    public void A_malformed_pipeline_is_refused(string pipeline, int code, string message)
    {
        MongoError error = Assert.Throws<MongoError>(() => Pipeline.Parse(Shell.Array(pipeline), QueryContext.Create(), null, "db"));
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("[{$replaceWith: '$a'}]", "[{_id: 1, a: 5}]", 40228, "'replacement document' must evaluate to an object, but resulting value was: 5. Type of resulting value: 'int'. Input document: { _id: 1, a: 5 }")]
    [InlineData("[{$bucket: {groupBy: '$a', boundaries: [1, 5]}}]", "[{a: 9}]", 40066, "$switch could not find a matching branch for an input, and no default was specified.")]
    [InlineData("[{$sort: {a: 1, b: 1}}]", "[{a: [1], b: [2]}]", 2, "cannot sort with keys that are parallel arrays")]
    [InlineData("[{$project: {x: {$divide: ['$a', 0]}}}]", "[{a: 1}]", 2, "can't $divide by zero")]
    public void A_document_that_does_not_fit_stops_the_pipeline(string pipeline, string input, int code, string message)
    {
        var documents = new List<BsonDoc>();
        foreach (BsonElement element in Shell.Array(input))
        {
            documents.Add(element.Value.AsDocument);
        }
        var parsed = Pipeline.Parse(Shell.Array(pipeline), QueryContext.Create(), null, "db");
        MongoError error = Assert.Throws<MongoError>(() => parsed.Run(documents).Count());
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("[{$sort: {_id: 1}}]", 292)]
    [InlineData("[{$sort: {_id: -1}}, {$limit: 2}]", 0)]
    [InlineData("[{$sample: {size: 1000}}]", 292)]
    [InlineData("[{$sample: {size: 10}}]", 0)]
    [InlineData("[{$group: {_id: '$none', n: {$sum: 1}}}]", 0)]
    [InlineData("[{$group: {_id: null, all: {$push: '$s'}}}]", 146)]
    [InlineData("[{$facet: {a: [{$count: 'n'}]}}]", 292)]
    public void A_blocking_stage_is_bounded_in_memory(string pipeline, int code)
    {
        // A document of 10 MB, eleven times: what counts is what a stage holds, not that it is the same buffer.
        using var writer = new BsonWriter();
        writer.Write("s", new string('x', 10_000_000));
        IEnumerable<BsonDoc> large = Enumerable.Repeat(writer.ToDocument(), 11);
        var parsed = Pipeline.Parse(Shell.Array(pipeline), QueryContext.Create(), null, "db");
        if (code == 0)
        {
            Assert.NotEmpty(parsed.Run(large));
        }
        else
        {
            Assert.Equal(code, Assert.Throws<MongoError>(() => parsed.Run(large).Count()).Code);
        }
    }

    [Fact]
    public void Many_groups_are_bounded_in_memory()
    {
        static IEnumerable<BsonDoc> Distinct()
        {
            string text = new('x', 10_000_000);
            for (int i = 0; i < 11; i++)
            {
                using var writer = new BsonWriter();
                writer.Write("s", i + text);
                yield return writer.ToDocument();
            }
        }
        var parsed = Pipeline.Parse(Shell.Array("[{$group: {_id: '$s'}}]"), QueryContext.Create(), null, "db");
        Assert.Equal(292, Assert.Throws<MongoError>(() => parsed.Run(Distinct()).Count()).Code);
    }

    [Fact]
    public void Pipelines_nest_to_a_bound()
    {
        string pipeline = "[]";
        for (int i = 0; i < 21; i++)
        {
            pipeline = $"[{{$unionWith: {{coll: 'c', pipeline: {pipeline}}}}}]";
        }
        MongoError error = Assert.Throws<MongoError>(() => Pipeline.Parse(Shell.Array(pipeline), QueryContext.Create(), null, "db"));
        Assert.Equal((int)ErrorCode.MaxSubPipelineDepthExceeded, error.Code);
    }
}
