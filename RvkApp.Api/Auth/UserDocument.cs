using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Auth;

/// <summary>Somebody who can sign in.</summary>
internal sealed record UserDocument : IDocument<UserDocument>
{
    public const string EmailField = "email";
    public const string RoleField = "role";

    private const string UsernameField = "username";
    private const string UsernameKeyField = "usernameKey";
    private const string PasswordHashField = "passwordHash";

    public static readonly CreateIndexModel<BsonDocument>[] Indexes =
    [
        MongoIndexes.Unique(EmailField),
        // The username as it was chosen is for display; this one makes "Ann" and "ann" the same.
        MongoIndexes.Unique(UsernameKeyField, UsernameField),
    ];

    public required ObjectId Id { get; init; }

    public required string Username { get; init; }

    public required string Email { get; init; }

    public required string PasswordHash { get; init; }

    public required string Role { get; init; }

    public required DateTime CreatedAt { get; init; }

    public BsonDocument ToBson() => new()
    {
        { DocumentFields.Id, Id },
        { UsernameField, Username },
        { UsernameKeyField, Username.ToLowerInvariant() },
        { EmailField, Email },
        { PasswordHashField, PasswordHash },
        { RoleField, Role },
        { DocumentFields.CreatedAt, CreatedAt },
    };

    public static UserDocument FromBson(BsonDocument bson) => new()
    {
        Id = bson[DocumentFields.Id].AsObjectId,
        Username = bson[UsernameField].AsString,
        Email = bson[EmailField].AsString,
        PasswordHash = bson[PasswordHashField].AsString,
        Role = bson[RoleField].AsString,
        CreatedAt = bson[DocumentFields.CreatedAt].ToUniversalTime(),
    };
}
