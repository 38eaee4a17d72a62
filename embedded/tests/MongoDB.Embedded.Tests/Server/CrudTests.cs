using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public class CrudTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task An_inserted_document_is_found_by_its_id()
    {
        IMongoCollection<BsonDocument> items = fixture.NewCollection();
        var document = new BsonDocument { { "name", "Ada" }, { "age", 36 } };
        await items.InsertOneAsync(document, cancellationToken: TestContext.Current.CancellationToken);
        BsonDocument found = await items.Find(new BsonDocument("_id", document["_id"])).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(document, found);
    }
}
