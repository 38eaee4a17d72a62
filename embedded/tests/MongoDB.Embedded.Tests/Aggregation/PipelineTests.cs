using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Tests.Bson;

namespace MongoDB.Embedded.Tests.Aggregation;

/// <summary>"Aggregation Stages" in the manual, a stage a test. Each case: pipeline, input, output.</summary>
public class PipelineTests
{
    private const string Sales = """
        [{_id: 1, item: 'abc', price: 10, quantity: 2}, {_id: 2, item: 'jkl', price: 20, quantity: 1}, {_id: 3, item: 'xyz', price: 5, quantity: 10},
         {_id: 4, item: 'xyz', price: 5, quantity: 20}, {_id: 5, item: 'abc', price: 10, quantity: 10}]
        """;

    [Theory]
    [InlineData("[{$match: {item: 'abc', quantity: {$gt: 5}}}]", "[{_id: 5, item: 'abc', price: 10, quantity: 10}]")]
    [InlineData("[{$match: {}}, {$skip: 4}, {$project: {_id: 1}}]", "[{_id: 5}]")]
    [InlineData("[{$limit: 2}, {$project: {_id: 1}}]", "[{_id: 1}, {_id: 2}]")]
    [InlineData("[{$sort: {price: -1, _id: 1}}, {$limit: 3}, {$project: {_id: 1}}]", "[{_id: 2}, {_id: 1}, {_id: 5}]")]
    [InlineData("[{$sort: {item: 1}}, {$project: {_id: 1}}]", "[{_id: 1}, {_id: 5}, {_id: 2}, {_id: 3}, {_id: 4}]")]
    [InlineData("[{$sort: {_id: -1}}, {$limit: 3}, {$limit: 1}, {$project: {_id: 1}}]", "[{_id: 5}]")]
    [InlineData("[{$sort: {_id: -1}}, {$skip: 1}, {$limit: 2}, {$project: {_id: 1}}]", "[{_id: 4}, {_id: 3}]")]
    [InlineData("[{$skip: 0}, {$count: 'n'}]", "[{n: 5}]")]
    [InlineData("[{$match: {_id: 99}}, {$count: 'n'}]", "[]")]
    [InlineData("[{$sortByCount: '$price'}]", "[{_id: 10, count: 2}, {_id: 5, count: 2}, {_id: 20, count: 1}]")]
    [InlineData("[{$sample: {size: 100}}, {$count: 'n'}]", "[{n: 5}]")]
    [InlineData("[{$sample: {size: 2}}, {$count: 'n'}]", "[{n: 2}]")]
    [InlineData("[]", "same")]
    public void Match_sort_skip_limit_count_sample(string pipeline, string expected) => Check(pipeline, Sales, expected);

    [Theory]
    [InlineData("[{$group: {_id: '$item', total: {$sum: {$multiply: ['$price', '$quantity']}}, n: {$sum: 1}}}]", "[{_id: 'abc', total: 120, n: 2}, {_id: 'jkl', total: 20, n: 1}, {_id: 'xyz', total: 150, n: 2}]")]
    [InlineData("[{$group: {_id: null, avg: {$avg: '$quantity'}, n: {$count: {}}}}]", "[{_id: null, avg: 8.6, n: 5}]")]
    [InlineData("[{$group: {_id: '$none', n: {$sum: 1}}}]", "[{_id: null, n: 5}]")]
    [InlineData("[{$group: {_id: {i: '$item', x: '$none'}, ids: {$push: '$_id'}}}]", "[{_id: {i: 'abc'}, ids: [1, 5]}, {_id: {i: 'jkl'}, ids: [2]}, {_id: {i: 'xyz'}, ids: [3, 4]}]")]
    [InlineData("[{$group: {_id: null, prices: {$addToSet: '$price'}, low: {$min: '$price'}, high: {$max: '$quantity'}}}]", "[{_id: null, prices: [10, 20, 5], low: 5, high: 20}]")]
    [InlineData("[{$sort: {quantity: 1}}, {$group: {_id: '$item', first: {$first: '$_id'}, last: {$last: '$_id'}}}, {$sort: {_id: 1}}]", "[{_id: 'abc', first: 1, last: 5}, {_id: 'jkl', first: 2, last: 2}, {_id: 'xyz', first: 3, last: 4}]")]
    [InlineData("[{$group: {_id: null, none: {$first: '$none'}, sum: {$sum: '$none'}, avg: {$avg: '$none'}, max: {$max: '$none'}, list: {$push: '$none'}}}]", "[{_id: null, none: null, sum: 0, avg: null, max: null, list: []}]")]
    [InlineData("[{$group: {_id: null, m: {$mergeObjects: {a: '$_id', b: '$$REMOVE'}}, d: {$stdDevPop: '$price'}}}]", "[{_id: null, m: {a: 5}, d: 5.477225575051661}]")]
    [InlineData("[{$group: {_id: null, a: {$firstN: {input: '$_id', n: 2}}, b: {$lastN: {input: '$_id', n: 2}}, c: {$minN: {input: '$price', n: 2}}, d: {$maxN: {input: '$price', n: 2}}}}]", "[{_id: null, a: [1, 2], b: [4, 5], c: [5, 5], d: [20, 10]}]")]
    [InlineData("[{$group: {_id: null, t: {$top: {output: '$_id', sortBy: {quantity: -1}}}, tn: {$topN: {output: ['$item', '$quantity'], sortBy: {quantity: -1}, n: 2}}, b: {$bottom: {output: '$_id', sortBy: {quantity: -1}}}, bn: {$bottomN: {output: '$quantity', sortBy: {quantity: -1}, n: 2}}}}]", "[{_id: null, t: 4, tn: [['xyz', 20], ['xyz', 10]], b: 2, bn: [2, 1]}]")]
    public void Group(string pipeline, string expected) => Check(pipeline, Sales, expected);

    [Fact]
    public void Group_takes_equal_numbers_of_any_type_as_one_key() => Check(
        "[{$group: {_id: '$a', n: {$sum: 1}}}]", "[{a: 1}, {a: 1.0}, {a: NumberLong(1)}, {a: NumberDecimal('1.00')}, {a: '1'}]", "[{_id: 1, n: 4}, {_id: '1', n: 1}]");

    [Theory]
    [InlineData("[{$unwind: '$sizes'}]", "[{_id: 1, sizes: 'S'}, {_id: 1, sizes: 'M'}, {_id: 3, sizes: 'M'}]")]
    [InlineData("[{$unwind: {path: '$sizes', includeArrayIndex: 'i'}}]", "[{_id: 1, sizes: 'S', i: NumberLong(0)}, {_id: 1, sizes: 'M', i: NumberLong(1)}, {_id: 3, sizes: 'M', i: null}]")]
    [InlineData("[{$unwind: {path: '$sizes', preserveNullAndEmptyArrays: true}}]", "[{_id: 1, sizes: 'S'}, {_id: 1, sizes: 'M'}, {_id: 2}, {_id: 3, sizes: 'M'}, {_id: 4}, {_id: 5, sizes: null}]")]
    [InlineData("[{$unwind: {path: '$none.x', preserveNullAndEmptyArrays: true}}, {$count: 'n'}]", "[{n: 5}]")]
    public void Unwind(string pipeline, string expected) => Check(
        pipeline, "[{_id: 1, sizes: ['S', 'M']}, {_id: 2, sizes: []}, {_id: 3, sizes: 'M'}, {_id: 4}, {_id: 5, sizes: null}]", expected);

    [Fact]
    public void Unwind_reaches_into_documents() => Check(
        "[{$unwind: '$a.b'}]", "[{a: {b: [1, 2], c: 3}, d: 4}]", "[{a: {b: 1, c: 3}, d: 4}, {a: {b: 2, c: 3}, d: 4}]");

    [Theory]
    [InlineData("[{$addFields: {total: {$sum: '$h'}}}]", "[{_id: 1, h: [10, 5], s: {x: 1}, total: 15}]")]
    [InlineData("[{$set: {'s.y': 2, h: '$$REMOVE'}}]", "[{_id: 1, s: {x: 1, y: 2}}]")]
    [InlineData("[{$set: {s: {y: 2}}}]", "[{_id: 1, h: [10, 5], s: {x: 1, y: 2}}]")]
    [InlineData("[{$set: {_id: 9, h: {$concatArrays: ['$h', [7]]}}}]", "[{_id: 9, h: [10, 5, 7], s: {x: 1}}]")]
    [InlineData("[{$unset: ['h', 's.x']}]", "[{_id: 1, s: {}}]")]
    [InlineData("[{$project: {_id: 0, n: {$size: '$h'}, s: 1}}]", "[{s: {x: 1}, n: 2}]")]
    [InlineData("[{$project: {h: 0}}]", "[{_id: 1, s: {x: 1}}]")]
    [InlineData("[{$project: {v: {$slice: ['$h', 1]}}}]", "[{_id: 1, v: [10]}]")]
    [InlineData("[{$replaceRoot: {newRoot: '$s'}}]", "[{x: 1}]")]
    [InlineData("[{$replaceWith: {$mergeObjects: [{z: 0}, '$s']}}]", "[{z: 0, x: 1}]")]
    public void Fields(string pipeline, string expected) => Check(pipeline, "[{_id: 1, h: [10, 5], s: {x: 1}}]", expected);

    [Theory]
    [InlineData(
        "[{$lookup: {from: 'inventory', localField: 'item', foreignField: 'sku', as: 'docs'}}]",
        "[{_id: 1, item: 'almonds', docs: [{_id: 1, sku: 'almonds', n: 120}]}, {_id: 2, item: 'pecans', docs: [{_id: 4, sku: 'pecans', n: 70}]}, {_id: 3, docs: [{_id: 5, sku: null}, {_id: 6}]}, {_id: 4, item: ['almonds', 'pecans'], docs: [{_id: 1, sku: 'almonds', n: 120}, {_id: 4, sku: 'pecans', n: 70}]}, {_id: 5, item: [], docs: []}]")]
    [InlineData(
        "[{$limit: 2}, {$lookup: {from: 'inventory', let: {i: '$item'}, pipeline: [{$match: {$expr: {$eq: ['$sku', '$$i']}}}, {$project: {_id: 0, n: 1}}], as: 'docs'}}]",
        "[{_id: 1, item: 'almonds', docs: [{n: 120}]}, {_id: 2, item: 'pecans', docs: [{n: 70}]}]")]
    [InlineData(
        "[{$limit: 2}, {$lookup: {from: 'inventory', localField: 'item', foreignField: 'sku', let: {least: 100}, pipeline: [{$match: {$expr: {$gte: ['$n', '$$least']}}}], as: 'docs'}}]",
        "[{_id: 1, item: 'almonds', docs: [{_id: 1, sku: 'almonds', n: 120}]}, {_id: 2, item: 'pecans', docs: []}]")]
    [InlineData(
        "[{$limit: 2}, {$project: {_id: 1}}, {$lookup: {from: 'inventory', pipeline: [{$match: {n: {$gt: 100}}}, {$count: 'c'}], as: 'docs'}}]",
        "[{_id: 1, docs: [{c: 1}]}, {_id: 2, docs: [{c: 1}]}]")]
    [InlineData(
        "[{$limit: 1}, {$lookup: {pipeline: [{$documents: [{x: 1}, {x: 2}]}, {$match: {x: 2}}], as: 'docs'}}]",
        "[{_id: 1, item: 'almonds', docs: [{x: 2}]}]")]
    [InlineData(
        "[{$limit: 1}, {$lookup: {from: 'none', localField: 'item', foreignField: 'sku', as: 'a.b'}}]",
        "[{_id: 1, item: 'almonds', a: {b: []}}]")]
    [InlineData(
        "[{$limit: 1}, {$lookup: {from: 'inventory', let: {x: 1}, pipeline: [{$limit: 1}, {$lookup: {from: 'inventory', let: {y: 2}, pipeline: [{$limit: 1}, {$replaceWith: {x: '$$x', y: '$$y'}}], as: 'in'}}, {$project: {_id: 0, in: 1}}], as: 'out'}}]",
        "[{_id: 1, item: 'almonds', out: [{in: [{x: 1, y: 2}]}]}]")]
    [InlineData(
        "[{$limit: 2}, {$project: {_id: 1}}, {$lookup: {from: 'inventory', let: {x: '$_id'}, pipeline: [{$limit: 1}, {$lookup: {from: 'inventory', pipeline: [{$limit: 1}, {$replaceWith: {x: '$$x'}}], as: 'in'}}, {$project: {_id: 0, in: 1}}], as: 'out'}}]",
        "[{_id: 1, out: [{in: [{x: 1}]}]}, {_id: 2, out: [{in: [{x: 2}]}]}]")]
    public void Lookup(string pipeline, string expected) => Check(
        pipeline,
        "[{_id: 1, item: 'almonds'}, {_id: 2, item: 'pecans'}, {_id: 3}, {_id: 4, item: ['almonds', 'pecans']}, {_id: 5, item: []}]",
        expected);

    [Theory]
    [InlineData("[{$facet: {a: [{$count: 'n'}], b: [{$sort: {_id: -1}}, {$limit: 1}, {$project: {_id: 1}}], c: []}}, {$project: {a: 1, b: 1}}]", "[{a: [{n: 5}], b: [{_id: 5}]}]")]
    [InlineData("[{$bucket: {groupBy: '$quantity', boundaries: [0, 5, 15], default: 'Other'}}]", "[{_id: 0, count: 2}, {_id: 5, count: 2}, {_id: 'Other', count: 1}]")]
    [InlineData("[{$bucket: {groupBy: '$price', boundaries: [0, 10, 100], output: {n: {$sum: '$quantity'}, ids: {$push: '$_id'}}}}]", "[{_id: 0, n: 30, ids: [3, 4]}, {_id: 10, n: 13, ids: [1, 2, 5]}]")]
    [InlineData("[{$limit: 1}, {$project: {_id: 1}}, {$unionWith: {coll: 'inventory', pipeline: [{$match: {_id: 4}}, {$project: {sku: 1}}]}}]", "[{_id: 1}, {_id: 4, sku: 'pecans'}]")]
    [InlineData("[{$match: {_id: 0}}, {$unionWith: 'inventory'}, {$count: 'n'}]", "[{n: 4}]")]
    [InlineData("[{$limit: 1}, {$project: {_id: 1}}, {$unionWith: {pipeline: [{$documents: [{_id: 7}]}]}}]", "[{_id: 1}, {_id: 7}]")]
    [InlineData("[{$documents: [{a: 1}, {a: {$add: [1, 1]}}]}, {$match: {a: {$gt: 1}}}]", "[{a: 2}]")]
    public void Facet_bucket_unionWith_documents(string pipeline, string expected) => Check(pipeline, Sales, expected);

    [Fact]
    public void Streaming_stages_ask_for_no_more_than_they_need()
    {
        int taken = 0;
        IEnumerable<BsonDoc> Endless()
        {
            while (true)
            {
                taken++;
                yield return Shell.Doc($"{{_id: {taken}, a: [1, 2]}}");
            }
        }
        Pipeline pipeline = Parse("[{$match: {_id: {$gt: 2}}}, {$unwind: '$a'}, {$set: {b: 1}}, {$skip: 1}, {$limit: 2}]");
        Assert.Equal(["{_id: 3, a: 2, b: 1}", "{_id: 4, a: 1, b: 1}"], pipeline.Run(Endless()).Select(Shell.Print));
        Assert.Equal(4, taken);
    }

    [Fact]
    public void The_beginning_is_laid_open_for_the_planner()
    {
        Pipeline pipeline = Parse("[{$match: {a: 1}}, {$match: {b: {$gt: 2}}}, {$sort: {c: -1}}, {$limit: 5}, {$project: {a: 1}}]");
        Assert.Equal(["a", "b"], pipeline.LeadingMatch!.Conjuncts.Select(c => c.Path));
        Assert.Equal([("c", false)], pipeline.LeadingSort!.Fields);
        Assert.Equal(5, pipeline.LeadingLimit);
        BsonDoc[] sorted = [.. Enumerable.Range(0, 9).Select(i => Shell.Doc($"{{_id: {i}, a: 7}}"))];
        Assert.Equal(5, pipeline.Run(sorted, PipelineStart.AfterSort).Count());
        Assert.Equal(5, pipeline.Run(sorted, PipelineStart.AfterMatch).Count());
        Assert.Empty(pipeline.Run(sorted));
        Assert.Null(Parse("[{$project: {a: 1}}, {$match: {a: 1}}]").LeadingMatch);
        Assert.Equal(3, Parse("[{$limit: 3}]").LeadingLimit);
        Assert.True(Parse("[{$documents: []}]").IsSource);
    }

    [Fact]
    public void A_lookup_asks_its_source_by_equality_and_an_uncorrelated_one_only_once()
    {
        var source = new Collections();
        List<BsonDoc> outer = [Shell.Doc("{_id: 1, item: 'a'}"), Shell.Doc("{_id: 2, item: 'b'}")];
        var equality = Pipeline.Parse(
            Shell.Array("[{$lookup: {from: 'inventory', localField: 'item', foreignField: 'sku', as: 'd'}}]"), QueryContext.Create(), source, "db");
        Assert.Equal(2, equality.Run(outer).Count());
        Assert.Equal(["{ sku: { $eq: \"a\" } }", "{ sku: { $eq: \"b\" } }"], source.Filters);
        source.Filters.Clear();
        var uncorrelated = Pipeline.Parse(
            Shell.Array("[{$lookup: {from: 'inventory', pipeline: [{$match: {n: 1}}], as: 'd'}}]"), QueryContext.Create(), source, "db");
        Assert.Equal(2, uncorrelated.Run(outer).Count());
        Assert.Equal(["{ n: 1 }"], source.Filters);
    }

    private static void Check(string pipeline, string input, string expected)
    {
        BsonDoc[] documents = [.. Elements(input)];
        string[] output = [.. Parse(pipeline).Run(documents).Select(Shell.Print)];
        Assert.Equal(Elements(expected == "same" ? input : expected).Select(Shell.Print), output);
    }

    private static Pipeline Parse(string pipeline) => Pipeline.Parse(Shell.Array(pipeline), QueryContext.Create(), new Collections(), "db");

    private static List<BsonDoc> Elements(string array)
    {
        var documents = new List<BsonDoc>();
        foreach (BsonElement element in Shell.Array(array))
        {
            documents.Add(element.Value.AsDocument);
        }
        return documents;
    }

    private sealed class Collections : IPipelineSource
    {
        private static readonly List<BsonDoc> Inventory =
            Elements("[{_id: 1, sku: 'almonds', n: 120}, {_id: 4, sku: 'pecans', n: 70}, {_id: 5, sku: null}, {_id: 6}]");

        public List<string> Filters { get; } = [];

        public IEnumerable<BsonDoc> Find(string database, string collection, Matcher? filter)
        {
            Assert.Equal("db", database);
            Filters.Add(filter is null ? "all" : BsonText.ToShell(filter.Filter));
            return collection == "inventory" ? Inventory.Where(d => filter is null || filter.IsMatch(d)) : [];
        }
    }
}
