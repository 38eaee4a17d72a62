using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;

namespace MongoDB.Embedded.Tests.Query;

/// <summary>"Project Fields to Return from Query", "$slice (projection)", "$elemMatch (projection)" and "$ (projection)" in the manual.</summary>
public class ProjectionTests
{
    private const string Item = "{_id: 1, item: 'journal', status: 'A', size: {h: 14, w: 21, uom: 'cm'}, instock: [{warehouse: 'A', qty: 5}, {warehouse: 'B', qty: 15}]}";

    [Theory]
    [InlineData("{item: 1, status: 1}", "{_id: 1, item: 'journal', status: 'A'}")]
    [InlineData("{status: true, item: 2.5}", "{_id: 1, item: 'journal', status: 'A'}")]
    [InlineData("{item: 1, _id: 0}", "{item: 'journal'}")]
    [InlineData("{_id: 1}", "{_id: 1}")]
    [InlineData("{nothing: 1}", "{_id: 1}")]
    [InlineData("{'size.uom': 1}", "{_id: 1, size: {uom: 'cm'}}")]
    [InlineData("{size: {uom: 1, h: 1}}", "{_id: 1, size: {h: 14, uom: 'cm'}}")]
    [InlineData("{'instock.qty': 1}", "{_id: 1, instock: [{qty: 5}, {qty: 15}]}")]
    [InlineData("{'instock.none': 1}", "{_id: 1, instock: [{}, {}]}")]
    [InlineData("{'item.x': 1}", "{_id: 1}")]
    public void Inclusion(string projection, string expected) => Check(Item, projection, expected);

    [Theory]
    [InlineData("{status: 0, instock: 0}", "{_id: 1, item: 'journal', size: {h: 14, w: 21, uom: 'cm'}}")]
    [InlineData("{_id: 0, size: 0, instock: 0}", "{item: 'journal', status: 'A'}")]
    [InlineData("{_id: 1, item: 0, status: 0, size: 0}", "{_id: 1, instock: [{warehouse: 'A', qty: 5}, {warehouse: 'B', qty: 15}]}")]
    [InlineData("{item: 0, status: 0, 'size.uom': 0, 'instock.warehouse': 0}", "{_id: 1, size: {h: 14, w: 21}, instock: [{qty: 5}, {qty: 15}]}")]
    [InlineData("{'item.x': 0, size: 0, instock: 0}", "{_id: 1, item: 'journal', status: 'A'}")]
    [InlineData("{_id: 0, item: 0, status: 0, size: {h: 0, w: 0}, instock: 0}", "{size: {uom: 'cm'}}")]
    public void Exclusion(string projection, string expected) => Check(Item, projection, expected);

    [Theory]
    [InlineData("{a: [1, {b: 2, c: 3}, [{b: 4}, 5]]}", "{'a.b': 1}", "{a: [{b: 2}, [{b: 4}]]}")]
    [InlineData("{a: [1, {b: 2, c: 3}, [{b: 4}, 5]]}", "{'a.b': 0}", "{a: [1, {c: 3}, [{}, 5]]}")]
    [InlineData("{a: {b: {c: 1, d: 2}, e: 3}}", "{'a.b.c': 1, 'a.e': 1}", "{a: {b: {c: 1}, e: 3}}")]
    public void Paths_go_through_arrays(string document, string projection, string expected) => Check(document, projection, expected);

    [Theory]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: 2}}", "{a: [1, 2]}")]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: -1}}", "{a: [4]}")]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: 0}}", "{a: []}")]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: 9}}", "{a: [1, 2, 3, 4]}")]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: -9}}", "{a: [1, 2, 3, 4]}")]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: [1, 2]}}", "{a: [2, 3]}")]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: [-3, 2]}}", "{a: [2, 3]}")]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: [9, 2]}}", "{a: []}")]
    [InlineData("{a: [1, 2, 3, 4]}", "{a: {$slice: [-9, 2]}}", "{a: [1, 2]}")]
    [InlineData("{_id: 1, a: [1, 2], b: 3}", "{a: {$slice: 1}}", "{_id: 1, a: [1], b: 3}")]
    [InlineData("{_id: 1, a: [1, 2], b: 3, c: 4}", "{a: {$slice: 1}, b: 1}", "{_id: 1, a: [1], b: 3}")]
    [InlineData("{_id: 1, a: [1, 2], b: 3, c: 4}", "{a: {$slice: 1}, b: 0}", "{_id: 1, a: [1], c: 4}")]
    [InlineData("{x: {a: [1, 2], b: 3}}", "{'x.a': {$slice: 1}}", "{x: {a: [1], b: 3}}")]
    [InlineData("{a: 5}", "{a: {$slice: 1}}", "{a: 5}")]
    public void Slice(string document, string projection, string expected) => Check(document, projection, expected);

    [Theory]
    [InlineData("{students: {$elemMatch: {school: 102}}}", "{_id: 1, students: [{name: 'john', school: 102, age: 10}]}")]
    [InlineData("{students: {$elemMatch: {school: 102, age: {$gt: 10}}}}", "{_id: 1, students: [{name: 'jess', school: 102, age: 11}]}")]
    [InlineData("{students: {$elemMatch: {school: 999}}}", "{_id: 1}")]
    [InlineData("{students: {$elemMatch: {school: 102}}, zip: 1}", "{_id: 1, zip: 63109, students: [{name: 'john', school: 102, age: 10}]}")]
    [InlineData("{students: {$elemMatch: {school: 102}}, zip: 0}", "{_id: 1, students: [{name: 'john', school: 102, age: 10}], last: true}")]
    [InlineData("{zip: {$elemMatch: {$gt: 1}}}", "{_id: 1}")]
    public void ElemMatch(string projection, string expected) => Check(
        "{_id: 1, students: [{name: 'john', school: 102, age: 10}, {name: 'jess', school: 102, age: 11}, {name: 'jeff', school: 108, age: 15}], zip: 63109, last: true}",
        projection,
        expected);

    [Theory]
    [InlineData("{a: {$gte: 85}}", "{a: [70, 87, 90]}", "{'a.$': 1}", "{a: [87]}")]
    [InlineData("{a: {$elemMatch: {b: {$gt: 1}}}}", "{_id: 1, a: [{b: 1}, {b: 2}], c: 3}", "{'a.$': 1}", "{_id: 1, a: [{b: 2}]}")]
    [InlineData("{'g.mean': {$gt: 70}}", "{_id: 1, g: [{mean: 60, x: 1}, {mean: 75, x: 2}]}", "{'g.$': 1, c: 1}", "{_id: 1, g: [{mean: 75, x: 2}]}")]
    [InlineData("{'x.a': 2}", "{x: {a: [1, 2], b: 3}}", "{'x.a.$': 1}", "{x: {a: [2]}}")]
    [InlineData("{a: 1}", "{a: 1}", "{'a.$': 1}", "{a: 1}")]
    public void Positional(string filter, string document, string projection, string expected)
    {
        var context = QueryContext.Create();
        var query = Matcher.Parse(Shell.Doc(filter), context);
        Assert.Equal(Shell.Normal(expected), Shell.Print(Projection.Parse(Shell.Doc(projection), query, context)!.Apply(Shell.Doc(document))));
    }

    [Theory]
    [InlineData("{_id: 1, a: 1}", "{total: {$eq: ['$a', 1]}}", "{_id: 1, total: true}")]
    [InlineData("{_id: 1, a: 1, b: 2}", "{x: '$a', b: 1}", "{_id: 1, b: 2, x: 1}")]
    [InlineData("{_id: 1, a: 1}", "{a: 'text'}", "{_id: 1, a: 'text'}")]
    [InlineData("{_id: 1, a: 1}", "{a: '$none'}", "{_id: 1}")]
    [InlineData("{_id: 1, a: {b: 1, c: 2}}", "{a: {b: 1, d: '$a.c'}}", "{_id: 1, a: {b: 1, d: 2}}")]
    [InlineData("{_id: 1, a: [{b: 1}, 5]}", "{'a.x': '$_id'}", "{_id: 1, a: [{x: 1}, {x: 1}]}")]
    [InlineData("{_id: 1}", "{'a.b': '$_id'}", "{_id: 1, a: {b: 1}}")]
    [InlineData("{_id: 1, a: 7}", "{'a.b': '$_id'}", "{_id: 1, a: {b: 1}}")]
    [InlineData("{_id: 1, a: 1}", "{l: ['$a', '$none', 2]}", "{_id: 1, l: [1, null, 2]}")]
    [InlineData("{_id: 5, a: 1}", "{_id: 0, a: '$_id'}", "{a: 5}")]
    public void Computed_fields(string document, string projection, string expected) => Check(document, projection, expected);

    [Theory]
    [InlineData("{foo: false, bar: true}", 31253, "Cannot do inclusion on field bar in exclusion projection")]
    [InlineData("{foo: true, bar: false}", 31254, "Cannot do exclusion on field bar in inclusion projection")]
    [InlineData("{foo: false, bar: '$x'}", 31252, "Cannot use expression other than $meta in exclusion projection")]
    [InlineData("{'a.b': 1, a: 1}", 31250, "Path collision at a")]
    [InlineData("{a: 1, 'a.b.c': 1}", 31249, "Path collision at a.b.c remaining portion b.c")]
    [InlineData("{a: {}}", 51270, "An empty sub-projection is not a valid value. Found empty object at path")]
    [InlineData("{'': 1}", 40352, "FieldPath cannot be constructed with empty string")]
    [InlineData("{'v..d': 1}", 15998, "FieldPath field names may not be empty strings.")]
    [InlineData("{'v..$': 1}", 40353, "FieldPath must not end with a '.'.")]
    [InlineData("{$: 1}", 16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")]
    [InlineData("{$v: 1}", 16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")]
    [InlineData("{'v.$foo': 1}", 16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")]
    [InlineData("{'$.foo.$': 1}", 16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")]
    [InlineData("{v: {$type: 1, $op: 1}}", 16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")]
    [InlineData("{'v.$': 0}", 31395, "positional projection cannot be used with exclusion")]
    [InlineData("{'v.$': 1, 'w.$': 1}", 31276, "Cannot specify more than one positional projection per query.")]
    [InlineData("{v: {$foo: 1}}", 31325, "Unknown expression $foo")]
    [InlineData("{v: {$elemMatch: 1}}", 31274, "elemMatch: Invalid argument, object required, but got int")]
    [InlineData("{'v.w': {$elemMatch: {a: 1}}}", 31275, "Cannot use $elemMatch projection on a nested field")]
    public void A_malformed_projection_is_refused(string projection, int code, string message)
    {
        MongoError error = Assert.Throws<MongoError>(() => Projection.Parse(Shell.Doc(projection), null, QueryContext.Create()));
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("{'v.$.foo': 1}")]
    [InlineData("{'v.$.foo.$': 1}")]
    [InlineData("{'$.v.$.foo': 1}")]
    public void A_positional_operator_inside_a_path_is_refused(string projection)
    {
        MongoError error = Assert.Throws<MongoError>(() => Projection.Parse(Shell.Doc(projection), null, QueryContext.Create()));
        Assert.Equal(31394, error.Code);
        Assert.StartsWith("As of 4.4, it's illegal to specify positional operator in the middle of a path.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "{v: [1]}", "{'v.$': 1}", 51246, "positional operator '.$' couldn't find a matching element in the array")]
    [InlineData("{v: 42}", "{v: [1, 42], w: [1]}", "{'w.$': 1}", 51247, "positional operator '.$' element mismatch")]
    public void A_positional_operator_needs_a_matched_element(string filter, string document, string projection, int code, string message)
    {
        var context = QueryContext.Create();
        Projection parsed = Projection.Parse(Shell.Doc(projection), Matcher.Parse(Shell.Doc(filter), context), context)!;
        MongoError error = Assert.Throws<MongoError>(() => parsed.Apply(Shell.Doc(document)));
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Fact]
    public void An_empty_projection_is_none() => Assert.Null(Projection.Parse(Shell.Doc("{}"), null, QueryContext.Create()));

    private static void Check(string document, string projection, string expected) => Assert.Equal(
        Shell.Normal(expected),
        Shell.Print(Projection.Parse(Shell.Doc(projection), null, QueryContext.Create())!.Apply(Shell.Doc(document))));
}
