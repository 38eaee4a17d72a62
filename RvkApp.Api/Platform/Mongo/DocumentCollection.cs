using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Platform.Http;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>
/// A collection of <typeparamref name="T"/>. Filters and updates are BSON built from typed values, so that nothing a client sends can become an operator.
/// </summary>
internal sealed class DocumentCollection<T>(IMongoCollection<BsonDocument> collection) where T : class, IDocument<T>
{
    private static readonly BsonDocument All = [];
    private static readonly BsonDocument ById = new(DocumentFields.Id, 1);

    /// <summary>The collection for operations that only one feature has.</summary>
    public IMongoCollection<BsonDocument> Raw => collection;

    public Task<T?> FindAsync(ObjectId id, CancellationToken cancellationToken)
        => FindOneAsync(new BsonDocument(DocumentFields.Id, id), cancellationToken);

    public async Task<T?> FindOneAsync(BsonDocument filter, CancellationToken cancellationToken)
        => await collection.Find(filter).Limit(1).FirstOrDefaultAsync(cancellationToken) is { } found ? T.FromBson(found) : null;

    /// <summary>The documents that exist of those asked for, in one round trip.</summary>
    public async Task<IReadOnlyList<T>> FindManyAsync(IEnumerable<ObjectId> ids, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument(DocumentFields.Id, new BsonDocument("$in", new BsonArray(ids)));
        var found = await collection.Find(filter).ToListAsync(cancellationToken);
        return found.ConvertAll(T.FromBson);
    }

    /// <summary>A page in order of creation, and how many documents there are in all.</summary>
    public async Task<(IReadOnlyList<T> Items, long Total)> FindPageAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var total = collection.CountDocumentsAsync(All, cancellationToken: cancellationToken);
        var items = collection.Find(All).Sort(ById).Skip(page.Skip).Limit(page.Limit).ToListAsync(cancellationToken);
        await Task.WhenAll(total, items);
        return ((await items).ConvertAll(T.FromBson), await total);
    }

    /// <exception cref="DuplicateValueException">A unique index has the value already.</exception>
    public async Task InsertAsync(T document, CancellationToken cancellationToken)
    {
        try
        {
            await collection.InsertOneAsync(document.ToBson(), cancellationToken: cancellationToken);
        }
        catch (MongoWriteException exception) when (exception.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            throw DuplicateValueException.From(exception.WriteError.Message, exception);
        }
    }

    /// <summary>Sets fields of one document and returns its new state, or null when there is no such document.</summary>
    /// <exception cref="DuplicateValueException">A unique index has a new value already.</exception>
    public Task<T?> SetAsync(ObjectId id, BsonDocument fields, CancellationToken cancellationToken)
        => UpdateAsync(id, new BsonDocument("$set", fields), cancellationToken);

    /// <summary>Applies update operators to one document and returns its new state, or null when there is no such document.</summary>
    /// <exception cref="DuplicateValueException">A unique index has a new value already.</exception>
    public async Task<T?> UpdateAsync(ObjectId id, BsonDocument update, CancellationToken cancellationToken)
    {
        var options = new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After };
        try
        {
            var updated = await collection.FindOneAndUpdateAsync<BsonDocument>(new BsonDocument(DocumentFields.Id, id), update, options, cancellationToken);
            return updated is null ? null : T.FromBson(updated);
        }
        catch (MongoCommandException exception) when (exception.Code == DatabaseErrors.DuplicateKey)
        {
            throw DuplicateValueException.From(exception.ErrorMessage, exception);
        }
    }

    /// <returns>Whether there was such a document.</returns>
    public async Task<bool> DeleteAsync(ObjectId id, CancellationToken cancellationToken)
        => (await collection.DeleteOneAsync(new BsonDocument(DocumentFields.Id, id), cancellationToken)).DeletedCount == 1;
}
