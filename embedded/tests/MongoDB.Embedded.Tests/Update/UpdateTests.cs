using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;
using MongoDB.Embedded.Update;

namespace MongoDB.Embedded.Tests.Update;

/// <summary>"Update Operators" in the manual, an operator a test. A case whose document stays as it is must report no modification.</summary>
public class UpdateTests
{
    [Theory]
    [InlineData("{_id: 1, a: 1}", "{$set: {a: 2}}", "{_id: 1, a: 2}")]
    [InlineData("{_id: 1, a: 1}", "{$set: {b: 2}}", "{_id: 1, a: 1, b: 2}")]
    [InlineData("{_id: 1, a: 1, b: 2}", "{$set: {a: 'x'}}", "{_id: 1, a: 'x', b: 2}")]
    [InlineData("{_id: 1, a: 1}", "{$set: {a: 1}}", "{_id: 1, a: 1}")]
    [InlineData("{_id: 1, a: 1}", "{$set: {a: 1.0}}", "{_id: 1, a: 1.0}")]
    [InlineData("{_id: 1}", "{$set: {'a.b.c': 1}}", "{_id: 1, a: {b: {c: 1}}}")]
    [InlineData("{_id: 1, a: {x: 1}}", "{$set: {'a.b': 2}}", "{_id: 1, a: {x: 1, b: 2}}")]
    [InlineData("{_id: 1, a: [1, 2]}", "{$set: {'a.1': 9}}", "{_id: 1, a: [1, 9]}")]
    [InlineData("{_id: 1, a: [1]}", "{$set: {'a.3': 9}}", "{_id: 1, a: [1, null, null, 9]}")]
    [InlineData("{_id: 1, a: [{b: 1}]}", "{$set: {'a.0.b': 2, 'a.1.b': 3}}", "{_id: 1, a: [{b: 2}, {b: 3}]}")]
    [InlineData("{_id: 1}", "{$set: {'a.0': 1}}", "{_id: 1, a: {'0': 1}}")]
    [InlineData("{_id: 1}", "{$set: {z: 1, a: 2, 'm.y': 3, 'm.b': 4}}", "{_id: 1, a: 2, m: {b: 4, y: 3}, z: 1}")]
    [InlineData("{_id: 1, a: {}}", "{$set: {'a.10': 1, 'a.9': 2}}", "{_id: 1, a: {'9': 2, '10': 1}}")]
    [InlineData("{_id: 1, a: null}", "{$set: {a: {b: 1}}}", "{_id: 1, a: {b: 1}}")]
    [InlineData("{_id: 1, a: 1}", "{$set: {}}", "{_id: 1, a: 1}")]
    [InlineData("{_id: 1}", "{$set: {_id: 1, a: 1}}", "{_id: 1, a: 1}")]
    [InlineData("{_id: 1, a: 1}", "{$set: {a: {$x: 1}}}", "{_id: 1, a: {$x: 1}}")]
    public void Set(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1, a: 1, b: 2}", "{$unset: {a: ''}}", "{_id: 1, b: 2}")]
    [InlineData("{_id: 1, b: 2}", "{$unset: {a: ''}}", "{_id: 1, b: 2}")]
    [InlineData("{_id: 1, a: [1, 2, 3]}", "{$unset: {'a.1': 1}}", "{_id: 1, a: [1, null, 3]}")]
    [InlineData("{_id: 1, a: [1]}", "{$unset: {'a.5': 1}}", "{_id: 1, a: [1]}")]
    [InlineData("{_id: 1, a: {b: 1, c: 2}}", "{$unset: {'a.b': 1}}", "{_id: 1, a: {c: 2}}")]
    [InlineData("{_id: 1, a: 5}", "{$unset: {'a.b': 1}}", "{_id: 1, a: 5}")]
    [InlineData("{_id: 1, a: [{b: 1}]}", "{$unset: {'a.b': 1}}", "{_id: 1, a: [{b: 1}]}")]
    public void Unset(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1, a: 1}", "{$inc: {a: 2}}", "{_id: 1, a: 3}")]
    [InlineData("{_id: 1, a: 1}", "{$inc: {a: -2}}", "{_id: 1, a: -1}")]
    [InlineData("{_id: 1, a: 1}", "{$inc: {a: 0}}", "{_id: 1, a: 1}")]
    [InlineData("{_id: 1}", "{$inc: {a: 2}}", "{_id: 1, a: 2}")]
    [InlineData("{_id: 1, a: 1}", "{$inc: {a: 0.5}}", "{_id: 1, a: 1.5}")]
    [InlineData("{_id: 1, a: 1}", "{$inc: {a: NumberLong(1)}}", "{_id: 1, a: NumberLong(2)}")]
    [InlineData("{_id: 1, a: 2147483647}", "{$inc: {a: 1}}", "{_id: 1, a: NumberLong(2147483648)}")]
    [InlineData("{_id: 1, a: 1}", "{$inc: {a: NumberDecimal('0.10')}}", "{_id: 1, a: NumberDecimal('1.10')}")]
    [InlineData("{_id: 1, a: [1, 2]}", "{$inc: {'a.1': 5}}", "{_id: 1, a: [1, 7]}")]
    [InlineData("{_id: 1, a: 2}", "{$mul: {a: 3}}", "{_id: 1, a: 6}")]
    [InlineData("{_id: 1}", "{$mul: {a: NumberLong(3)}}", "{_id: 1, a: NumberLong(0)}")]
    [InlineData("{_id: 1}", "{$mul: {a: 3}}", "{_id: 1, a: 0}")]
    [InlineData("{_id: 1}", "{$mul: {a: 1.5}}", "{_id: 1, a: 0.0}")]
    [InlineData("{_id: 1, a: 2000000000}", "{$mul: {a: 2}}", "{_id: 1, a: NumberLong(4000000000)}")]
    [InlineData("{_id: 1, a: NumberDecimal('10.99')}", "{$mul: {a: NumberDecimal('1.25')}}", "{_id: 1, a: NumberDecimal('13.7375')}")]
    [InlineData("{_id: 1, a: 5}", "{$min: {a: 3}}", "{_id: 1, a: 3}")]
    [InlineData("{_id: 1, a: 5}", "{$min: {a: 7}}", "{_id: 1, a: 5}")]
    [InlineData("{_id: 1, a: 5}", "{$min: {a: 5.0}}", "{_id: 1, a: 5}")]
    [InlineData("{_id: 1, a: 5}", "{$max: {a: 7}}", "{_id: 1, a: 7}")]
    [InlineData("{_id: 1, a: 5}", "{$max: {a: 'x'}}", "{_id: 1, a: 'x'}")]
    [InlineData("{_id: 1, a: Date(5)}", "{$max: {a: Date(6)}}", "{_id: 1, a: Date(6)}")]
    [InlineData("{_id: 1}", "{$max: {a: 7}}", "{_id: 1, a: 7}")]
    [InlineData("{_id: 1, a: null}", "{$min: {a: 7}}", "{_id: 1, a: null}")]
    public void Inc_mul_min_max(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1, a: 1, c: 3}", "{$rename: {a: 'b'}}", "{_id: 1, c: 3, b: 1}")]
    [InlineData("{_id: 1, a: 1, b: 2}", "{$rename: {a: 'b'}}", "{_id: 1, b: 1}")]
    [InlineData("{_id: 1, a: {b: 1, c: 2}}", "{$rename: {'a.b': 'a.d'}}", "{_id: 1, a: {c: 2, d: 1}}")]
    [InlineData("{_id: 1, a: {c: {d: 6}}, b: 1}", "{$rename: {'a.c': 'b'}}", "{_id: 1, a: {}, b: {d: 6}}")]
    [InlineData("{_id: 1, a: 2}", "{$rename: {a: 'b.c.d'}}", "{_id: 1, b: {c: {d: 2}}}")]
    [InlineData("{_id: 1}", "{$rename: {a: 'b'}}", "{_id: 1}")]
    [InlineData("{_id: 1}", "{$rename: {'a.x': 'b.c'}}", "{_id: 1}")]
    [InlineData("{_id: 1, a: 1, c: 2}", "{$rename: {a: 'b'}, $set: {d: 3}}", "{_id: 1, c: 2, b: 1, d: 3}")]
    public void Rename(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1, a: [1]}", "{$push: {a: 2}}", "{_id: 1, a: [1, 2]}")]
    [InlineData("{_id: 1}", "{$push: {a: 2}}", "{_id: 1, a: [2]}")]
    [InlineData("{_id: 1, a: [1]}", "{$push: {a: [2, 3]}}", "{_id: 1, a: [1, [2, 3]]}")]
    [InlineData("{_id: 1, a: [1]}", "{$push: {a: {$each: [2, 3]}}}", "{_id: 1, a: [1, 2, 3]}")]
    [InlineData("{_id: 1, a: [1]}", "{$push: {a: {$each: []}}}", "{_id: 1, a: [1]}")]
    [InlineData("{_id: 1, a: [1, 2]}", "{$push: {a: {$each: [9], $position: 0}}}", "{_id: 1, a: [9, 1, 2]}")]
    [InlineData("{_id: 1, a: [1, 2]}", "{$push: {a: {$each: [9, 8], $position: -1}}}", "{_id: 1, a: [1, 9, 8, 2]}")]
    [InlineData("{_id: 1, a: [1]}", "{$push: {a: {$each: [9], $position: 10}}}", "{_id: 1, a: [1, 9]}")]
    [InlineData("{_id: 1, a: [40, 50, 60]}", "{$push: {a: {$each: [80, 78, 86], $slice: -5}}}", "{_id: 1, a: [50, 60, 80, 78, 86]}")]
    [InlineData("{_id: 1, a: [89, 90]}", "{$push: {a: {$each: [100, 20], $slice: 3}}}", "{_id: 1, a: [89, 90, 100]}")]
    [InlineData("{_id: 1, a: [89, 70, 89, 50]}", "{$push: {a: {$each: [], $slice: -3}}}", "{_id: 1, a: [70, 89, 50]}")]
    [InlineData("{_id: 1, a: [1]}", "{$push: {a: {$each: [2], $slice: 0}}}", "{_id: 1, a: []}")]
    [InlineData("{_id: 1, a: [89, 70, 89, 50]}", "{$push: {a: {$each: [40, 60], $sort: 1}}}", "{_id: 1, a: [40, 50, 60, 70, 89, 89]}")]
    [InlineData("{_id: 1, a: [89, 70]}", "{$push: {a: {$each: [], $sort: -1}}}", "{_id: 1, a: [89, 70]}")]
    [InlineData("{_id: 1, q: [{w: 1, s: 10}, {w: 2, s: 8}, {w: 3, s: 5}, {w: 4, s: 6}]}", "{$push: {q: {$each: [{w: 5, s: 8}, {w: 6, s: 7}, {w: 7, s: 6}], $sort: {s: -1}, $slice: 3}}}", "{_id: 1, q: [{w: 1, s: 10}, {w: 2, s: 8}, {w: 5, s: 8}]}")]
    [InlineData("{_id: 1, q: [{a: {b: 2}}, {a: {b: 1}}, {}]}", "{$push: {q: {$each: [], $sort: {'a.b': 1}}}}", "{_id: 1, q: [{}, {a: {b: 1}}, {a: {b: 2}}]}")]
    [InlineData("{_id: 1, a: {b: [1]}}", "{$push: {'a.b': 2, 'a.c': 3}}", "{_id: 1, a: {b: [1, 2], c: [3]}}")]
    public void Push(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1, a: ['x', 'y']}", "{$addToSet: {a: 'z'}}", "{_id: 1, a: ['x', 'y', 'z']}")]
    [InlineData("{_id: 1, a: ['x', 'y']}", "{$addToSet: {a: 'x'}}", "{_id: 1, a: ['x', 'y']}")]
    [InlineData("{_id: 1, a: [1]}", "{$addToSet: {a: 1.0}}", "{_id: 1, a: [1]}")]
    [InlineData("{_id: 1, a: ['x']}", "{$addToSet: {a: ['x', 'y']}}", "{_id: 1, a: ['x', ['x', 'y']]}")]
    [InlineData("{_id: 1, a: ['x']}", "{$addToSet: {a: {$each: ['y', 'x', 'y']}}}", "{_id: 1, a: ['x', 'y']}")]
    [InlineData("{_id: 1}", "{$addToSet: {a: {$each: ['y', 'y']}}}", "{_id: 1, a: ['y']}")]
    [InlineData("{_id: 1}", "{$addToSet: {a: {$each: []}}}", "{_id: 1, a: []}")]
    [InlineData("{_id: 1, a: [{x: 1, y: 2}]}", "{$addToSet: {a: {y: 2, x: 1}}}", "{_id: 1, a: [{x: 1, y: 2}, {y: 2, x: 1}]}")]
    public void AddToSet(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1, f: ['apples', 'pears', 'oranges'], v: ['carrots', 'celery']}", "{$pull: {f: {$in: ['apples', 'oranges']}, v: 'carrots'}}", "{_id: 1, f: ['pears'], v: ['celery']}")]
    [InlineData("{_id: 1, a: [3, 5, 6, 7, 7, 8]}", "{$pull: {a: {$gte: 6}}}", "{_id: 1, a: [3, 5]}")]
    [InlineData("{_id: 1, r: [{item: 'A', score: 5}, {item: 'B', score: 8}]}", "{$pull: {r: {score: 8, item: 'B'}}}", "{_id: 1, r: [{item: 'A', score: 5}]}")]
    [InlineData("{_id: 1, r: [{score: [{q: 1}, {q: 2}]}, {score: [{q: 3}]}]}", "{$pull: {r: {score: {$elemMatch: {q: 2}}}}}", "{_id: 1, r: [{score: [{q: 3}]}]}")]
    [InlineData("{_id: 1, a: [1, 2]}", "{$pull: {a: 3}}", "{_id: 1, a: [1, 2]}")]
    [InlineData("{_id: 1, a: [1, 1.0, '1']}", "{$pull: {a: 1}}", "{_id: 1, a: ['1']}")]
    [InlineData("{_id: 1, a: [[1, 2], 1, 2]}", "{$pull: {a: [1, 2]}}", "{_id: 1, a: [1, 2]}")]
    [InlineData("{_id: 1, a: [[1, 9], 1]}", "{$pull: {a: {$gt: 5}}}", "{_id: 1, a: [1]}")]
    [InlineData("{_id: 1, a: ['ab', 'cb', 1]}", "{$pull: {a: /^a/}}", "{_id: 1, a: ['cb', 1]}")]
    [InlineData("{_id: 1, a: [null, 1, null]}", "{$pull: {a: null}}", "{_id: 1, a: [1]}")]
    [InlineData("{_id: 1, a: [{x: 1}, {x: 2}, 3]}", "{$pull: {a: {x: {$gt: 1}}}}", "{_id: 1, a: [{x: 1}, 3]}")]
    [InlineData("{_id: 1}", "{$pull: {a: 1}}", "{_id: 1}")]
    [InlineData("{_id: 1, a: [0, 2, 5, 5, 1, 0]}", "{$pullAll: {a: [0, 5]}}", "{_id: 1, a: [2, 1]}")]
    [InlineData("{_id: 1, a: [{x: 1}, {x: 1, y: 2}]}", "{$pullAll: {a: [{x: 1}]}}", "{_id: 1, a: [{x: 1, y: 2}]}")]
    [InlineData("{_id: 1, a: [8, 9, 10]}", "{$pop: {a: -1}}", "{_id: 1, a: [9, 10]}")]
    [InlineData("{_id: 1, a: [8, 9, 10]}", "{$pop: {a: 1}}", "{_id: 1, a: [8, 9]}")]
    [InlineData("{_id: 1, a: []}", "{$pop: {a: 1}}", "{_id: 1, a: []}")]
    [InlineData("{_id: 1}", "{$pop: {a: 1}}", "{_id: 1}")]
    public void Pull_pullAll_pop(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1, a: 13}", "{$bit: {a: {and: 10}}}", "{_id: 1, a: 8}")]
    [InlineData("{_id: 1, a: 3}", "{$bit: {a: {or: 5}}}", "{_id: 1, a: 7}")]
    [InlineData("{_id: 1, a: 1}", "{$bit: {a: {xor: 5}}}", "{_id: 1, a: 4}")]
    [InlineData("{_id: 1, a: 3}", "{$bit: {a: {and: NumberLong(1)}}}", "{_id: 1, a: NumberLong(1)}")]
    [InlineData("{_id: 1}", "{$bit: {a: {or: 5}}}", "{_id: 1, a: 5}")]
    [InlineData("{_id: 1, a: 12}", "{$bit: {a: {and: 10, or: 1}}}", "{_id: 1, a: 9}")]
    [InlineData("{_id: 1, a: 3}", "{$bit: {a: {or: 1}}}", "{_id: 1, a: 3}")]
    public void Bit(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1}", "{$currentDate: {d: true}}", "{_id: 1, d: Date(1700000000123)}")]
    [InlineData("{_id: 1}", "{$currentDate: {d: {$type: 'date'}}}", "{_id: 1, d: Date(1700000000123)}")]
    [InlineData("{_id: 1, d: 5}", "{$currentDate: {d: {$type: 'timestamp'}}}", "{_id: 1, d: Timestamp(1700000000, 1)}")]
    [InlineData("{_id: 1, a: 1}", "{$setOnInsert: {b: 2, a: 5}}", "{_id: 1, a: 1}")]
    [InlineData("{_id: 1, a: 1}", "{$setOnInsert: {'c.d': 2}, $inc: {a: 1}}", "{_id: 1, a: 2}")]
    public void CurrentDate_and_setOnInsert(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{g: 80}", "{_id: 1, g: [85, 80, 80]}", "{$set: {'g.$': 82}}", "{_id: 1, g: [85, 82, 80]}")]
    [InlineData("{'g.grade': 85}", "{_id: 4, g: [{grade: 80, std: 8}, {grade: 85, std: 5}]}", "{$set: {'g.$.std': 6}}", "{_id: 4, g: [{grade: 80, std: 8}, {grade: 85, std: 6}]}")]
    [InlineData("{g: {$elemMatch: {grade: {$lte: 90}, mean: {$gt: 80}}}}", "{_id: 5, g: [{grade: 80, mean: 75}, {grade: 85, mean: 90}]}", "{$inc: {'g.$.grade': 1}}", "{_id: 5, g: [{grade: 80, mean: 75}, {grade: 86, mean: 90}]}")]
    [InlineData("{a: 2}", "{_id: 1, a: [1, 2, 3]}", "{$unset: {'a.$': 1}}", "{_id: 1, a: [1, null, 3]}")]
    public void Positional(string filter, string document, string update, string expected)
    {
        var context = QueryContext.Create();
        Assert.True(Matcher.Parse(Shell.Doc(filter), context).IsMatch(Shell.Doc(document), out MatchDetails details));
        UpdateOutcome outcome = UpdateProgram.Parse(Shell.Value(update), null, context).Apply(Shell.Doc(document), details);
        Assert.Equal(Shell.Normal(expected), Shell.Print(outcome.Result));
        Assert.True(outcome.Modified);
    }

    [Theory]
    [InlineData("{_id: 1, g: [85, 82, 80]}", "{$inc: {'g.$[]': 10}}", "[]", "{_id: 1, g: [95, 92, 90]}")]
    [InlineData("{_id: 1, g: [{q: [1, 2]}, {q: [3]}]}", "{$inc: {'g.$[].q.$[]': 1}}", "[]", "{_id: 1, g: [{q: [2, 3]}, {q: [4]}]}")]
    [InlineData("{_id: 1, g: [95, 102, 90, 150]}", "{$set: {'g.$[e]': 100}}", "[{e: {$gte: 100}}]", "{_id: 1, g: [95, 100, 90, 100]}")]
    [InlineData("{_id: 1, g: [{grade: 80, mean: 75}, {grade: 85, mean: 90}]}", "{$set: {'g.$[e].mean': 100}}", "[{'e.grade': {$gte: 85}}]", "{_id: 1, g: [{grade: 80, mean: 75}, {grade: 85, mean: 100}]}")]
    [InlineData("{_id: 1, g: [{t: 'quiz', q: [10, 8, 5]}, {t: 'exam', q: [9]}]}", "{$inc: {'g.$[t].q.$[s]': 90}}", "[{'t.t': 'quiz'}, {s: {$gte: 8}}]", "{_id: 1, g: [{t: 'quiz', q: [100, 98, 5]}, {t: 'exam', q: [9]}]}")]
    [InlineData("{_id: 1, g: [1, 2]}", "{$set: {'g.$[e]': 0}}", "[{e: 9}]", "{_id: 1, g: [1, 2]}")]
    [InlineData("{_id: 1, g: [{a: 1, b: 1}, {a: 2, b: 2}]}", "{$set: {'g.$[x].c': 1, 'g.$[y].d': 2}}", "[{'x.a': 1}, {'y.b': {$gte: 1}}]", "{_id: 1, g: [{a: 1, b: 1, c: 1, d: 2}, {a: 2, b: 2, d: 2}]}")]
    [InlineData("{_id: 1, g: [{a: 1}, {a: 5}]}", "{$unset: {'g.$[e].a': 1}}", "[{$or: [{'e.a': 1}, {'e.a': 2}]}]", "{_id: 1, g: [{}, {a: 5}]}")]
    [InlineData("{_id: 1, g: []}", "{$set: {'g.$[]': 1}}", "[]", "{_id: 1, g: []}")]
    public void Array_updates(string document, string update, string filters, string expected)
    {
        var program = UpdateProgram.Parse(Shell.Value(update), Shell.Array(filters), QueryContext.Create());
        UpdateOutcome outcome = program.Apply(Shell.Doc(document), default);
        Assert.Equal(Shell.Normal(expected), Shell.Print(outcome.Result));
        Assert.Equal(Shell.Normal(document) != Shell.Normal(expected), outcome.Modified);
    }

    [Theory]
    [InlineData("{_id: 1, a: 1}", "{b: 2}", "{_id: 1, b: 2}")]
    [InlineData("{_id: 1, a: 1}", "{b: 2, _id: 1}", "{_id: 1, b: 2}")]
    [InlineData("{_id: 1, a: 1}", "{}", "{_id: 1}")]
    [InlineData("{_id: 1, a: 1}", "{a: 1}", "{_id: 1, a: 1}")]
    [InlineData("{_id: 1, a: 1}", "{'a.b': 1, c: {$d: 1}}", "{_id: 1, 'a.b': 1, c: {$d: 1}}")]
    [InlineData("{_id: 1}", "{t: Timestamp(0, 0)}", "{_id: 1, t: Timestamp(1700000000, 1)}")]
    public void Replacement(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 1, a: 1, b: 2}", "[{$set: {c: '$a', b: {$eq: ['$b', 2]}}}]", "{_id: 1, a: 1, b: true, c: 1}")]
    [InlineData("{_id: 1, a: 1, b: 2}", "[{$addFields: {c: 5}}, {$unset: 'a'}]", "{_id: 1, b: 2, c: 5}")]
    [InlineData("{_id: 1, a: 1, b: 2}", "[{$unset: ['a', 'b']}]", "{_id: 1}")]
    [InlineData("{_id: 1, a: 1, b: 2}", "[{$project: {b: 1}}]", "{_id: 1, b: 2}")]
    [InlineData("{_id: 1, a: {x: 1}}", "[{$replaceWith: '$a'}]", "{_id: 1, x: 1}")]
    [InlineData("{_id: 1, a: {x: 1}}", "[{$replaceRoot: {newRoot: {y: '$a.x'}}}]", "{_id: 1, y: 1}")]
    [InlineData("{_id: 1, a: 1}", "[]", "{_id: 1, a: 1}")]
    [InlineData("{_id: 1, a: 1}", "[{$set: {n: '$$NOW'}}]", "{_id: 1, a: 1, n: Date(1700000000123)}")]
    public void Pipeline(string document, string update, string expected) => Check(document, update, expected);

    [Theory]
    [InlineData("{_id: 5, a: 1}", "{$set: {b: 2}}", "{_id: 5, a: 1, b: 2}")]
    [InlineData("{_id: 5, a: {$eq: 1}, b: {$gt: 3}}", "{$set: {c: 2}}", "{_id: 5, a: 1, c: 2}")]
    [InlineData("{_id: 5, 'a.b': 1}", "{$set: {'a.c': 2}}", "{_id: 5, a: {b: 1, c: 2}}")]
    [InlineData("{$and: [{_id: 5}, {a: 1}]}", "{$setOnInsert: {b: 2}}", "{_id: 5, a: 1, b: 2}")]
    [InlineData("{_id: 5, a: {$in: [1]}, b: {$in: [1, 2]}}", "{$inc: {n: 1}}", "{_id: 5, a: 1, n: 1}")]
    [InlineData("{_id: 5, $or: [{a: 1}]}", "{$set: {b: 2}}", "{_id: 5, a: 1, b: 2}")]
    [InlineData("{_id: 5, $or: [{a: 1}, {a: 2}]}", "{$set: {b: 2}}", "{_id: 5, b: 2}")]
    [InlineData("{_id: 5, a: 1}", "{$set: {a: 2}}", "{_id: 5, a: 2}")]
    [InlineData("{_id: 5, a: /x/}", "{$set: {b: 1}}", "{_id: 5, b: 1}")]
    [InlineData("{a: 1}", "{$set: {_id: 7}}", "{_id: 7, a: 1}")]
    [InlineData("{_id: 5, a: 1}", "{b: 2}", "{_id: 5, b: 2}")]
    [InlineData("{_id: 5, a: 1}", "[{$set: {b: '$a'}}]", "{_id: 5, a: 1, b: 1}")]
    [InlineData("{_id: 5, a: [1, 2]}", "{$push: {a: 3}}", "{_id: 5, a: [1, 2, 3]}")]
    public void Upsert(string query, string update, string expected)
    {
        var context = QueryContext.Create();
        var program = UpdateProgram.Parse(Shell.Value(update), null, context);
        Assert.Equal(Shell.Normal(expected), Shell.Print(program.ApplyForUpsert(Matcher.Parse(Shell.Doc(query), context))));
    }

    [Fact]
    public void An_upsert_without_an_id_makes_one_in_front()
    {
        var context = QueryContext.Create();
        BsonDoc result = UpdateProgram.Parse(Shell.Value("{$set: {b: 2}}"), null, context).ApplyForUpsert(Matcher.Parse(Shell.Doc("{a: 1}"), context));
        Assert.Equal("_id", result.First.Name);
        Assert.Equal(BsonType.ObjectId, result.First.Type);
        Assert.Equal(1, result["a"].AsInt32);
    }

    private static void Check(string document, string update, string expected)
    {
        var context = new QueryContext(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123).UtcDateTime);
        UpdateOutcome outcome = UpdateProgram.Parse(Shell.Value(update), null, context).Apply(Shell.Doc(document), default);
        Assert.Equal(Shell.Normal(expected), Shell.Print(outcome.Result));
        Assert.Equal(Shell.Normal(document) != Shell.Normal(expected), outcome.Modified);
        BsonDoc.Validate(outcome.Result.Span);
    }
}
