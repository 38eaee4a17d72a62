using MongoDB.Bson;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>
/// A document of a collection, mapped by hand in one place. The driver's class maps read types by reflection and generate code at run
/// time, neither of which a native binary can rely on; and what is stored is visible here, name by name.
/// </summary>
internal interface IDocument<TSelf> where TSelf : IDocument<TSelf>
{
    ObjectId Id { get; }

    BsonDocument ToBson();

    static abstract TSelf FromBson(BsonDocument bson);
}

/// <summary>Field names that every document has.</summary>
internal static class DocumentFields
{
    public const string Id = "_id";
    public const string CreatedAt = "createdAt";
    public const string UpdatedAt = "updatedAt";
}
