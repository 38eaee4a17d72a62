using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Courses;

/// <summary>Something that is taught. Who attends and who teaches it is stored with them, see <see cref="IAttendee{TSelf}"/>.</summary>
internal sealed record CourseDocument : IDocument<CourseDocument>
{
    public const string TitleField = "title";
    public const string CodeField = "code";
    public const string CreditsField = "credits";

    public static readonly CreateIndexModel<BsonDocument>[] Indexes = [MongoIndexes.Unique(CodeField)];

    public required ObjectId Id { get; init; }

    public required string Title { get; init; }

    public required string Code { get; init; }

    public required int Credits { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; init; }

    public BsonDocument ToBson() => new()
    {
        { DocumentFields.Id, Id },
        { TitleField, Title },
        { CodeField, Code },
        { CreditsField, Credits },
        { DocumentFields.CreatedAt, CreatedAt },
        { DocumentFields.UpdatedAt, UpdatedAt },
    };

    public static CourseDocument FromBson(BsonDocument bson) => new()
    {
        Id = bson[DocumentFields.Id].AsObjectId,
        Title = bson[TitleField].AsString,
        Code = bson[CodeField].AsString,
        Credits = bson[CreditsField].ToInt32(),
        CreatedAt = bson[DocumentFields.CreatedAt].ToUniversalTime(),
        UpdatedAt = bson[DocumentFields.UpdatedAt].ToUniversalTime(),
    };
}
