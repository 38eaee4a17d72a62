using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public class AggregateTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("[{$match: {age: {$gte: 12}}}, {$sort: {_id: 1}}, {$project: {name: 1}}]", "[{_id: 2, name: 'B'}, {_id: 3, name: 'C'}]")]
    [InlineData("[{$group: {_id: '$class', n: {$sum: 1}, avg: {$avg: '$age'}}}, {$sort: {_id: 1}}]", "[{_id: 'x', n: 2, avg: 11.0}, {_id: 'y', n: 1, avg: 13.0}]")]
    [InlineData("[{$sort: {age: -1}}, {$skip: 1}, {$limit: 1}, {$project: {_id: 1}}]", "[{_id: 2}]")]
    [InlineData("[{$unwind: '$courses'}, {$group: {_id: '$courses', n: {$sum: 1}}}, {$sort: {_id: 1}}]", "[{_id: 10, n: 2}, {_id: 11, n: 1}]")]
    [InlineData("[{$match: {_id: 1}}, {$lookup: {from: 'courses', localField: 'courses', foreignField: '_id', as: 'courses'}}, {$project: {courses: 1}}]", "[{_id: 1, courses: [{_id: 10, title: 'Maths'}, {_id: 11, title: 'Art'}]}]")]
    [InlineData("[{$match: {class: 'x'}}, {$count: 'n'}]", "[{n: 2}]")]
    [InlineData("[{$match: {_id: 1}}, {$addFields: {older: {$add: ['$age', 1]}}}, {$project: {older: 1}}]", "[{_id: 1, older: 11}]")]
    [InlineData("[{$facet: {all: [{$count: 'n'}], x: [{$match: {class: 'x'}}, {$count: 'n'}]}}]", "[{all: [{n: 3}], x: [{n: 2}]}]")]
    [InlineData("[]", "[{_id: 1}, {_id: 2}, {_id: 3}]")]
    public async Task A_pipeline_yields(string pipeline, string expected)
    {
        IMongoCollection<BsonDocument> students = await School();
        List<BsonDocument> found = await Aggregate(students, pipeline);
        BsonArray wanted = MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonArray>(expected);
        Assert.Equal(wanted.Count, found.Count);
        for (int i = 0; i < found.Count; i++)
        {
            foreach (BsonElement element in wanted[i].AsBsonDocument)
            {
                Assert.Equal(element.Value, found[i][element.Name]);
            }
        }
    }

    [Fact]
    public async Task A_look_up_by_an_indexed_field_uses_the_index()
    {
        IMongoCollection<BsonDocument> students = await School();
        IMongoCollection<BsonDocument> grades = students.Database.GetCollection<BsonDocument>("grades");
        await grades.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{student: 1}"), cancellationToken: Cancel);
        await grades.InsertManyAsync(Enumerable.Range(0, 3000).Select(i => new BsonDocument { { "_id", i }, { "student", i % 1000 } }), cancellationToken: Cancel);
        List<BsonDocument> found = await Aggregate(
            students, "[{$lookup: {from: 'grades', localField: '_id', foreignField: 'student', as: 'g'}}, {$sort: {_id: 1}}]");
        Assert.All(found, d => Assert.Equal(3, d["g"].AsBsonArray.Count));
    }

    [Fact]
    public async Task A_leading_match_and_sort_are_planned_like_a_find()
    {
        IMongoCollection<BsonDocument> students = await School();
        await students.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{class: 1, age: 1}"), cancellationToken: Cancel);
        BsonDocument reply = await students.Database.RunCommandAsync<BsonDocument>(
            BsonDocument.Parse("{aggregate: 'students', pipeline: [{$match: {class: 'x'}}, {$sort: {age: -1}}, {$limit: 1}], explain: true}"), cancellationToken: Cancel);
        string plan = reply["queryPlanner"]["winningPlan"].ToString()!;
        Assert.Contains("IXSCAN", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("\"SORT\"", plan, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(await Aggregate(students, "[{$match: {class: 'x'}}, {$sort: {age: -1}}, {$limit: 1}]"))["_id"]);
    }

    [Fact]
    public async Task Results_come_in_batches()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        await items.InsertManyAsync(Enumerable.Range(0, 500).Select(i => new BsonDocument("_id", i)), cancellationToken: Cancel);
        using IAsyncCursor<BsonDocument> cursor = await items.AggregateAsync<BsonDocument>(
            new[] { BsonDocument.Parse("{$match: {_id: {$gte: 100}}}") }, new AggregateOptions { BatchSize = 30 }, Cancel);
        int count = 0;
        while (await cursor.MoveNextAsync(Cancel))
        {
            Assert.InRange(cursor.Current.Count(), 0, 30);
            count += cursor.Current.Count();
        }
        Assert.Equal(400, count);
    }

    [Fact]
    public async Task Variables_of_let_reach_the_stages()
    {
        IMongoCollection<BsonDocument> students = await School();
        BsonDocument reply = await students.Database.RunCommandAsync<BsonDocument>(
            BsonDocument.Parse("{aggregate: 'students', pipeline: [{$match: {$expr: {$gt: ['$age', '$$limit']}}}, {$count: 'n'}], let: {limit: {$add: [11, 1]}}, cursor: {}}"), cancellationToken: Cancel);
        Assert.Equal(1, reply["cursor"]["firstBatch"][0]["n"]);
    }

    [Fact]
    public async Task A_pipeline_without_a_collection_needs_a_source()
    {
        IMongoDatabase database = fixture.NewDatabase();
        BsonDocument reply = await database.RunCommandAsync<BsonDocument>(
            BsonDocument.Parse("{aggregate: 1, pipeline: [{$documents: [{a: 1}]}, {$addFields: {b: 2}}], cursor: {}}"), cancellationToken: Cancel);
        Assert.Equal(BsonDocument.Parse("{a: 1, b: 2}"), reply["cursor"]["firstBatch"][0]);
        var e = await Assert.ThrowsAsync<MongoCommandException>(() => database.RunCommandAsync<BsonDocument>(
            BsonDocument.Parse("{aggregate: 1, pipeline: [{$match: {}}], cursor: {}}"), cancellationToken: Cancel));
        Assert.Equal(73, e.Code);
    }

    [Fact]
    public async Task Statistics_are_stages_too()
    {
        IMongoCollection<BsonDocument> students = await School();
        BsonDocument stats = Assert.Single(await Aggregate(students, "[{$collStats: {count: {}, storageStats: {}}}]"));
        Assert.Equal((3, 3), (stats["count"].ToInt32(), stats["storageStats"]["count"].ToInt32()));
        Assert.Equal("_id_", Assert.Single(await Aggregate(students, "[{$indexStats: {}}]"))["name"]);
    }

    private async Task<IMongoCollection<BsonDocument>> School()
    {
        IMongoDatabase database = fixture.NewDatabase();
        await database.GetCollection<BsonDocument>("courses").InsertManyAsync(
            [BsonDocument.Parse("{_id: 10, title: 'Maths'}"), BsonDocument.Parse("{_id: 11, title: 'Art'}")], cancellationToken: Cancel);
        IMongoCollection<BsonDocument> students = database.GetCollection<BsonDocument>("students");
        await students.InsertManyAsync(
        [
            BsonDocument.Parse("{_id: 1, name: 'A', age: 10, class: 'x', courses: [10, 11]}"),
            BsonDocument.Parse("{_id: 2, name: 'B', age: 12, class: 'x', courses: [10]}"),
            BsonDocument.Parse("{_id: 3, name: 'C', age: 13, class: 'y', courses: []}"),
        ], cancellationToken: Cancel);
        return students;
    }

    private static async Task<List<BsonDocument>> Aggregate(IMongoCollection<BsonDocument> collection, string pipeline)
    {
        BsonDocument[] stages = [.. MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonArray>(pipeline).Select(s => s.AsBsonDocument)];
        return await (await collection.AggregateAsync<BsonDocument>(stages, cancellationToken: Cancel)).ToListAsync(Cancel);
    }
}
