using MongoDB.Bson;
using MongoDB.Driver;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>Index definitions. Creating one that exists already is a no-op on the server.</summary>
internal static class MongoIndexes
{
    /// <summary>What the names of unique indexes start with; the rest is the field as the API calls it.</summary>
    public const string UniquePrefix = "unique_";

    public static CreateIndexModel<BsonDocument> Unique(string field, string? apiName = null)
        => new(new BsonDocument(field, 1), new CreateIndexOptions { Name = UniquePrefix + (apiName ?? field), Unique = true });

    public static CreateIndexModel<BsonDocument> Plain(params string[] fields)
        => new(new BsonDocument(fields.Select(field => new BsonElement(field, 1))), new CreateIndexOptions { Name = string.Join('_', fields) });

    /// <summary>Documents disappear some time after the moment in <paramref name="field"/>; the server looks once a minute.</summary>
    public static CreateIndexModel<BsonDocument> ExpiresAt(string field)
        => new(new BsonDocument(field, 1), new CreateIndexOptions { Name = $"expires_{field}", ExpireAfter = TimeSpan.Zero });
}
